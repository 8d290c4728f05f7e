import { fourText, sixText } from "../address-texts.ts";
import { u32 } from "../big-endian.ts";
import type { Frame, Sample } from "./samples.ts";

/** What an agent adds to a packet: the users at its ends, and where it was translated to. */
export interface Remarks {
  readonly clientUser: string | null;
  readonly serverUser: string | null;
  readonly note: string | null;
}

const nothing: Remarks = { clientUser: null, serverUser: null, note: null };

/** Reads the records of users and translations of a sample. */
export function remarksOf({ user, nat }: Pick<Sample, "user" | "nat">): Remarks {
  if (user === null && nat === null) return nothing;
  const from = user === null ? null : textAt(user, user.at + 4);
  const to = user === null || from === null ? null : textAt(user, from.end + 4);
  return { clientUser: from?.text || null, serverUser: to?.text || null, note: nat === null ? null : translationOf(nat) };
}

const utf8 = new TextDecoder();
const textMax = 256;

interface Read {
  readonly text: string;
  readonly end: number;
}

/** An XDR string; null when it is longer than its record. */
function textAt({ bytes, end }: Frame, at: number): Read | null {
  if (at + 4 > end) return null;
  const length = u32(bytes, at);
  if (length > textMax || at + 4 + length > end) return null;
  return { text: utf8.decode(bytes.subarray(at + 4, at + 4 + length)), end: at + 4 + length + ((4 - (length % 4)) % 4) };
}

function translationOf(frame: Frame): string | null {
  const source = addressAt(frame, frame.at);
  const destination = source === null ? null : addressAt(frame, source.end);
  return source === null || destination === null ? null : `source translated to ${source.text}; destination translated to ${destination.text}`;
}

function addressAt({ bytes, end }: Frame, at: number): Read | null {
  if (at + 8 > end) return null;
  if (u32(bytes, at) === 1) return { text: fourText(u32(bytes, at + 4)), end: at + 8 };
  return u32(bytes, at) === 2 && at + 20 <= end ? { text: sixText(bytes, at + 4), end: at + 20 } : null;
}

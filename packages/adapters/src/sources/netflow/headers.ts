import { u16, u32 } from "../big-endian.ts";
import { type Template, templateOf } from "./template.ts";

/** What the header of a message says, whatever its version. */
export interface Header {
  readonly version: number;
  /** Bytes of the header, and of the whole message; Infinity where it does not say how many. */
  readonly size: number;
  readonly length: number;
  /** Records, where it counts them. */
  readonly count: number;
  /** Microseconds since 1970. */
  readonly exported: number;
  /** Milliseconds; -1 where it does not say it. */
  readonly uptime: number;
  /** Null in versions that do not number what they send. */
  readonly sequence: number | null;
  readonly domain: number;
  /** N for 1 in N packets, where the header says it. */
  readonly sampling: number | null;
}

interface Fixed {
  readonly header: number;
  readonly template: Template;
}

/** Versions whose records are always the same are read as if this template had come. Of the fields that nobody wants, number 210 is padding. */
const fixed: Readonly<Record<number, Fixed>> = {
  1: { header: 16, template: layout("8:4 12:4 15:4 10:2 14:2 2:4 1:4 22:4 21:4 7:2 11:2 210:2 4:1 5:1 6:1 210:11") },
  5: { header: 24, template: layout("8:4 12:4 15:4 10:2 14:2 2:4 1:4 22:4 21:4 7:2 11:2 210:1 6:1 4:1 5:1 16:2 17:2 9:1 13:1 210:2") },
  7: { header: 24, template: layout("8:4 12:4 15:4 10:2 14:2 2:4 1:4 22:4 21:4 7:2 11:2 210:1 6:1 4:1 5:1 16:2 17:2 9:1 13:1 210:2 210:4") },
};

function layout(text: string): Template {
  const fields = text.split(" ").map((field) => {
    const [element = 0, length = 0] = field.split(":").map(Number);
    return { enterprise: 0, element, length };
  });
  return templateOf(0, false, fields);
}

export const fixedTemplate = (version: number): Template | null => fixed[version]?.template ?? null;

/** Whether messages of this version can be read. */
export const isKnown = (version: number): boolean => version === 9 || version === 10 || fixed[version] !== undefined;

export const headerBytes = (version: number): number => fixed[version]?.header ?? (version === 9 ? 20 : 16);

/** Reads a header that is wholly there. */
export function headerAt(bytes: Uint8Array, at: number): Header {
  const version = u16(bytes, at);
  const count = u16(bytes, at + 2);
  const size = headerBytes(version);
  if (version === 10) {
    const exported = u32(bytes, at + 4) * 1_000_000;
    return { version, size, length: count, count: 0, exported, uptime: -1, sequence: u32(bytes, at + 8), domain: u32(bytes, at + 12), sampling: null };
  }
  const [uptime, seconds] = [u32(bytes, at + 4), u32(bytes, at + 8)];
  if (version === 9) {
    const [sequence, domain] = [u32(bytes, at + 12), u32(bytes, at + 16)];
    return { version, size, length: Infinity, count, exported: seconds * 1_000_000, uptime, sequence, domain, sampling: null };
  }
  const exported = seconds * 1_000_000 + Math.floor(Math.min(u32(bytes, at + 12), 999_999_999) / 1000);
  const length = size + count * (fixed[version]?.template.bytes ?? 0);
  return {
    version,
    size,
    length,
    count,
    exported,
    uptime,
    sequence: version === 1 ? null : u32(bytes, at + 16),
    // Type and slot of the engine.
    domain: version === 5 ? u16(bytes, at + 20) : 0,
    // The two high bits say how packets are chosen.
    sampling: version === 5 ? u16(bytes, at + 22) & 0x3fff : null,
  };
}

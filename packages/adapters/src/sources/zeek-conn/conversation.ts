import type { Direction } from "@bulkhead/core/model/connection";

/** The columns of conn.log that a record is made of; the place of a name is its slot. */
export const columns = [
  "ts",
  "id.orig_h",
  "id.orig_p",
  "id.resp_h",
  "id.resp_p",
  "proto",
  "duration",
  "conn_state",
  "history",
  "orig_pkts",
  "orig_ip_bytes",
  "resp_pkts",
  "resp_ip_bytes",
  "orig_bytes",
  "resp_bytes",
] as const;

/** The facts from which one tells who opened a conversation and whether anything answered; null where Zeek wrote nothing. */
export interface Evidence {
  readonly protocol: string;
  readonly state: string | null;
  readonly history: string | null;
  readonly packetsBack: number | null;
}

/** How it is known that Zeek's originator opened the conversation. */
export function directionOf({ protocol, history }: Pick<Evidence, "protocol" | "history">): Direction {
  if (protocol === "tcp") return isHandshake(history ?? "") ? "handshake" : "stated";
  // For the others the originator is who sent the first packet, unless Zeek turned the ends (`^`) by the look of the ports.
  return history?.startsWith("^") === true ? "stated" : "first-packet";
}

// docs.zeek.org, conn.log: `S` a SYN and `H` a SYN-ACK of the originator, `s` and `h` of the responder; letters before `^` are from before the turn.
function isHandshake(history: string): boolean {
  let isOpened = false;
  for (let at = history.length - 1; at >= 0; at -= 1) {
    const letter = history.charCodeAt(at);
    if (letter === 94) break;
    if (letter === 115 || letter === 72) return false;
    if (letter === 83 || letter === 104) isOpened = true;
  }
  return isOpened;
}

// conn_state of TCP: attempts that no server took. SHR (SYN-ACK and FIN seen, never the SYN) is half of a real conversation.
const refused: ReadonlySet<string> = new Set(["S0", "REJ", "RSTOS0", "SH", "RSTRH"]);

/** Whether anything answered, as far as Zeek can tell. */
export function isAnswered({ protocol, state, packetsBack }: Pick<Evidence, "protocol" | "state" | "packetsBack">): boolean | null {
  if (protocol === "tcp" && state !== null && state !== "OTH") return !refused.has(state);
  return packetsBack === null ? null : packetsBack > 0;
}

import type { Connection } from "@bulkhead/core/model/connection";
import type { Way } from "./one-way.ts";

// Answers and the requests before them, RFC 792 and 4443.
const answers: Readonly<Record<string, ReadonlyMap<number, number>>> = {
  icmp: new Map([
    [0, 8],
    [14, 13],
    [16, 15],
    [18, 17],
  ]),
  icmp6: new Map([[129, 128]]),
};

/** The way of an ICMP message by its type, and the type that opened the exchange. */
export function wayOfIcmp(protocol: string, type: number | null): Way & Pick<Connection, "icmpType"> {
  const known = answers[protocol];
  if (type === null || known === undefined) return { isReply: false, direction: "unknown", icmpType: null };
  const opener = known.get(type);
  if (opener !== undefined) return { isReply: true, direction: "stated", icmpType: opener };
  return { isReply: false, direction: [...known.values()].includes(type) ? "stated" : "unknown", icmpType: type };
}

import { ipOf } from "../../base/ip.ts";
import type { Connection } from "../../model/connection.ts";
import type { Question } from "../../model/question.ts";
import { told } from "../../telemetry/testing/told.ts";

const protocols: Readonly<Record<number, string>> = { 6: "tcp", 17: "udp", 132: "sctp", 1: "icmp", 58: "icmp6" };

/** A connection for a question between addresses at a time; each has ports of its own, so that none is joined with another. */
export function connectionFor({ from, to, over, at }: Question, index: number): readonly Connection[] {
  if (ipOf(from) === undefined || ipOf(to) === undefined || over === null || at === null) return [];
  const protocol = protocols[over.protocol] ?? String(over.protocol);
  const [isIcmp, hasPorts] = [over.protocol === 1 || over.protocol === 58, [6, 17, 132].includes(over.protocol)];
  const [clientPort, serverPort] = hasPorts ? [20_000 + index, over.port] : [null, null];
  return [
    told({
      client: from,
      server: to,
      clientPort,
      serverPort,
      protocol,
      icmpType: isIcmp ? over.port : null,
      first: at,
      last: at,
      record: index + 1,
    }),
  ];
}

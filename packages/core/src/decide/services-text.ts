import { pointText } from "./policy-words.ts";
import type { ServiceSpace } from "./service-space.ts";
import { protocolNumbers } from "../model/service.ts";

interface Range {
  readonly protocol: number;
  readonly low: number;
  readonly high: number;
}

/** Some intervals of a service space as policy text has them; `any other protocol` stands for those that no rule names. */
export function servicesText({ count, ranges }: ServiceSpace, intervals: readonly number[]): readonly string[] {
  if (intervals.length === count) return ["any"];
  const some = new Set(intervals);
  const joined: Range[] = [];
  for (const range of ranges) {
    if (!some.has(range.interval)) continue;
    const before = joined.at(-1);
    if (before !== undefined && before.protocol === range.protocol && before.high + 1 === range.low)
      joined[joined.length - 1] = { ...before, high: range.high };
    else joined.push(range);
  }
  return [...joined.map(rangeText), ...(some.has(0) ? ["any other protocol"] : [])];
}

const lastOf = (protocol: number): number => (protocol === protocolNumbers.icmp4 || protocol === protocolNumbers.icmp6 ? 255 : 65_535);

function rangeText({ protocol, low, high }: Range): string {
  const name = Object.entries(protocolNumbers).find(([, number]) => number === protocol)?.[0];
  if (name === undefined || low === high) return pointText({ protocol, port: low });
  return low === 0 && high === lastOf(protocol) ? `${name}/any` : `${name}/${low}-${high}`;
}

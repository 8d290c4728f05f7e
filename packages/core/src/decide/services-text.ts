import { coversService } from "./match.ts";
import { pointText } from "./policy-words.ts";
import type { ServiceSpace } from "./service-space.ts";
import { protocolNumbers, type ServicePoint } from "../model/service.ts";

interface Range {
  readonly protocol: number;
  readonly low: number;
  readonly high: number;
}

/** Some services of a space as policy text has them, and whether one is among them. */
export interface NamedServices {
  readonly text: string;
  readonly holds: (point: ServicePoint) => boolean;
}

/** Some intervals of a service space as policy text has them; `any other protocol` stands for those that no rule names. */
export const servicesText = (space: ServiceSpace, intervals: readonly number[]): readonly string[] => namedServices(space, intervals).map(({ text }) => text);

/** The same, each with what it holds. */
export function namedServices({ count, ranges }: ServiceSpace, intervals: readonly number[]): readonly NamedServices[] {
  if (intervals.length === count) return [{ text: "any", holds: () => true }];
  const some = new Set(intervals);
  const joined: Range[] = [];
  for (const range of ranges) {
    if (!some.has(range.interval)) continue;
    const before = joined.at(-1);
    if (before !== undefined && before.protocol === range.protocol && before.high + 1 === range.low)
      joined[joined.length - 1] = { ...before, high: range.high };
    else joined.push(range);
  }
  const isOther = ({ protocol }: ServicePoint): boolean => ranges.every((range) => range.protocol !== protocol);
  return [
    ...joined.map((range) => ({ text: rangeText(range), holds: (point: ServicePoint) => coversService(range, point) })),
    ...(some.has(0) ? [{ text: "any other protocol", holds: isOther }] : []),
  ];
}

const lastOf = (protocol: number): number => (protocol === protocolNumbers.icmp4 || protocol === protocolNumbers.icmp6 ? 255 : 65_535);

/** A stretch of one protocol as policy text has it: `tcp/443`, `tcp/8000-8010`, `udp/any`. */
export function rangeText({ protocol, low, high }: Range): string {
  const name = Object.entries(protocolNumbers).find(([, number]) => number === protocol)?.[0];
  if (name === undefined || low === high) return pointText({ protocol, port: low });
  return low === 0 && high === lastOf(protocol) ? `${name}/any` : `${name}/${low}-${high}`;
}

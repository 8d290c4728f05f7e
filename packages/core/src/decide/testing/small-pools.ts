/** testing/ makes small random worlds: few labels, addresses and days, so that what is drawn meets what is drawn. */
import type { Span } from "../../base/diagnostic.ts";
import { day, midnightOf, second } from "../../base/instant.ts";
import { type Ip, ipOf } from "../../base/ip.ts";
import { type Prefix, readPrefix } from "../../base/prefix.ts";
import type { Stage } from "../../model/policy-set.ts";

/** The label keys of a small world, each with its values. */
export const labelValues = { app: ["a", "b", "c"], env: ["prod", "dev"], role: ["x", "y"] } as const;
export type LabelName = keyof typeof labelValues;
export const labelNames = ["app", "env", "role"] as const;

export const zoneNames = ["red", "green", "blue"] as const;
export const networkNames = ["n1", "n2", "n3", "n4"] as const;
export const policyNames = ["p1", "p2", "p3"] as const;
export const identityNames = ["spiffe://x/a", "spiffe://x/b", "spiffe://y/a"] as const;
export const identityPatterns = ["spiffe://x/*", "spiffe://x/a", "spiffe://y/*"] as const;
export const stageNames: readonly Stage[] = ["enforce", "observe", "warn"];

/** Nested, overlapping, of both families, of two realms, public and private, and one host. */
export const prefixes: readonly Prefix[] = [
  "10.0.0.0/8",
  "10.1.0.0/16",
  "10.1.2.0/24",
  "10.1.2.3/32",
  "10.1.0.0/16%b",
  "10.1.2.0/24%b",
  "8.8.0.0/16",
  "8.8.8.0/24",
  "0.0.0.0/0",
  "0.0.0.0/0%b",
  "2001:db8::/32",
  "fd00::/8",
  "::/0",
].map(prefixNamed);

/** The addresses that those prefixes tell apart. */
export const addressTexts = [
  "10.1.2.3",
  "10.1.2.4",
  "10.1.9.9",
  "10.9.9.9",
  "10.1.2.3%b",
  "10.1.9.9%b",
  "8.8.8.8",
  "8.8.9.9",
  "9.9.9.9",
  "192.168.0.1",
  "2001:db8::1",
  "2a00::1",
  "fd00::1",
] as const;

const firstDay = midnightOf("2026-11-01")!;
/** Every border in time (of a rule, of a lease) is one of these midnights, so that bare dates can say them. */
export const borders = [0, 1, 2, 3].map((days) => firstDay + days * day);
/** Before, at and after each of them. */
export const moments = borders.flatMap((border) => [border, border - 1, border + second]);

/** Where everything of a small world was written. */
export const somewhere: Span = { file: "world.json", line: 1, column: 1, length: 1 };

function prefixNamed(text: string): Prefix {
  const reading = readPrefix(text);
  if (reading.kind !== "prefix") throw new Error(`${text} is no prefix`);
  return reading.prefix;
}

export function addressNamed(text: string): Ip {
  const ip = ipOf(text);
  if (ip === undefined) throw new Error(`${text} is no address`);
  return ip;
}

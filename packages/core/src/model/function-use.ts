import type { Instant } from "../base/instant.ts";

/** What a message of an industrial protocol does at its server: nothing but tell, change a value, change how the machine runs, keep the talk going. */
export type Effect = "read" | "write" | "control" | "session" | "unknown";

/** A function of an industrial protocol, named as policy names it: `modbus/3`. */
export interface IndustrialFunction {
  readonly function: string;
  /** As its specification calls it; null for a code that the specification leaves to vendors. */
  readonly name: string | null;
  readonly effect: Effect;
}

/** Messages of one function from a client to a server. */
export interface FunctionUse extends IndustrialFunction {
  /** Who tells it: `pcap`, or the kind of log. */
  readonly source: string;
  readonly client: string;
  readonly server: string;
  readonly protocol: "tcp" | "udp";
  readonly serverPort: number;
  readonly messages: number;
  readonly first: Instant | null;
  readonly last: Instant | null;
}

import { instantText } from "@bulkhead/core/base/instant";
import type { FunctionPair, PairFunction } from "@bulkhead/core/telemetry/functions/pairs";
import { printable } from "./context.ts";
import { counted } from "./counted.ts";

/** A pair with the workloads that held its addresses when it was first seen. */
export interface HeldPair extends FunctionPair {
  readonly clientWorkloads: readonly string[];
  readonly serverWorkloads: readonly string[];
}

/** Pairs as one JSON object; times as text. */
export function functionsJson(pairs: readonly HeldPair[]): string {
  const timeText = (at: number | null): string | null => (at === null ? null : instantText(at));
  const timed = pairs.map(({ functions, ...pair }) => ({
    ...pair,
    functions: functions.map((one) => ({ ...one, first: timeText(one.first), last: timeText(one.last) })),
  }));
  return `${printable(JSON.stringify({ pairs: timed }))}\n`;
}

const inWords = { true: "changes something", false: "only looks", null: "nobody can tell whether it changes something" } as const;

/** Each pair in a line, and under it what was asked. */
export function functionsText(pairs: readonly HeldPair[]): string {
  return pairs.map((pair) => [headOf(pair), ...rowsOf(pair.functions)].map((line) => `${printable(line)}\n`).join("")).join("");
}

function headOf({ client, clientWorkloads, server, serverWorkloads, protocol, serverPort, changes }: HeldPair): string {
  const named = (address: string, workloads: readonly string[]): string => (workloads.length === 0 ? address : `${workloads.join(" or ")} (${address})`);
  return `${named(client, clientWorkloads)} → ${named(server, serverWorkloads)} ${protocol}/${serverPort}: ${inWords[`${changes}`]}`;
}

function rowsOf(functions: readonly PairFunction[]): readonly string[] {
  const width = Math.max(...functions.map((one) => one.function.length));
  return functions.map(({ function: code, name, effect, messages }) =>
    `  ${code.padEnd(width)}  ${effect.padEnd(7)}  ${counted(messages, "message")}  ${name ?? ""}`.trimEnd(),
  );
}

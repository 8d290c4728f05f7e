import { Failure } from "@bulkhead/core/base/failure";
import { day, midnightOf } from "@bulkhead/core/base/instant";
import type { Flow } from "@bulkhead/core/model/flow";
import { stat } from "node:fs/promises";
import { boundedText } from "./bounded-text.ts";

const bytesMax = 16 << 20;

/** Declared cycles and releases none of whose dates lies within what was seen: nothing recommended can know what they need. */
export async function notYetSeen(path: string, flows: readonly Pick<Flow, "first" | "last">[]): Promise<readonly string[]> {
  const wrong = (why: string): Failure =>
    new Failure(`${path} is no calendar: ${why}`, 'write { "cycles": [ { "name": "year end", "kind": "yearly", "dates": ["2026-12-31"] } ] }');
  if ((await stat(path).catch(() => null)) === null) throw new Failure(`there is no calendar ${path}`, "name a JSON file with `cycles`");
  const cycles = cyclesIn(await boundedText(path, { bytesMax, next: "a calendar of that size is not read; split it" }), wrong);
  const first = flows.reduce((least, flow) => Math.min(least, flow.first ?? Infinity), Infinity);
  const last = flows.reduce((most, flow) => Math.max(most, flow.last ?? -Infinity), -Infinity);
  return cycles.flatMap(({ name, dates }) => {
    const starts = (Array.isArray(dates) ? dates : []).map((date) => midnightOf(String(date))).filter((at) => at !== undefined);
    return typeof name !== "string" || starts.length === 0 || starts.some((at) => at + day > first && at <= last) ? [] : [name];
  });
}

function cyclesIn(text: string, wrong: (why: string) => Failure): readonly { readonly name?: unknown; readonly dates?: unknown }[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  const cycles = (parsed as { readonly cycles?: unknown } | null)?.cycles;
  if (!Array.isArray(cycles)) throw wrong("it has no list `cycles`");
  return cycles.filter((one) => typeof one === "object" && one !== null) as readonly { readonly name?: unknown; readonly dates?: unknown }[];
}

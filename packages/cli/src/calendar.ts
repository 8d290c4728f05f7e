import { Failure } from "@bulkhead/core/base/failure";
import { day, midnightOf } from "@bulkhead/core/base/instant";
import type { DeclaredCycle } from "@bulkhead/core/map/completeness/declared-cycle";
import type { Flow } from "@bulkhead/core/model/flow";
import { stat } from "node:fs/promises";
import { boundedText } from "./bounded-text.ts";

const bytesMax = 16 << 20;
// Each cycle that is nobody's release is one more rhythm that a dependency may have.
const cyclesMax = 50;
const releasesMax = 20_000;
const datesMax = 5000;
// Longer is no name that anybody reads.
const nameMax = 200;

/** The cycles and releases that a calendar declares; dates are days of UTC since 1970-01-01. */
export async function declaredCycles(path: string): Promise<readonly DeclaredCycle[]> {
  const wrong = (why: string): Failure =>
    new Failure(`${path} is no calendar: ${why}`, 'write { "cycles": [ { "name": "year end", "kind": "yearly", "dates": ["2026-12-31"] } ] }');
  if ((await stat(path).catch(() => null)) === null) throw new Failure(`there is no calendar ${path}`, "name a JSON file with `cycles`");
  const cycles = cyclesIn(await boundedText(path, { bytesMax, next: "a calendar of that size is not read; split it" }), wrong);
  const read = cycles.flatMap((one, at) => cycleOf(one, at + 1, wrong));
  if (read.filter(({ app }) => app === null).length > cyclesMax) throw wrong(`it declares more than ${cyclesMax} cycles`);
  if (read.length > releasesMax) throw wrong(`it declares more than ${releasesMax} releases`);
  return read;
}

/** Declared cycles and releases none of whose dates lies within what was seen: nothing recommended can know what they need. */
export async function notYetSeen(path: string, flows: readonly Pick<Flow, "first" | "last">[]): Promise<readonly string[]> {
  const cycles = await declaredCycles(path);
  const first = flows.reduce((least, flow) => Math.min(least, flow.first ?? Infinity), Infinity);
  const last = flows.reduce((most, flow) => Math.max(most, flow.last ?? -Infinity), -Infinity);
  return cycles.filter(({ dates }) => dates.length > 0 && !dates.some((at) => (at + 1) * day > first && at * day <= last)).map(({ name }) => name);
}

interface Written {
  readonly name?: unknown;
  readonly kind?: unknown;
  readonly app?: unknown;
  readonly dates?: unknown;
}

function cycleOf({ name, kind, app, dates }: Written, number: number, wrong: (why: string) => Failure): readonly DeclaredCycle[] {
  // What nobody can name nobody can look for.
  if (typeof name !== "string") return [];
  if (dates !== undefined && !Array.isArray(dates)) throw wrong(`the dates of cycle ${number} are no list`);
  const written = (dates ?? []) as readonly unknown[];
  if (written.length > datesMax) throw wrong(`cycle ${number} has more than ${datesMax} dates`);
  const days = written.map((date) => {
    const at = midnightOf(String(date));
    if (at === undefined) throw wrong(`\`${String(date).slice(0, 40)}\` of cycle ${number} is no day such as 2026-12-31`);
    return at / day;
  });
  const text = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
  return [{ name: name.slice(0, nameMax), kind: text(kind) ?? "undeclared", app: text(app), dates: [...new Set(days)].sort((a, b) => a - b) }];
}

function cyclesIn(text: string, wrong: (why: string) => Failure): readonly Written[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
  const cycles = (parsed as { readonly cycles?: unknown } | null)?.cycles;
  if (!Array.isArray(cycles)) throw wrong("it has no list `cycles`");
  return cycles.filter((one) => typeof one === "object" && one !== null) as readonly Written[];
}

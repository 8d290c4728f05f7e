import { instantText } from "../base/instant.ts";
import type { Simulation } from "./simulation.ts";

const times: ReadonlySet<string> = new Set(["since", "until", "first", "last", "at"]);

/** A simulation as one JSON object, with the declared events that no date of its time brought; instants are RFC 3339 texts. */
export function simulationJson(simulation: Simulation & { readonly unseenEvents: readonly string[] }): string {
  return `${JSON.stringify(simulation, (key, value: unknown) => (times.has(key) && typeof value === "number" ? instantText(value) : value))}\n`;
}

import { instantText } from "../base/instant.ts";
import type { Simulation } from "./simulation.ts";

const times: ReadonlySet<string> = new Set(["since", "until", "first", "last", "at", "end"]);

/** A simulation, judged or not, as one JSON object; instants are RFC 3339 texts. */
export function simulationJson(simulation: Simulation | Omit<Simulation, "segments">): string {
  return `${JSON.stringify(simulation, (key, value: unknown) => (times.has(key) && typeof value === "number" ? instantText(value) : value))}\n`;
}

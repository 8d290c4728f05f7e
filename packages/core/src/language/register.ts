import type { Register } from "../model/policy-set.ts";
import type { Fields } from "./fields.ts";
import type { Reading } from "./reading.ts";
import { instantIn, textIn, textsIn } from "./values.ts";

/** Keys that change no verdict and fill the register; any rule, zone and policy may carry them. */
export const registerKeys = ["because", "owner", "approved-by", "ticket", "review", "agreement", "data-class", "controls"] as const;

/** Keys of the register that only a zone has. */
export const zoneRegisterKeys = [...registerKeys, "level", "trust"] as const;

const lists: ReadonlySet<string> = new Set(["agreement", "data-class", "controls"]);

/** What the register keeps of a rule, zone or policy. */
export function registerIn(reading: Reading, fields: Fields, keys: readonly string[] = registerKeys): Register {
  const register: Record<string, string | readonly string[]> = {};
  for (const key of keys) {
    const entry = fields.get(key);
    if (entry === undefined) continue;
    const value = lists.has(key) ? textsIn(reading, entry.value, key)?.map((text) => text.value) : textOf(reading, key, fields);
    if (value !== undefined) register[key] = typeof value !== "string" && value.length === 1 ? value[0]! : value;
  }
  return register;
}

function textOf(reading: Reading, key: string, fields: Fields): string | undefined {
  const entry = fields.get(key)!;
  if (key === "review") return instantIn(reading, { ...entry, key }, "start")?.written;
  return textIn(reading, entry.value, key)?.value;
}

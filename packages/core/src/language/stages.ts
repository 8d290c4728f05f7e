import type { Stage, Stages } from "../model/policy-set.ts";
import { fieldsOf } from "./fields.ts";
import { reportUnknown } from "./names.ts";
import { isKnownZone } from "./peer.ts";
import { quoted, type Reading, report } from "./reading.ts";
import { described, type Entry, isNothing } from "./tree.ts";
import { wordIn } from "./values.ts";

const words = ["observe", "warn", "enforce"] as const;

/** The stages of zones and segments; what is not named observes. */
export function readStages(reading: Reading, { key, value }: Entry): Stages {
  if (isNothing(value)) return { zones: [], segments: [] };
  const fields = fieldsOf(reading, value, { what: quoted(key), known: ["zones", "segments"] });
  const [zones, segments] = [fields?.get("zones"), fields?.get("segments")];
  return {
    zones: namesIn(reading, zones, "zone").map((entry) => ({ name: entry.key, ...stagesOf(reading, entry, ["boundary", "inside"]), at: entry.keyAt })),
    segments: namesIn(reading, segments, "policy").map((entry) => ({ name: entry.key, ...stagesOf(reading, entry, ["in", "out"]), at: entry.keyAt })),
  };
}

function namesIn(reading: Reading, section: Entry | undefined, kind: "zone" | "policy"): readonly Entry[] {
  if (section === undefined || section.value.kind === "unreadable" || isNothing(section.value)) return [];
  if (section.value.kind !== "mapping") {
    report(reading, "wrong-type", section.value.at, [
      `${quoted(section.key)} is a mapping of names, and this is ${described(section.value)}`,
      "write `name: { … }` for each",
    ]);
    return [];
  }
  return section.value.entries.filter((entry) => isKnown(reading, entry, kind) && isFirst(reading, entry, kind));
}

function isKnown(reading: Reading, { key, keyAt }: Entry, kind: "zone" | "policy"): boolean {
  if (kind === "zone") return isKnownZone(reading, { value: key, at: keyAt });
  if (reading.declared.has(`policy ${key}`)) return true;
  reportUnknown(reading, "policy", { value: key, at: keyAt }, reading.policies.keys());
  return false;
}

function isFirst(reading: Reading, { key, keyAt }: Entry, kind: "zone" | "policy"): boolean {
  const name = `stages of ${kind} ${key}`;
  const first = reading.declared.get(name);
  if (first === undefined) reading.declared.set(name, keyAt);
  else report(reading, "duplicate-name", keyAt, [`the stages of ${quoted(key)} stand already in ${first.file} line ${first.line}`, "keep one of the two"]);
  return first === undefined;
}

function stagesOf<Key extends string>(reading: Reading, { key, value }: Entry, keys: readonly [Key, Key]): Readonly<Record<Key, Stage | null>> {
  const fields = fieldsOf(reading, value, { what: `the stage of ${quoted(key)}`, known: keys });
  const stages = keys.map((one) => {
    const entry = fields?.get(one);
    return [one, entry === undefined ? null : wordIn(reading, { ...entry, key: one }, words)];
  });
  return Object.fromEntries(stages) as Record<Key, Stage | null>;
}

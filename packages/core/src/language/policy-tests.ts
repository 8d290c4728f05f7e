import type { PolicyTest, TestEnd } from "../model/policy-set.ts";
import { ipOf, ipText } from "../base/ip.ts";
import { fieldsOf } from "./fields.ts";
import { nearest } from "./hints.ts";
import { prefixMeant } from "./meant-peer.ts";
import { overIn } from "./over.ts";
import { isKnownNetwork } from "./peer.ts";
import { quoted, type Reading, report } from "./reading.ts";
import { labelsIn } from "./selector.ts";
import { described, type Entry, isNothing, type Tree } from "./tree.ts";
import { textIn, wordIn } from "./values.ts";

const layers = ["forbid", "exception", "boundary", "segment", "open", "contested", "unresolved"];
const keys = {
  what: "a test",
  known: ["from", "to", "over", "expect", "by"],
  required: { from: "from: …", to: "to: …", over: "over: https", expect: "expect: allow" },
};

/** The tests of a file; `policy` is the name of the file's own policy, or null. */
export function readTests(reading: Reading, { key, value }: Entry, policy: string | null): readonly PolicyTest[] {
  if (value.kind === "unreadable" || isNothing(value)) return [];
  if (value.kind !== "list") {
    report(reading, "wrong-type", value.at, [`${quoted(key)} is a list of tests, and this is ${described(value)}`, "begin each test with `- `"]);
    return [];
  }
  return value.items.map((item) => testOf(reading, item, policy)).filter((test) => test !== null);
}

function testOf(reading: Reading, tree: Tree, policy: string | null): PolicyTest | null {
  const fields = fieldsOf(reading, tree, keys);
  if (fields === null) return null;
  const [from, to] = [endIn(reading, fields.get("from")), endIn(reading, fields.get("to"))];
  const overEntry = fields.get("over");
  const over = overEntry === undefined ? null : overIn(reading, overEntry.value, { what: "over", names: true });
  const expectEntry = fields.get("expect");
  const expect = expectEntry === undefined ? null : wordIn(reading, { ...expectEntry, key: "expect" }, ["allow", "deny", "unknown"]);
  const byEntry = fields.get("by");
  const by = byEntry === undefined ? null : textIn(reading, byEntry.value, "by");
  if (by !== null) checkBy(reading, by);
  if (from === null || to === null || over === null || expect === null) return null;
  return { from, to, over: over.written.join(", "), services: over.services, expect, by: by?.value ?? null, at: fields.at, policy };
}

function endIn(reading: Reading, entry: Entry | undefined): TestEnd | null {
  if (entry === undefined) return null;
  const { key, value } = entry;
  if (value.kind === "scalar" && !isNothing(value)) return addressIn(reading, entry);
  const only = value.kind === "mapping" && value.entries.length === 1 ? value.entries[0] : undefined;
  if (only?.key === "network") {
    const text = textIn(reading, only.value, "network");
    return text !== null && isKnownNetwork(reading, text) ? { kind: "network", name: text.value } : null;
  }
  if (only?.key === "zone") {
    report(reading, "bad-peer", only.keyAt, ["a test asks about one workload or address, not about a zone", memberHelp(reading, only.value)]);
    return null;
  }
  const labels = labelsIn(reading, value, key);
  return labels === null ? null : { kind: "labels", labels };
}

function memberHelp(reading: Reading, zone: Tree): string {
  const terms = zone.kind === "scalar" ? reading.zones.get(zone.source)?.members?.terms : undefined;
  if (terms === undefined) return "write the labels of a workload in it, or an address";
  return `write the labels of a workload in it, ${quoted(`{ ${terms.map(({ key, values }) => `${key}: ${values[0]!}`).join(", ")} }`)} among them`;
}

function addressIn(reading: Reading, { key, value }: Entry): TestEnd | null {
  const text = textIn(reading, value, key);
  const ip = text === null ? undefined : ipOf(text.value);
  if (ip !== undefined) return { kind: "address", text: ipText(ip) };
  if (text === null) return null;
  const prefix = prefixMeant(text.value);
  report(reading, "bad-peer", text.at, [
    `${quoted(text.value)} is no address`,
    prefix === null
      ? "an end of a test is labels, `{ network: … }` or an address such as `10.0.0.7`"
      : `declare it under \`networks:\`, as ${quoted(`NAME: ${prefix}`)}, and write \`{ network: NAME }\``,
  ]);
  return null;
}

function checkBy(reading: Reading, { value, at }: { readonly value: string; readonly at: Entry["keyAt"] }): void {
  if (layers.includes(value) || reading.rules.has(value) || value.startsWith("quarantine/") || reading.vague.has("rule")) return;
  const meant = [...reading.rules.keys()].find((name) => name.endsWith(`/${value}`)) ?? nearest(value, [...reading.rules.keys(), ...layers]);
  const help = meant === null ? `name a rule such as \`forbid/no-dev-in-prod\`, or a layer: ${layers.join(", ")}` : `did you mean ${quoted(meant)}?`;
  report(reading, "unknown-name", at, [`there is no rule and no layer ${quoted(value)}`, help]);
}

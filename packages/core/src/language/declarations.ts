import type { LabelKey, NamedService, Network, Zone } from "../model/policy-set.ts";
import { type Prefix, prefixText, readPrefix } from "../base/prefix.ts";
import { fieldsOf } from "./fields.ts";
import { nearest } from "./hints.ts";
import { declare } from "./names.ts";
import { meantPrefixes } from "./meant-prefix.ts";
import { overIn } from "./over.ts";
import { isKnownNetwork } from "./peer.ts";
import { type Kind, quoted, type Reading, report } from "./reading.ts";
import { registerIn, zoneRegisterKeys } from "./register.ts";
import { selectorIn } from "./selector.ts";
import { described, type Entry, isNothing, type Tree } from "./tree.ts";
import { textIn, textsIn, truthIn, wordIn, type TextTree } from "./values.ts";

/** The label schema: which keys exist, their values, who has authority over them. */
export function readLabels(reading: Reading, section: Entry): readonly LabelKey[] {
  return declaredIn(reading, section, "label").map((entry) => {
    const label = labelOf(reading, entry);
    reading.labels.set(label.key, label);
    return label;
  });
}

function labelOf(reading: Reading, { key, keyAt, value }: Entry): LabelKey {
  const fields = isNothing(value) ? null : fieldsOf(reading, value, { what: "a label key", known: ["required", "values", "authority"] });
  const [required, values, authority] = ["required", "values", "authority"].map((one) => fields?.get(one));
  return {
    key,
    required: required === undefined ? false : (truthIn(reading, required.value, "required") ?? false),
    values: values === undefined ? null : (textsIn(reading, values.value, "values")?.map((text) => text.value) ?? null),
    authority: authority === undefined ? null : (textIn(reading, authority.value, "authority")?.value ?? null),
    at: keyAt,
  };
}

/** Services by name. */
export function readServices(reading: Reading, section: Entry): readonly NamedService[] {
  const services: NamedService[] = [];
  for (const { key, keyAt, value } of declaredIn(reading, section, "service")) {
    const over = overIn(reading, value, { what: key, names: false });
    const service = { name: key, written: over?.written ?? [], services: over?.services ?? [], at: keyAt };
    // Known even when it cannot be read, so that the rules that name it are no second mistake.
    reading.services.set(key, service);
    if (over !== null) services.push(service);
  }
  return services;
}

/** Networks by name: a mapping with prefixes, or the prefixes alone. */
export function readNetworks(reading: Reading, section: Entry): readonly Network[] {
  return declaredIn(reading, section, "network").map((entry) => {
    const network = networkOf(reading, entry);
    reading.networks.set(network.name, network);
    return network;
  });
}

function networkOf(reading: Reading, { key, keyAt, value }: Entry): Network {
  const plain = { name: key, prefixes: [], own: false, expectsWorkloads: false, at: keyAt };
  if (value.kind !== "mapping") return { ...plain, prefixes: prefixesIn(reading, value) };
  const fields = fieldsOf(reading, value, { what: "a network", known: ["prefixes", "own", "expects"], required: { prefixes: "prefixes: [10.20.0.0/16]" } });
  const [prefixes, own, expects] = ["prefixes", "own", "expects"].map((one) => fields?.get(one));
  return {
    ...plain,
    prefixes: prefixes === undefined ? [] : prefixesIn(reading, prefixes.value),
    own: own === undefined ? false : (truthIn(reading, own.value, "own") ?? false),
    expectsWorkloads: expects !== undefined && wordIn(reading, { ...expects, key: "expects" }, ["workloads"]) !== null,
  };
}

function prefixesIn(reading: Reading, tree: Tree): readonly Prefix[] {
  const prefixes = textsIn(reading, tree, "prefixes")?.map((text) => prefixOf(reading, text)) ?? [];
  return prefixes.filter((prefix) => prefix !== null);
}

function prefixOf(reading: Reading, { value, at }: TextTree): Prefix | null {
  const read = readPrefix(value);
  switch (read.kind) {
    case "prefix":
      reading.places.set(read.prefix, at);
      return read.prefix;
    case "host-bits":
      report(reading, "host-bits", at, [`the prefix ${quoted(value)} has host bits`, hostBitsHelp(value, prefixText(read.meant))]);
      return null;
    case "no-prefix": {
      const meant = meantPrefixes(value);
      const isAddress = read.why === "length" && /^[0-9a-fA-F.:]+$/.test(value);
      const help = isAddress
        ? `write ${quoted(`${value}/${value.includes(":") ? 128 : 32}`)} for the one address`
        : meant === null
          ? "write for example `10.20.0.0/16`, `2001:db8:20::/48` or `10.0.0.0/8%site-b`"
          : `write ${quoted(meant)}`;
      const why = { address: "its address cannot be read", length: "its length cannot be read", realm: "its realm is not a name" }[read.why];
      report(reading, "bad-prefix", at, [`${quoted(value)} is no prefix: ${why}`, help]);
      return null;
    }
  }
}

/** The prefix, or the one address, that was meant. */
const hostBitsHelp = (value: string, prefix: string): string =>
  `write ${quoted(prefix)}, or ${quoted(value.replace(/\/\d+/, value.includes(":") ? "/128" : "/32"))} for the one address`;

/** The entries of a mapping of names, each name declared once. */
function declaredIn(reading: Reading, { key, value }: Entry, kind: Kind): readonly Entry[] {
  if (value.kind === "unreadable") reading.vague.add(kind);
  if (value.kind === "unreadable" || isNothing(value)) return [];
  if (value.kind !== "mapping") {
    report(reading, "wrong-type", value.at, [`${quoted(key)} is a mapping of names, and this is ${described(value)}`, "write `name: …` for each"]);
    reading.vague.add(kind);
    return [];
  }
  return value.entries.filter((entry) => declare(reading, kind, { name: entry.key, at: entry.keyAt }));
}

/** Zones: workloads by a selector, bare addresses by networks. */
export function readZones(reading: Reading, { key, value }: Entry): readonly Zone[] {
  if (value.kind === "unreadable") reading.vague.add("zone");
  if (value.kind === "unreadable" || isNothing(value)) return [];
  if (value.kind !== "list") {
    report(reading, "wrong-type", value.at, [
      `${quoted(key)} is a list of zones, and this is ${described(value)}`,
      `begin each zone with ${quoted(`- name: ${firstKey(value)}`)}`,
    ]);
    reading.vague.add("zone");
    return [];
  }
  return value.items.map((item) => zoneOf(reading, item)).filter((zone) => zone !== null);
}

const firstKey = (value: Tree): string => (value.kind === "mapping" && value.entries[0]?.value.kind === "mapping" ? value.entries[0].key : "…");

const zoneKeys = {
  what: "a zone",
  known: ["name", "members", "networks", "inside", ...zoneRegisterKeys],
  required: { name: "name: …", because: "because: why this is a zone" },
};

function zoneOf(reading: Reading, tree: Tree): Zone | null {
  const fields = fieldsOf(reading, tree, zoneKeys);
  const nameEntry = fields?.get("name");
  const name = nameEntry === undefined ? null : textIn(reading, nameEntry.value, "name");
  if (fields === null || name === null) reading.vague.add("zone");
  if (fields === null) return null;
  const isDeclared = name !== null && declare(reading, "zone", { name: name.value, at: name.at });
  const [members, networks, inside] = ["members", "networks", "inside"].map((one) => fields.get(one));
  const selector = members === undefined ? null : selectorIn(reading, members.value, "members");
  const networkTexts = networks === undefined ? null : textsIn(reading, networks.value, "networks");
  const known = networkTexts?.filter((text) => isKnownNetwork(reading, text)) ?? [];
  const word = inside === undefined ? null : wordIn(reading, { ...inside, key: "inside" }, ["open", "closed"]);
  const register = registerIn(reading, fields, zoneRegisterKeys);
  // A misspelt `members` is one mistake, not two.
  const isMeant = tree.kind === "mapping" && tree.entries.some((entry) => nearest(entry.key, ["members", "networks"]) !== null);
  if (members !== undefined || networks !== undefined || !isMeant) checkMembers(reading, { name, at: fields.at }, members ?? networks);
  if (!isDeclared || name === null) return null;
  const zone = { name: name.value, members: selector, networks: known.map((text) => text.value), inside: word ?? "open", register, at: name.at };
  for (const text of known) reading.places.set(zone, reading.places.get(zone) ?? text.at);
  reading.zones.set(zone.name, zone);
  return zone;
}

function checkMembers(reading: Reading, { name, at }: { readonly name: TextTree | null; readonly at: TextTree["at"] }, some: Entry | undefined): void {
  if (name?.value === "unplaced" && some !== undefined)
    report(reading, "unplaced-zone", some.keyAt, [
      `\`unplaced\` holds what no zone claims, and takes no ${quoted(some.key)}`,
      "declare it only with `inside: closed`, or choose another name",
    ]);
  if (name?.value !== "unplaced" && some === undefined)
    report(reading, "missing-key", name?.at ?? at, ["a zone needs `members` or `networks`", "add `members: { … }` or `networks: [ … ]`"]);
}

import type { Peer } from "../model/policy-set.ts";
import { meantPeer, peerHelp, prefixMeant } from "./meant-peer.ts";
import { reportUnknown } from "./names.ts";
import { quoted, type Reading, report } from "./reading.ts";
import { selectorIn } from "./selector.ts";
import { type Entry, isNothing, type Tree } from "./tree.ts";
import { itemsIn, type TextTree, textsIn } from "./values.ts";

const named = ["zone", "network", "identity"] as const;

/** One side of a rule: a peer or a list of them. Null when one of them could not be read, for a side must not change by a mistake. */
export function peersIn(reading: Reading, { key, value }: Entry): readonly Peer[] | null {
  const items = itemsIn(reading, value, key);
  const peers = items?.map((item) => peerIn(reading, item, key)).filter((peer) => peer !== null) ?? [];
  return items === null || peers.length < items.length ? null : peers;
}

/** The zones that a conduit names on one side. */
export function zonesIn(reading: Reading, { key, value }: Entry): readonly Peer[] | null {
  if (value.kind === "mapping") {
    const zone = zoneMeant(reading, value);
    const help = zone === null ? `write ${quoted(`${key}: NAME`)} with the name of a zone` : `write ${quoted(`${key}: ${zone}`)}`;
    report(reading, "bad-peer", value.at, ["a conduit names zones only", help]);
    return null;
  }
  const texts = textsIn(reading, value, key);
  const names = texts?.filter((text) => isKnownZone(reading, text)).map((text) => text.value) ?? [];
  if (texts === null || names.length < texts.length) return null;
  return [placed(reading, { kind: "zone", names }, value)];
}

/** The zone that a mapping names as a peer does, or whose members have just the labels in it. */
function zoneMeant(reading: Reading, { entries }: Extract<Tree, { kind: "mapping" }>): string | null {
  const [only] = entries;
  if (only === undefined || entries.length > 1 || only.value.kind !== "scalar") return null;
  const { key, value } = { key: only.key, value: only.value.source };
  if (key === "zone") return reading.zones.has(value) ? value : null;
  const has = (terms: readonly { readonly key: string; readonly values: readonly string[] }[]): boolean =>
    terms.length === 1 && terms[0]!.key === key && terms[0]!.values.includes(value);
  return [...reading.zones.values()].find(({ members }) => members !== null && has(members.terms))?.name ?? null;
}

function peerIn(reading: Reading, tree: Tree, side: string): Peer | null {
  if (tree.kind === "unreadable") return null;
  if (tree.kind === "scalar") return wordPeer(reading, tree, side);
  if (tree.kind === "list") {
    report(reading, "bad-peer", tree.at, ["a peer is not a list of its own", peerHelp]);
    return null;
  }
  const [only] = tree.entries;
  const kinds = tree.entries.filter(({ key }) => named.some((one) => one === key));
  if (kinds.length > 0 && tree.entries.length > 1) {
    report(reading, "bad-peer", kinds[0]!.keyAt, [
      `${quoted(kinds[0]!.key)} is mixed with another kind of peer`,
      "write each kind as an item of its own in a list",
    ]);
    return null;
  }
  if (kinds.length === 0 || only === undefined) {
    const selector = selectorIn(reading, tree, side);
    return selector === null ? null : placed(reading, { kind: "labels", selector }, tree);
  }
  return namedPeer(reading, only, tree);
}

function wordPeer(reading: Reading, tree: Extract<Tree, { kind: "scalar" }>, side: string): Peer | null {
  if (tree.value === "workloads" || tree.value === "anyone") return placed(reading, { kind: tree.value }, tree);
  if (isNothing(tree) || tree.value === "") {
    report(reading, "empty", tree.at, [`${quoted(side)} names nobody`, peerHelp]);
    return null;
  }
  const text = tree.source === "" ? String(tree.value) : tree.source;
  report(reading, "bad-peer", tree.at, [`${quoted(text)} is no peer`, meantPeer(reading, text)]);
  return null;
}

function namedPeer(reading: Reading, { key, value }: Entry, tree: Tree): Peer | null {
  const texts = textsIn(reading, value, key);
  if (texts === null) return null;
  const isList = value.kind === "list" ? value.items.length : 1;
  const check = key === "zone" ? isKnownZone : key === "network" ? isKnownNetwork : isPattern;
  const names = texts.filter((text) => check(reading, text)).map((text) => text.value);
  if (names.length < isList) return null;
  const kind = key as "zone" | "network" | "identity";
  return placed(reading, kind === "identity" ? { kind, patterns: names } : { kind, names }, tree);
}

/** Whether a zone exists, built in or declared; reported when not. */
export function isKnownZone(reading: Reading, text: Pick<TextTree, "value" | "at">): boolean {
  if (text.value === "outside" || text.value === "unplaced" || reading.zones.has(text.value)) return true;
  reportUnknown(reading, "zone", text, [...reading.zones.keys(), "outside", "unplaced"]);
  return false;
}

/** Whether a network exists, built in or declared; reported when not. */
export function isKnownNetwork(reading: Reading, text: Pick<TextTree, "value" | "at">): boolean {
  if (text.value === "internet" || reading.networks.has(text.value)) return true;
  const prefix = prefixMeant(text.value);
  if (prefix !== null) {
    const help = `declare it under \`networks:\`, as ${quoted(`NAME: ${prefix}`)}, and write the name here`;
    report(reading, "unknown-name", text.at, [`a network is called by its name, and ${quoted(text.value)} is an address`, help]);
    return false;
  }
  reportUnknown(reading, "network", text, [...reading.networks.keys(), "internet"]);
  return false;
}

function isPattern(reading: Reading, { value, at }: TextTree): boolean {
  const star = value.indexOf("*");
  if (star < 0 || (star === value.length - 1 && value.endsWith("/*") && value.length > 2)) return true;
  report(reading, "bad-identity", at, [
    `the star in ${quoted(value)} does not stand behind the last \`/\``,
    "write a whole name, or one that ends in `/*` and matches all that begins like it",
  ]);
  return false;
}

function placed(reading: Reading, peer: Peer, tree: Tree): Peer {
  reading.places.set(peer, tree.at);
  return peer;
}

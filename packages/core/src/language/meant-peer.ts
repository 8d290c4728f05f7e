import { ipOf } from "../base/ip.ts";
import { prefixText, readPrefix } from "../base/prefix.ts";
import { nearest } from "./hints.ts";
import { quoted, type Reading } from "./reading.ts";
import type { Tree } from "./tree.ts";

const kinds = "`{ zone: … }`, `{ network: … }`, `{ identity: … }`, `workloads` or `anyone`";

/** What to type for a peer that cannot be read at all. */
export const peerHelp = `write labels, ${kinds}`;

// `internet` is not among them: whoever writes 0.0.0.0/0 in a firewall means everybody.
const everybody: ReadonlySet<string> = new Set(["*", "all", "any", "everyone", "everybody", "everything", "0.0.0.0/0", "::/0"]);

const ourselves: ReadonlySet<string> = new Set(["self", "this", "us", "members", "scope"]);

const hostName = /^(?:[a-z0-9-]+\.)+[a-z]{2,}$/i;

/** What to type for a peer of one word: a zone, a network, an address, `app=shop` and a bare name are each written in their own way. */
export function meantPeer(reading: Reading, text: string): string {
  if (everybody.has(text.toLowerCase())) return "write `anyone` for every end, or `workloads` for every workload";
  const meant = nearest(text, ["workloads", "anyone"]);
  if (meant !== null) return `did you mean ${quoted(meant)}?`;
  if (reading.zones.has(text) || text === "outside" || text === "unplaced") return `write ${quoted(`{ zone: ${text} }`)}`;
  if (reading.networks.has(text) || text === "internet") return `write ${quoted(`{ network: ${text} }`)}`;
  if (text.startsWith("spiffe://")) return `write ${quoted(`{ identity: ${text} }`)}`;
  const prefix = prefixMeant(text);
  if (prefix !== null) return addressHelp(reading, prefix);
  if (ourselves.has(text.toLowerCase())) return "write the labels of the scope";
  if (hostName.test(text)) return `a DNS name is a fact: write ${quoted("{ network: internet }")} here, and ${quoted(`where: { name: ${text} }`)} beside it`;
  const labels = labelsMeant(text);
  if (labels !== null) return `write ${quoted(labels)}`;
  return /^[\w.-]+$/.test(text) ? `write labels such as ${quoted(`{ ${usualKey(reading)}: ${text} }`)}, ${kinds}` : peerHelp;
}

/** The prefix that an address, or a prefix with or without host bits, was meant to be; null for any other text. */
export function prefixMeant(text: string): string | null {
  const ip = ipOf(text);
  const reading = readPrefix(ip === undefined ? text : withLength(text, ip.family === 4 ? 32 : 128));
  if (reading.kind === "no-prefix") return null;
  return prefixText(reading.kind === "prefix" ? reading.prefix : reading.meant);
}

// A realm comes last: 10.0.0.7/32%site-b.
const withLength = (text: string, length: number): string => text.replace(/^[^%]*/, (address) => `${address}/${length}`);

/** What to type where labels hold an address, in a mapping of any kind; null where they hold none. */
export function addressInLabels(reading: Reading, value: Tree): string | null {
  if (value.kind === "mapping") return value.entries.map((entry) => addressInLabels(reading, entry.value)).find((help) => help !== null) ?? null;
  if (value.kind === "list") return value.items.map((item) => addressInLabels(reading, item)).find((help) => help !== null) ?? null;
  const prefix = value.kind === "scalar" && typeof value.value === "string" ? prefixMeant(value.value) : null;
  return prefix === null ? null : addressHelp(reading, prefix);
}

/** How addresses are named: by the network that holds just them, or by one to be declared. */
function addressHelp(reading: Reading, prefix: string): string {
  const network = [...reading.networks.values()].find(({ prefixes }) => prefixes.length === 1 && prefixText(prefixes[0]!) === prefix);
  if (network !== undefined) return `write ${quoted(`{ network: ${network.name} }`)}`;
  return `name a workload by its labels; addresses are declared under \`networks:\`, as ${quoted(`NAME: ${prefix}`)}, and named by \`{ network: NAME }\``;
}

/** `app=shop, env: prod` as labels; null for a text of another kind. */
export function labelsMeant(text: string): string | null {
  const terms = text.split(/\s*(?:,|&&)\s*/).map((term) => /^([\w./-]+)\s*(?:==?|:)\s*([\w.-]+)$/.exec(term));
  return terms.every((term) => term !== null) ? `{ ${terms.map(([, key, value]) => `${key}: ${value}`).join(", ")} }` : null;
}

/** The label key by which a bare name was probably meant. */
export const usualKey = (reading: Reading): string => (reading.labels.size === 0 || reading.labels.has("app") ? "app" : [...reading.labels.keys()][0]!);

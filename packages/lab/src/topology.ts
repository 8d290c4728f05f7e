/** lab/ is the practice network: hosts as namespaces, real servers, real packets, one agent a host. Needs root, and touches nothing outside its namespaces. */
import { Failure } from "@bulkhead/core/base/failure";
import { type Ip, ipOf, ipText } from "@bulkhead/core/base/ip";
import { covers, type Prefix, prefixText, readPrefix } from "@bulkhead/core/base/prefix";
import { LineCounter, parseDocument } from "yaml";

export interface Subnet {
  readonly name: string;
  readonly prefixes: readonly Prefix[];
}

/** A host of the lab: a namespace with servers and, when it is listed, a workload with an agent. */
export interface LabHost {
  readonly id: string;
  readonly subnet: Subnet;
  readonly addresses: readonly Ip[];
  /** Null for a bare address: it is in no inventory, and nothing enforces there. */
  readonly labels: Readonly<Record<string, string>> | null;
  /** Real servers, written as `tcp/443`. */
  readonly listens: readonly string[];
  readonly calls: readonly { readonly to: string; readonly over: string }[];
}

export interface Topology {
  readonly subnets: readonly Subnet[];
  readonly hosts: readonly LabHost[];
  /** The host that `attack` starts from when nobody names another. */
  readonly compromised: string | null;
}

const bytesMax = 1 << 20;
const hostsMax = 64;
const subnetsMax = 32;
const doorsMax = 32;
const depthMax = 32;
const nameShape = /^[a-z0-9][a-z0-9.-]{0,39}$/;
const doorShape = /^(tcp|udp)\/([1-9]\d{0,4})$/;

type Path = readonly (string | number)[];
type Fields = Readonly<Record<string, unknown>>;
type Refuse = (path: Path, message: string, next: string) => never;

/** Reads a topology file. The first mistake ends it, with its position. */
export function readTopology(text: string, file: string): Topology {
  if (text.length > bytesMax) throw new Failure(`${file} has more than ${bytesMax} characters`, "a topology is a page of text; describe fewer hosts");
  const lines = new LineCounter();
  const document = parsed(text, lines, file);
  const at = (offset: number): string => `${file}:${lines.linePos(offset).line}:${lines.linePos(offset).col}`;
  const [error] = document.errors;
  if (error !== undefined) throw new Failure(`${at(error.pos[0])} ${error.message.split("\n")[0]!.replace(/ at line \d+.*/, "")}`, "write plain YAML");
  const refuse: Refuse = (path, message, next) => {
    // The nearest thing around the mistake that is written in the file.
    for (let length = path.length; length >= 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true) as { readonly range?: readonly number[] } | undefined;
      if (node?.range?.[0] !== undefined) throw new Failure(`${at(node.range[0])} ${message}`, next);
    }
    throw new Failure(`${file}: ${message}`, next);
  };
  return topologyOf(
    plainOf(() => document.toJS({ maxAliasCount: 0 }), refuse),
    refuse,
  );
}

function parsed(text: string, lines: LineCounter, file: string): ReturnType<typeof parseDocument> {
  const tooDeep = new Failure(`${file} is nested too deeply`, "a topology has four levels; examples/shop/lab.yaml shows one");
  if (isDeep(text)) throw tooDeep;
  try {
    return parseDocument(text, { lineCounter: lines });
  } catch {
    // The parser calls itself for each level.
    throw tooDeep;
  }
}

/** The parser takes seconds for what is opened and never closed, so that is looked for first. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (const bracket of text.match(/[[\]{}]/g) ?? []) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    if (depth > depthMax) return true;
  }
  return /(?:[-?][ \t]+){32}/.test(text);
}

function plainOf(read: () => unknown, refuse: Refuse): Fields {
  let written: unknown;
  try {
    written = read();
  } catch {
    return refuse([], "a topology has no anchors and aliases", "write the text out");
  }
  return isFields(written) ? written : refuse([], "a topology is a mapping with `subnets` and `hosts`", "examples/shop/lab.yaml shows one");
}

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);
const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);

function topologyOf(written: Fields, refuse: Refuse): Topology {
  onlyKnown(written, { known: ["subnets", "hosts", "compromised"], path: [], refuse });
  const subnets = subnetsOf(written["subnets"], refuse);
  const list = written["hosts"];
  if (!Array.isArray(list) || list.length === 0)
    return refuse(["hosts"], "`hosts` is no list of hosts", "write `- { id: web-1, subnet: web, addresses: [10.0.0.2] }`");
  if (list.length > hostsMax) return refuse(["hosts"], `${list.length} hosts are more than ${hostsMax}`, "describe fewer");
  const hosts = list.map((one, index) => hostOf(one, { path: ["hosts", index], subnets, refuse }));
  checkHosts(hosts, refuse);
  const compromised = written["compromised"] ?? null;
  if (compromised !== null && !hosts.some(({ id }) => id === compromised))
    return refuse(["compromised"], `there is no host \`${String(compromised)}\``, "name one of the hosts");
  return { subnets, hosts, compromised: compromised as string | null };
}

function onlyKnown(written: Fields, { known, path, refuse }: { readonly known: readonly string[]; readonly path: Path; readonly refuse: Refuse }): void {
  const odd = Object.keys(written).find((key) => !known.includes(key));
  if (odd !== undefined) refuse([...path, odd], `\`${odd.slice(0, 40)}\` means nothing here`, `known are ${known.map((key) => `\`${key}\``).join(", ")}`);
}

function subnetsOf(written: unknown, refuse: Refuse): readonly Subnet[] {
  if (!isFields(written) || Object.keys(written).length === 0)
    return refuse(["subnets"], "`subnets` is no mapping of names to prefixes", "write `web: [10.20.1.0/24, fd20:1::/64]`");
  if (Object.keys(written).length > subnetsMax) return refuse(["subnets"], `more than ${subnetsMax} subnets`, "describe fewer");
  return Object.entries(written).map(([name, prefixes]) => {
    const path = ["subnets", name];
    const read = textsOf(prefixes).map((text) => {
      const reading = readPrefix(text);
      const isUsable = reading.kind === "prefix" && reading.prefix.realm === "" && reading.prefix.length <= (reading.prefix.family === 4 ? 30 : 126);
      return isUsable ? reading.prefix : refuse(path, `\`${text.slice(0, 60)}\` is no prefix with room for hosts`, "write for example 10.20.1.0/24");
    });
    const families = new Set(read.map(({ family }) => family));
    if (read.length === 0 || families.size < read.length)
      return refuse(path, "a subnet has one prefix of IPv4, one of IPv6, or both", "write `[10.20.1.0/24, fd20:1::/64]`");
    return { name, prefixes: read };
  });
}

interface Place {
  readonly path: Path;
  readonly subnets: readonly Subnet[];
  readonly refuse: Refuse;
}

function hostOf(written: unknown, { path, subnets, refuse }: Place): LabHost {
  if (!isFields(written)) return refuse(path, "a host is a mapping", "write `- { id: web-1, subnet: web, addresses: [10.0.0.2] }`");
  onlyKnown(written, { known: ["id", "subnet", "addresses", "labels", "listens", "calls"], path, refuse });
  const id = String(written["id"] ?? "");
  if (!nameShape.test(id) || id === "router")
    return refuse([...path, "id"], "a host has an `id` of small letters, digits, dots and hyphens, other than `router`", "write `id: web-1`");
  const subnet = subnets.find(({ name }) => name === written["subnet"]);
  if (subnet === undefined)
    return refuse([...path, "subnet"], `\`${id}\` is in no subnet that is declared`, `write one of ${subnets.map(({ name }) => name).join(", ")}`);
  const addresses = textsOf(written["addresses"]).map((text) => {
    const ip = ipOf(text);
    const prefix = ip && subnet.prefixes.find((one) => covers(one, ip));
    if (ip === undefined || prefix === undefined)
      return refuse(
        [...path, "addresses"],
        `\`${text.slice(0, 60)}\` is no address of the subnet \`${subnet.name}\``,
        `write one of ${subnet.prefixes.map(prefixText).join(" or ")}`,
      );
    return ip.value === gatewayOf(prefix).value || ip.value === prefix.value
      ? refuse([...path, "addresses"], `${text} is the router's`, "the first two addresses of a prefix are taken")
      : ip;
  });
  if (addresses.length === 0) return refuse(path, `\`${id}\` has no address`, "write `addresses: [10.20.1.11]`");
  const labels = written["labels"];
  if (labels !== undefined && !isFields(labels)) return refuse([...path, "labels"], "labels are a mapping", "write `labels: { app: shop }`");
  const listens = textsOf(written["listens"]);
  const odd = listens.find((door) => !isDoor(door));
  if (odd !== undefined) return refuse([...path, "listens"], `\`${odd.slice(0, 40)}\` is no service of TCP or UDP`, "write `listens: [tcp/443]`");
  if (listens.length > doorsMax) return refuse([...path, "listens"], `more than ${doorsMax} servers on one host`, "describe fewer");
  const calls = callsOf(written["calls"], { path, subnets, refuse });
  return {
    id,
    subnet,
    addresses,
    listens,
    calls,
    labels: labels === undefined ? null : Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)])),
  };
}

/** Whether a text names one port of TCP or UDP. */
export const isDoor = (text: string): boolean => Number(doorShape.exec(text)?.[2] ?? 65_536) <= 65_535;

function callsOf(written: unknown, { path, refuse }: Place): LabHost["calls"] {
  return (Array.isArray(written) ? written : []).map((one: unknown, index) => {
    const { to, over } = isFields(one) ? one : { to: undefined, over: undefined };
    return typeof to === "string" && typeof over === "string"
      ? { to, over }
      : refuse([...path, "calls", index], "a call names `to` and `over`", "write `- { to: api-1, over: tcp/8443 }`");
  });
}

function checkHosts(hosts: readonly LabHost[], refuse: Refuse): void {
  const [ids, held] = [new Set<string>(), new Set<string>()];
  for (const [index, { id, addresses }] of hosts.entries()) {
    if (ids.has(id)) refuse(["hosts", index, "id"], `\`${id}\` is listed twice`, "give each host a name of its own");
    ids.add(id);
    const twice = addresses.find((ip) => held.has(ipText(ip)));
    if (twice !== undefined) refuse(["hosts", index, "addresses"], `${ipText(twice)} is held twice`, "give each host addresses of its own");
    for (const ip of addresses) held.add(ipText(ip));
  }
  for (const [index, { calls }] of hosts.entries())
    for (const [number, { to, over }] of calls.entries())
      if (!hosts.some(({ id, listens }) => id === to && listens.includes(over)))
        refuse(
          ["hosts", index, "calls", number],
          `no host \`${to.slice(0, 40)}\` listens on \`${over.slice(0, 40)}\``,
          "name a host, and a service among its `listens`",
        );
}

/** The router's address in a prefix: the first after the network's own. */
export const gatewayOf = ({ family, value }: Prefix): Ip => ({ family, value: value + 1n, realm: "" });

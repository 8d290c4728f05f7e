// An identity policy of another product in our language: who is meant, what is allowed, and what has no words here.
import { ipOf } from "@bulkhead/core/base/ip";
import { covers, readPrefix } from "@bulkhead/core/base/prefix";
import { worldOf } from "@bulkhead/core/decide/world";
import { readPolicySet } from "@bulkhead/core/language/read";
import { bytesOf } from "@bulkhead/core/language/utf8";

const numbers = { tcp: 6, udp: 17, icmp: 1, "ipv6-icmp": 58, sctp: 132, gre: 47 };
export const numberOf = (name) => numbers[name] ?? Number(name);
/** What a rule without a protocol means there. */
export const usual = [6, 17, 1, 58];

/** What our language has no words for. */
export class Unsaid extends Error {}

/** What is refused, and by whom: `translation`, or `decide`. */
export class Refused extends Error {
  constructor(by, message) {
    super(message);
    this.by = by;
  }
}

/** The policy in our language, read, with the world that it speaks of. */
export function setOf({ policy, topology }) {
  const names = namesOf(policy, topology);
  const entries = [...(policy.acls ?? []).map(entryOfAcl), ...(policy.grants ?? []).map(entryOfGrant)].flat();
  const allow = entries.flatMap((entry) => rulesOf(entry, names)).map((rule, at) => ({ name: `r${at}`, ...rule, because: "as written there" }));
  const file = {
    networks: Object.fromEntries([...names.networks].map(([name, prefix]) => [name, { prefixes: [prefix] }])),
    policy: "tailnet",
    owner: "score",
    scope: { tailnet: "yes" },
    egress: "closed",
    ...(allow.length === 0 ? {} : { allow }),
  };
  const text = JSON.stringify(file.networks && names.networks.size === 0 ? { ...file, networks: undefined } : file);
  const { set, diagnostics } = readPolicySet([{ path: "tailnet.json", bytes: bytesOf(text) }]);
  const error = diagnostics.find(({ severity }) => severity === "error");
  if (error !== undefined) throw new Error(`${error.message} in ${text}`);
  return { names, world: worldOf(set, { workloads: names.workloads, points: [], quarantined: [] }) };
}

function entryOfAcl({ src, dst, proto }) {
  return dst.map((target) => {
    const at = target.lastIndexOf(":");
    const [peer, ports] = target === "*" ? ["*", ""] : [target.slice(0, at), target.slice(at + 1)];
    return { src, peer, over: [{ protocols: proto === undefined ? usual : [numberOf(proto)], ports: portsOf(ports) }] };
  });
}

function entryOfGrant({ src, dst, ip, app, via }) {
  if (ip === undefined && app === undefined) throw new Refused("translation", "a grant of nothing");
  if (Object.keys(app ?? {}).some((name) => name.startsWith("tailscale.com/") && !/\/(drive|drive-sharer|kubernetes|tsidp|webui|relay)$/.test(name)))
    throw new Refused("translation", "a capability that only the service gives");
  if (app !== undefined && dst.includes("autogroup:internet")) throw new Refused("translation", "a capability of the internet");
  if (dst.includes("autogroup:self") && src.includes("*")) throw new Refused("translation", "autogroup:self is of users");
  if (src.includes("autogroup:self")) throw new Refused("translation", "autogroup:self as a client");
  if ((via ?? []).some((tag) => !tag.startsWith("tag:"))) throw new Refused("translation", "a way that is no tag");
  return dst.map((peer) => ({ src, peer, via, over: (ip ?? []).map(overOf) }));
}

function overOf(text) {
  const [protocol, ports] = text.includes(":") ? text.split(":") : [null, text];
  return { protocols: protocol === null ? usual : [numberOf(protocol)], ports: portsOf(ports) };
}

export function portsOf(text) {
  if (text === "*") return [[0, 65_535]];
  return text.split(",").map((part) => {
    const [low, high = low] = part.split("-").map((number) => (/^\d+$/.test(number) ? Number(number) : Number.NaN));
    if (!(low <= high && high <= 65_535)) throw new Refused("translation", `\`${text}\` is no port`);
    return [low, high];
  });
}

/** Who is who: the nodes as workloads, and what each name of the policy stands for. */
function namesOf(policy, { users, nodes }) {
  const workloads = Object.entries(nodes).map(([id, { tags, user, ipv4, ipv6 }]) => ({
    id,
    labels: {
      tailnet: "yes",
      node: id,
      kind: tags.length > 0 ? "tagged" : "member",
      ...(tags.length === 0 ? { user } : {}),
      ...Object.fromEntries(tags.map((tag) => [keyOfTag(tag), "yes"])),
    },
    leases: [ipv4, ipv6].filter(Boolean).map((text) => ({ ip: ipOf(text), from: null, until: null })),
    identity: null,
    point: false,
  }));
  const byMail = new Map(users.map(({ name, email }) => [email, name]));
  const owners = new Set(Object.values(policy.tagOwners ?? {}).flat());
  const groups = new Map(Object.entries(policy.groups ?? {}));
  const declared = new Set([...owners, ...[...groups.values()].flat()]);
  return { workloads, byMail, groups, declared, tags: new Set(Object.keys(policy.tagOwners ?? {})), hosts: policy.hosts ?? {}, networks: new Map() };
}

const keyOfTag = (tag) => tag.replace(":", "-");

/** What a name selects: peers of our language; none where nobody is meant. */
export function peersOf(name, names) {
  if (name === "*") return [{ tailnet: "yes" }];
  if (name === "autogroup:member") return [{ kind: "member" }];
  if (name === "autogroup:tagged") return [{ kind: "tagged" }];
  if (name === "autogroup:danger-all") return ["anyone"];
  if (name.startsWith("autogroup:")) throw new Refused("translation", `${name} is nobody's name here`);
  if (name.startsWith("tag:")) {
    if (!names.tags.has(name)) throw new Refused("translation", `nobody owns ${name}`);
    return [{ [keyOfTag(name)]: "yes" }];
  }
  if (name.startsWith("user:*@")) {
    const own = [...names.byMail].filter(([mail]) => mail.endsWith(name.slice("user:*".length))).map(([, user]) => user);
    return own.length === 0 ? [] : [{ kind: "member", user: own }];
  }
  const users = name.startsWith("group:") ? names.groups.get(name) : name.includes("@") ? [name] : null;
  if (users === undefined) throw new Refused("translation", `there is no ${name}`);
  if (users !== null) {
    if (users.some((mail) => !names.byMail.has(mail) && !names.declared.has(mail))) throw new Refused("translation", `there is no user ${name}`);
    const own = users.flatMap((mail) => names.byMail.get(mail) ?? []);
    return own.length === 0 ? [] : [{ kind: "member", user: own }];
  }
  return peersAt(names.hosts[name] ?? name, names);
}

/** The nodes with an address in a prefix, and the bare addresses of it. */
function peersAt(written, names) {
  const text = written.replace(/^\[(.*)\]$/, "$1");
  const ip = ipOf(text);
  const whole = ip === undefined ? text : `${text}/${text.includes(":") ? 128 : 32}`;
  const reading = readPrefix(whole);
  if (reading.kind !== "prefix") throw new Refused("translation", `\`${text}\` is no address, and no host is called so`);
  const nodes = names.workloads.filter(({ leases }) => leases.some((lease) => covers(reading.prefix, lease.ip))).map(({ id }) => id);
  const network = `n-${whole.replace(/[^0-9a-f]/g, "-")}`;
  names.networks.set(network, whole);
  return [...(nodes.length === 0 ? [] : [{ node: nodes }]), { network }];
}

/** The rules of one entry. */
function rulesOf({ src, peer, over, via }, names) {
  if (via !== undefined) {
    if (via.some((tag) => !names.tags.has(tag))) throw new Refused("translation", `nobody owns ${via.join(", ")}`);
    throw new Unsaid("through which node packets go (`via`) is no question of policy here");
  }
  if (peer === "autogroup:danger-all") throw new Refused("translation", "everything as a server");
  const services = over.flatMap(servicesOf);
  if (peer === "autogroup:self") {
    if (
      src.some(
        (name) =>
          name.startsWith("tag:") ||
          name === "autogroup:tagged" ||
          (name === "*" && src.length > 1) ||
          ipOf(name) !== undefined ||
          names.hosts[name] !== undefined,
      )
    )
      throw new Refused("translation", "autogroup:self is of users");
    const users = new Set(src.flatMap((name) => usersOf(name, names)));
    return services.length === 0 ? [] : [...users].map((user) => ({ from: [{ kind: "member", user }], to: [{ kind: "member", user }], over: services }));
  }
  const from = src.flatMap((name) => peersOf(name, names));
  const to = peer === "autogroup:internet" ? [{ network: "internet" }] : peer === "*" ? ["anyone"] : peersOf(peer, names);
  return from.length === 0 || to.length === 0 || services.length === 0 ? [] : [{ from, to, over: services }];
}

function usersOf(name, names) {
  const all = [...names.byMail.values()];
  if (name === "*" || name === "autogroup:member") return all;
  return peersOf(name, names).flatMap(({ user }) => user ?? []);
}

/** Whether a stretch of ports is all of them. */
export const isWhole = ([low, high]) => low === 0 && high === 65_535;

/** Services with ports are tcp and udp; a protocol without ports is meant where all of them are. */
const servicesOf = ({ protocols, ports }) =>
  ports.flatMap(([low, high]) =>
    protocols.flatMap((number) => {
      if (number === 6 || number === 17) return [`${number === 6 ? "tcp" : "udp"}/${low === high ? low : `${low}-${high}`}`];
      return isWhole([low, high]) ? [`ip/${number}`] : [];
    }),
  );

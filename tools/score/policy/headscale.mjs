// Identity policies beside the filters that a service really compiled from them: each is translated into our language, `decide` is asked about every pair of nodes, every
// routed network and every stretch of ports, and a node is right when its filter lets the same in. What our language cannot say is counted with the reason.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { ipOf } from "@bulkhead/core/base/ip";
import { covers, readPrefix } from "@bulkhead/core/base/prefix";
import { decide } from "@bulkhead/core/decide/decide";
import { isWhole, numberOf, peersOf, portsOf, Refused, setOf, Unsaid, usual } from "./headscale-policy.mjs";

const kinds = ["acl", "grant", "policytest"];
const missesShown = 6;

export function identityScore(say, folder) {
  if (!existsSync(folder)) {
    say("identity policies: skipped, ../shared/data/identity-acl-headscale is not here");
    return;
  }
  const files = kinds.flatMap((kind) => readdirSync(`${folder}/${kind}`).map((file) => `${folder}/${kind}/${file}`)).sort();
  const rows = files.flatMap((file) => rowsOf(JSON.parse(readFileSync(file, "utf8"))));
  const of = (kind) => rows.filter((row) => row.kind === kind);
  const agreed = of("refusal").filter(({ isRight }) => isRight);
  const [nodes, tested] = [of("node"), of("accepted")];
  say(`identity policies: ${nodes.filter(({ isRight }) => isRight).length} of ${nodes.length} nodes let the same in`);
  say(
    `identity policies: ${agreed.length} of ${of("refusal").length} refusals agree, ${agreed.filter(({ by }) => by === "decide").length} by decide (a test of the policy fails), the rest in translation (a name that nobody declares, a form without a meaning)`,
  );
  say(`identity policies: ${tested.filter(({ isRight }) => isRight).length} of ${tested.length} policies whose tests pass there pass here`);
  for (const why of new Set(of("unsaid").map((row) => row.why))) say(`  not compared: ${of("unsaid").filter((row) => row.why === why).length} nodes: ${why}`);
  const missed = rows.filter(({ isRight }) => isRight === false);
  for (const { why } of missed.slice(0, missesShown)) say(`  missed: ${why}`);
  if (missed.length > missesShown) say(`  and ${missed.length - missesShown} more`);
}

/** What there is to say of a record: a row for each node, or one for a refusal. */
function rowsOf(record) {
  const { id, topology, api_response_code: code, api_response_body: body } = record;
  const nodes = Object.keys(topology.nodes);
  try {
    const set = setOf(record);
    const failed = failedTest(record, set);
    if (failed !== null) throw new Refused("decide", failed);
    if (code !== 200) return [{ kind: "refusal", isRight: false, why: `${id}: the service refuses it (${body.message}), we do not` }];
    // Those records are about the tests; the filters were not taken with them.
    if (id.startsWith("policytest")) return [{ kind: "accepted", isRight: true }];
    return nodes.map((node) => {
      const wrong = differenceAt(node, record, set);
      if (wrong === "family") return { kind: "unsaid", why: "an address of one family stands for its node, which has two" };
      return { kind: "node", isRight: wrong === null, why: `${id}, ${node}: ${wrong}` };
    });
  } catch (error) {
    if (error instanceof Unsaid) return nodes.map(() => ({ kind: "unsaid", why: error.message }));
    if (!(error instanceof Refused)) throw error;
    if (code !== 200) return [{ kind: "refusal", isRight: true, by: error.by }];
    const why = `${id}: refused (${error.message}), and the service accepts it`;
    return id.startsWith("policytest") ? [{ kind: "accepted", isRight: false, why }] : nodes.map(() => ({ kind: "node", isRight: false, why }));
  }
}

/** The first test of the policy that fails, in words; null when all hold. */
function failedTest({ policy }, { world, names }) {
  const asked = (policy.tests ?? []).flatMap(({ src, accept = [], deny = [], proto }) => [
    ...accept.map((target) => ({ src, target, wanted: "allow", proto })),
    ...deny.map((target) => ({ src, target, wanted: "deny", proto })),
  ]);
  for (const { src, target, wanted, proto } of asked) {
    const at = target.lastIndexOf(":");
    if (target.endsWith(":*")) throw new Refused("translation", "a test that names no port");
    const ports = portsOf(target.slice(at + 1)).flat();
    const protocol = proto === undefined ? usual[0] : numberOf(proto);
    const [clients, servers] = [endsOf(src, names), endsOf(target.slice(0, at), names)];
    const pairs = clients.flatMap((from) => servers.filter((to) => to !== from).map((to) => ({ from, to })));
    const verdicts = pairs.flatMap(({ from, to }) => ports.map((port) => decide(world, { from, to, over: { protocol, port }, at: 0, facts: {} }).verdict));
    if (verdicts.length === 0 || verdicts.some((verdict) => verdict !== wanted)) return `${src} to ${target}: not ${wanted} everywhere`;
  }
  return null;
}

/** The nodes and bare addresses that a name stands for. */
function endsOf(name, names) {
  const peers = name === "autogroup:internet" ? [] : peersOf(name, names);
  const nodes = names.workloads.filter(({ labels }) => peers.some((peer) => peer === "anyone" || isMet(peer, labels))).map(({ id }) => id);
  const bare = peers.flatMap(({ network }) => (network === undefined ? [] : [firstOf(names.networks.get(network))]));
  return [...nodes, ...(nodes.length === 0 ? bare : []), ...(name === "autogroup:internet" ? ["192.0.2.1"] : [])];
}

const isMet = (peer, labels) => Object.entries(peer).every(([key, value]) => [value].flat().includes(labels[key]));
const firstOf = (prefix) => prefix.split("/")[0];

/** Where a node's filter and our verdicts differ, in words; `family` where only one of its two addresses is meant; null where they are equal. */
function differenceAt(node, { policy, topology, expected }, { world }) {
  const matches = expected[node]?.packet_filter_matches ?? [];
  const own = topology.nodes[node];
  const others = Object.entries(topology.nodes).filter(([id]) => id !== node);
  const beyond = own.approved_routes.flatMap((route) => placesIn(route, policy, matches));
  const isSaid = (from, to, service) => decide(world, { from, to, over: service, at: 0, facts: {} }).verdict === "allow";
  const isLet = (from, to, service) => matches.some((match) => lets(match, { from, to, ...service }));
  let isFamily = false;
  for (const [client, { ipv4, ipv6 }] of others)
    for (const { four, six } of servicesAsked(policy, matches)) {
      const text = `${client} over ${four.protocol}/${four.port}`;
      const [isFour, isSix] = [isLet(ipv4, own.ipv4, four), isLet(ipv6, own.ipv6, six)];
      const wrong = [isFour !== isSaid(client, node, four), isSix !== isSaid(client, node, six)].filter(Boolean).length;
      if (wrong === 1 && namesAddresses(policy)) isFamily = true;
      else if (wrong > 0) return `${text}: the service ${isFour ? "allows" : "denies"} it over IPv4 and ${isSix ? "allows" : "denies"} it over IPv6, we do not`;
      const behind = beyond.find((to) => {
        const [from, service] = to.includes(":") ? [ipv6, six] : [ipv4, four];
        return isLet(from, to, service) !== isSaid(client, to, service);
      });
      if (behind !== undefined) return `${text} to ${behind} behind it: the service says otherwise`;
    }
  return isFamily ? "family" : null;
}

const namesAddresses = ({ hosts, acls, grants }) => {
  const names = [...(acls ?? []), ...(grants ?? [])].flatMap(({ src, dst }) => [...src, ...dst]);
  return names.some(
    (name) => /^[0-9a-f]+[.:][0-9a-f.:/]+$/.test(name) || Object.keys(hosts ?? {}).some((host) => name === host || name.startsWith(`${host}:`)),
  );
};

/** One port of every stretch that the policy or the filter can tell apart, and protocols that have none. */
function servicesAsked(policy, matches) {
  const edges = new Set([0, 1, 65_535]);
  const note = (low, high) => [low - 1, low, high, high + 1].filter((port) => port >= 0 && port <= 65_535).forEach((port) => edges.add(port));
  for (const { Dsts } of matches) for (const { Ports } of Dsts ?? []) note(Ports.First, Ports.Last);
  const written = [...(policy.acls ?? []).flatMap(({ dst }) => dst), ...(policy.grants ?? []).flatMap(({ ip }) => ip ?? [])].join(",");
  for (const [, low, high = low] of written.matchAll(/(?<![\d./])(\d{1,5})(?:-(\d{1,5}))?(?![\d./])/g)) note(Number(low), Number(high));
  const both = (protocol, port) => ({ four: { protocol, port }, six: { protocol, port } });
  return [...[...edges].flatMap((port) => [both(6, port), both(17, port)]), { four: { protocol: 1, port: 0 }, six: { protocol: 58, port: 0 } }, both(47, 0)];
}

/** One address of every part of a route that the policy or the filter can tell apart. */
function placesIn(route, policy, matches) {
  const written = [...JSON.stringify(policy).matchAll(/"([0-9a-f.:]+(?:\/\d+)?)(?=[:"])/g)].map(([, text]) => text);
  const named = [...written, ...matches.flatMap(({ Dsts }) => (Dsts ?? []).map(({ Net }) => Net))].map((text) => text.split("/")[0]);
  const reading = readPrefix(route);
  const inside = named.filter((text) => ipOf(text) !== undefined && reading.kind === "prefix" && covers(reading.prefix, ipOf(text)));
  return [...new Set([firstOf(route), ...inside])];
}

function lets({ IPProto, Srcs, Dsts }, { from, to, protocol, port }) {
  if (!(IPProto ?? usual).includes(protocol)) return false;
  const hasPorts = protocol === 6 || protocol === 17;
  return (
    (Srcs ?? []).some((prefix) => isIn(prefix, from)) &&
    (Dsts ?? []).some(({ Net, Ports: { First, Last } }) => isIn(Net, to) && (hasPorts ? First <= port && port <= Last : isWhole([First, Last])))
  );
}

const [prefixes, addresses] = [new Map(), new Map()];

/** Whether a prefix has an address; what was read is kept, for it is asked a million times. */
function isIn(prefix, address) {
  if (!prefixes.has(prefix)) prefixes.set(prefix, readPrefix(prefix.includes("/") ? prefix : `${prefix}/${prefix.includes(":") ? 128 : 32}`));
  if (!addresses.has(address)) addresses.set(address, ipOf(address));
  const reading = prefixes.get(prefix);
  return reading.kind === "prefix" && covers(reading.prefix, addresses.get(address));
}

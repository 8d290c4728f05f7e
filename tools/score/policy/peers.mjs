// What peers recommend for the same input, beside what we do: both are asked about every pair of classes and every service, and the answers are compared one by one.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { ipOf } from "@bulkhead/core/base/ip";
import { covers, readPrefix } from "@bulkhead/core/base/prefix";
import { edge, outside, policyFrom } from "./asked.mjs";

const jsonOf = (path) => JSON.parse(readFileSync(path, "utf8"));
const shown = 8;
// Nobody of the samples uses them: what is open there is open without need.
const unneeded = ["tcp/22", "tcp/31337"];
// An address inside that is nobody's.
const nobody = "10.255.7.7";

/** Each peer's answer for an input: who the pods are, what was seen, and the policies that it recommends. */
export function peersIn(folder) {
  const analyzed = existsSync(`${folder}/topology-analyzer`) ? readdirSync(`${folder}/topology-analyzer`) : [];
  return [...analyzed.flatMap((app) => analyzer(`${folder}/topology-analyzer/${app}`, app)), ...kubescape(`${folder}/kubescape-neighborhood`)];
}

const nameOf = (selector) => Object.values(selector?.matchLabels ?? {}).join("-");

/** Whoever a peer without a pod of its own is: all of a namespace, such as an ingress controller's, or anybody. */
const farOf = ({ podSelector, namespaceSelector }) =>
  podSelector !== undefined ? nameOf(podSelector) : namespaceSelector === undefined ? null : `namespace-${nameOf(namespaceSelector) || "any"}`;

/** Its policies say which connections it found; these are what was seen. */
function analyzer(folder, app) {
  const file = ["json", "yaml"].map((ending) => `${folder}/expected_netpol_output.${ending}`).find(existsSync);
  if (file === undefined) return [];
  const policies = parse(readFileSync(file, "utf8")).items;
  const edges = policies.flatMap(({ spec }) =>
    (spec.ingress ?? []).flatMap(({ from, ports }) =>
      (from ?? [{}]).flatMap((peer) =>
        (ports ?? []).filter(({ port }) => Number.isInteger(port)).map(({ port, protocol }) => edge(farOf(peer), nameOf(spec.podSelector), port, protocol)),
      ),
    ),
  );
  const selectors = policies.flatMap(({ spec }) => [
    spec.podSelector,
    ...(spec.ingress ?? []).flatMap(({ from }) => (from ?? []).map((one) => one.podSelector)),
  ]);
  const namespaces = edges.flatMap(({ client }) => (client?.startsWith("namespace-") ? [[client, {}]] : []));
  const own = selectors.flatMap((one) => (one?.matchLabels === undefined ? [] : [[nameOf(one), one.matchLabels]]));
  const pods = new Map([...own, ...namespaces]);
  return [{ name: `topology analyzer, ${app}`, edges, pods, policies }];
}

/** Neighbours that were observed around one workload, and the policy generated from them. */
function kubescape(folder) {
  if (!existsSync(`${folder}/nn-operator.json`)) return [];
  const { spec } = jsonOf(`${folder}/nn-operator.json`);
  const [{ name: own, egress, ingress }] = spec.containers;
  const far = ({ podSelector, ipAddress }) => (podSelector ? nameOf(podSelector) : (ipAddress ?? null));
  const along = (list, edgeWith) => list.flatMap((one) => one.ports.map(({ port, protocol }) => edgeWith(far(one), port, protocol)));
  const edges = [
    ...along(egress, (server, port, protocol) => edge(own, server, port, protocol)),
    ...along(ingress, (client, port, protocol) => edge(client, own, port, protocol)),
  ];
  const neighbours = [...egress, ...ingress].flatMap(({ podSelector }) => (podSelector ? [[nameOf(podSelector), podSelector.matchLabels]] : []));
  return [
    {
      name: "kubescape, operator",
      edges,
      pods: new Map([[own, spec.matchLabels], ...neighbours]),
      policies: [jsonOf(`${folder}/np-operator.json`).spec],
    },
  ];
}

const isAddress = (name) => name !== null && ipOf(name) !== undefined;
const blocksOf = ({ spec }) =>
  [...(spec.ingress ?? []).flatMap(({ from }) => from ?? []), ...(spec.egress ?? []).flatMap(({ to }) => to ?? [])].flatMap(
    ({ ipBlock }) => ipBlock?.cidr ?? [],
  );

/** Where both say the same, and where only one lets something in; each of the latter with its reason. */
export function peerScore(say, { name, edges, pods, policies }, flowAlong) {
  const required = edges.filter(({ client, server }) => client !== server);
  const names = [...pods.keys()];
  const workloads = names.map((role) => ({ id: role, labels: { app: "sample", env: "prod", role }, owner: null }));
  const ours = policyFrom(required.map(flowAlong), workloads);
  const theirs = allowedBy(policies, pods);
  const addresses = new Set([
    outside,
    nobody,
    ...required.flatMap(({ client, server }) => [client, server]).filter(isAddress),
    ...policies.flatMap(blocksOf).map((cidr) => cidr.split("/")[0]),
  ]);
  const services = [...new Set([...required.map(({ port, protocol }) => `${protocol}/${port}`), ...unneeded])].map((text) => text.split("/"));
  const ends = [...names, ...addresses];
  const asked = ends.flatMap((client) =>
    ends
      .filter((server) => server !== client && (pods.has(client) || pods.has(server)) && theirs.guards(client, server))
      .flatMap((server) => services.map(([protocol, port]) => edge(client, server, Number(port), protocol))),
  );
  const answers = asked.map((one) => ({ one, our: ours.verdict(one) === "allow", their: theirs.allows(one) }));
  const only = (side) => answers.filter(({ our, their }) => (side === "ours" ? our && !their : their && !our));
  const both = answers.filter(({ our, their }) => our && their).length;
  say(
    `${name}: asked about ${asked.length} (client, server, service), ${asked.length - only("ours").length - only("theirs").length} answered alike, ${both} of them allowed; ours alone allows ${only("ours").length}, theirs alone ${only("theirs").length}`,
  );
  const wasSeen = new Set(required.map(({ client, server, port, protocol }) => `${client ?? outside} ${server} ${protocol}/${port}`));
  for (const side of ["ours", "theirs"])
    for (const { one } of only(side).slice(0, shown)) {
      const text = `${one.client} ${one.server} ${one.protocol}/${one.port}`;
      say(`  ${side} alone: ${one.client} -> ${one.server} ${one.protocol}/${one.port}: ${reasonOf({ side, isSeen: wasSeen.has(text), one, pods })}`);
    }
}

function reasonOf({ side, isSeen, one, pods }) {
  const far = pods.has(one.client) ? one.server : one.client;
  if (side === "theirs" && isSeen) return "it was seen; we hold out an inside address that no inventory knows, and list it";
  if (side === "theirs")
    return pods.has(far) ? "they open to everybody, we to those who were seen" : "they open a block or to everybody, we to those who were seen";
  return isSeen ? "it was seen" : "we open the internet where addresses of it were seen, they the blocks of those addresses";
}

/** The meaning of Kubernetes' policies as far as these use it: pods by labels, blocks of addresses, ports by number. */
function allowedBy(policies, pods) {
  const isSelected = (selector, labels) => labels !== undefined && Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  const selecting = (end, type) =>
    // Whoever stands for another namespace is not guarded by the policies of this one.
    policies.filter(
      ({ spec }) =>
        (spec.policyTypes ?? ["Ingress"]).includes(type) && pods.has(end) && !end.startsWith("namespace-") && isSelected(spec.podSelector, pods.get(end)),
    );
  const isPeer = (peer, end) => {
    const { podSelector, namespaceSelector, ipBlock } = peer;
    if (podSelector === undefined && namespaceSelector !== undefined) return end === farOf(peer) || (pods.has(end) && farOf(peer) === "namespace-any");
    if (ipBlock === undefined) return pods.has(end) && isSelected(podSelector, pods.get(end));
    const [address, length] = ipBlock.cidr.split("/");
    return isAddress(end) && isWithin(end, { address, length: Number(length) });
  };
  const isOpen = (rules, far, { port, protocol }) =>
    rules.some(
      ({ peers, ports }) =>
        (peers === undefined || peers.some((peer) => isPeer(peer, far))) &&
        (ports === undefined || ports.some((one) => one.port === port && (one.protocol ?? "TCP").toLowerCase() === protocol)),
    );
  const ingress = ({ spec }) => (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }));
  const egress = ({ spec }) => (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
  return {
    guards: (client, server) => selecting(server, "Ingress").length > 0 || selecting(client, "Egress").length > 0,
    allows({ client, server, ...service }) {
      const [atServer, atClient] = [selecting(server, "Ingress"), selecting(client, "Egress")];
      const isIn = atServer.length === 0 || isOpen(atServer.flatMap(ingress), client, service);
      return isIn && (atClient.length === 0 || isOpen(atClient.flatMap(egress), server, service));
    },
  };
}

/** One of the blocks is written with host bits; Kubernetes reads the network of it. */
function isWithin(end, { address, length }) {
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const network = Math.floor(number / 2 ** (32 - length)) * 2 ** (32 - length);
  const reading = readPrefix(`${[24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join(".")}/${length}`);
  return reading.kind === "prefix" && covers(reading.prefix, ipOf(end));
}

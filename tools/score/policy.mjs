// How exact a policy is where the right answer is published: the edges of sample applications, what peers recommend for them, an intrusion that must stay outside a policy
// learned from the normal traffic, an office's second day, and what a service compiled from identity policies. Each miss is printed with its reason.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { zeekConn } from "@bulkhead/adapters/sources/zeek-conn/decode";
import { attributionOf, flowsOf } from "@bulkhead/core/telemetry/attribute";
import { conversationsOf } from "@bulkhead/core/telemetry/conversations";
import { edge, outside, policyFrom, tallied } from "./policy/asked.mjs";
import { identityScore } from "./policy/headscale.mjs";
import { officeScore } from "./policy/office.mjs";
import { peerScore, peersIn } from "./policy/peers.mjs";

const shared = fileURLToPath(new URL("../../../shared/data/", import.meta.url));
const missesShown = 10;

export async function run(_, say) {
  const apps = [...boutique(), ...synthesized()];
  if (apps.length === 0) say("sample applications: skipped, ../shared/data/apps and ../shared/data/netpol-recommend are not here");
  for (const [name, edges] of apps) edgesScore(say, name, edges);
  for (const peer of peersIn(`${shared}netpol-recommend`)) peerScore(say, peer, flowAlong);
  intrusionScore(say);
  officeScore(say, `${shared}flows-zeek-pcap/office-2009-m57/conn.log`);
  identityScore(say, `${shared}identity-acl-headscale`);
  return 0;
}

const jsonOf = (path) => JSON.parse(readFileSync(path, "utf8"));
const isHere = (path) => existsSync(`${shared}${path}`);

function boutique() {
  const path = "apps/online-boutique/service-graph.json";
  if (!isHere(path)) return [];
  const edges = jsonOf(`${shared}${path}`).flatMap(({ source, target, ports }) => ports.map(({ target_port: port }) => edge(source, target, port)));
  return [["Online Boutique", edges.filter(({ client }) => client !== null)]];
}

/** Required connections that a policy synthesizer is given. */
function synthesized() {
  const folder = "netpol-recommend/synthesizer/connectivity_jsons/";
  if (!isHere(folder)) return [];
  return readdirSync(`${shared}${folder}`).map((file) => [
    `synthesizer, ${file.replace(".json", "")}`,
    jsonOf(`${shared}${folder}${file}`).flatMap(({ source, target, link }) =>
      // A port by name stands for whatever the pod calls so; nobody can learn it from traffic.
      (link.resource.network ?? [])
        .filter(({ target_port: port }) => Number.isInteger(port))
        .map(({ target_port: port, protocol }) => edge(source?.resource.name || null, target.resource.name, port, protocol)),
    ),
  ]);
}

const isAddress = (name) => name === null || /^\d+(\.\d+){3}$/.test(name);
const endOf = (name) => (isAddress(name) ? { kind: "bare", address: name ?? outside } : { kind: "held", holder: name });

const seen = { connections: 9, answered: 9, unanswered: 0, untold: 0, denied: 0, bytesToServer: null, bytesToClient: null, first: 0, last: 9_000_000 };
const told = { observers: ["cluster"], sampling: null, oneSided: 0, reasons: {}, icmpType: null };
const flowAlong = ({ client, server, port, protocol }) => ({ ...seen, ...told, client: endOf(client), server: endOf(server), protocol, serverPort: port });

/** Flows along the edges, a policy from them, and every pair of services asked over every port. */
function edgesScore(say, name, edges) {
  const keyOf = ({ client, server, port, protocol }) => `${client ?? "outside"} -> ${server} ${protocol}/${port}`;
  const required = new Map(edges.filter(({ client, server }) => client !== server).map((one) => [keyOf(one), one]));
  const names = [...new Set([...required.values()].flatMap(({ client, server }) => [client, server]))].filter((one) => !isAddress(one));
  const workloads = names.map((role) => ({ id: role, labels: { app: "sample", env: "prod", role }, owner: null }));
  const { verdict, heldOut } = policyFrom([...required.values()].map(flowAlong), workloads);
  const services = [...new Set([...required.values()].map(({ port, protocol }) => `${protocol}/${port}`)), "tcp/22", "tcp/31337"].map((text) =>
    text.split("/"),
  );
  const asked = names.flatMap((server) =>
    [...names, null].flatMap((client) => (client === server ? [] : services.map(([protocol, port]) => edge(client, server, Number(port), protocol)))),
  );
  const missing = [...required.values()].filter((one) => verdict(one) !== "allow");
  const extra = asked.filter((one) => !required.has(keyOf(one)) && verdict(one) === "allow");
  say(`${name}: ${required.size - missing.length} of ${required.size} required edges allowed, ${extra.length} of ${asked.length - required.size} others`);
  for (const one of missing.slice(0, missesShown)) {
    const why = heldOut.find(({ flow }) => JSON.stringify(flowAlong(one)) === JSON.stringify(flow))?.why;
    say(`  missing: ${keyOf(one)}: ${verdict(one)}${why === undefined ? "" : `, held out: ${why}`}`);
  }
  for (const one of extra.slice(0, missesShown)) say(`  extra: ${keyOf(one)}`);
}

const intruders = new Set(["192.168.0.4", "192.168.0.5"]);
const machines = new Map([
  ["10.0.1.4", { id: "workstation-4", labels: { app: "workplace", env: "corp", role: "workstation" }, owner: null }],
  ["10.0.1.6", { id: "workstation-6", labels: { app: "workplace", env: "corp", role: "workstation" }, owner: null }],
  ["10.0.0.4", { id: "controller", labels: { app: "directory", env: "corp", role: "controller" }, owner: null }],
]);

/** A policy from a day's normal traffic, asked about every connection of an intrusion on that day. */
function intrusionScore(say) {
  const path = "flows-zeek-pcap/apt29-day1/combined_zeek.json";
  if (!isHere(path)) {
    say("APT29, day 1: skipped, ../shared/data/flows-zeek-pcap is not here");
    return;
  }
  const decoder = zeekConn.decoder({ file: path });
  const all = [...decoder.push(readFileSync(`${shared}${path}`)), ...decoder.end()].flatMap((one) => (one.kind === "connection" ? [one.connection] : []));
  const kindOf = ({ client, server }) => {
    if (intruders.has(client) || intruders.has(server)) return "to the intruder";
    if (!machines.has(client) || !machines.has(server)) return "broadcast";
    return machines.get(server).id === "controller" ? "normal" : "lateral";
  };
  const held = attributionOf([...machines].map(([address, { id }]) => ({ address, from: null, until: null, holders: [id] })));
  const policyOf = (connections) => policyFrom(flowsOf(conversationsOf(connections), held), [...machines.values()]);
  const nameAt = (address) => machines.get(address)?.id ?? address;
  const replay = (title, { verdict }, wanted) => {
    for (const [kind, answer] of wanted) {
      const own = all.filter((one) => kindOf(one) === kind);
      const said = own.map((one) => verdict({ client: nameAt(one.client), server: nameAt(one.server), port: one.serverPort ?? 0, protocol: one.protocol }));
      say(`APT29, day 1, ${title}: ${kind}, ${said.filter((one) => one === answer).length} of ${own.length} ${answer}`);
      const wrong = own.flatMap((one, at) =>
        said[at] === answer ? [] : [`  missed: ${nameAt(one.client)} -> ${nameAt(one.server)} ${one.protocol}/${one.serverPort}: ${said[at]}`],
      );
      for (const [line, count] of tallied(wrong, missesShown)) say(`${line}, ${count} times`);
    }
  };
  const denied = [
    ["lateral", "deny"],
    ["to the intruder", "deny"],
  ];
  replay("learned from normal traffic", policyOf(all.filter((one) => kindOf(one) === "normal")), [["normal", "allow"], ...denied]);
  replay("learned from the whole day, the intrusion with it", policyOf(all), [["normal", "allow"], ...denied]);
}

// An office of five machines over two days: a policy from the first, asked about every connection of the second.
import { existsSync, readFileSync } from "node:fs";
import { zeekConn } from "@bulkhead/adapters/sources/zeek-conn/decode";
import { day } from "@bulkhead/core/base/instant";
import { attributionOf, flowsOf } from "@bulkhead/core/telemetry/attribute";
import { conversationsOf } from "@bulkhead/core/telemetry/conversations";
import { edge, policyFrom, tallied } from "./asked.mjs";

const missesShown = 8;
const ports = 65_536;
const [broadcast, gateway] = ["192.168.1.255", "192.168.1.1"];

export function officeScore(say, path) {
  if (!existsSync(path)) {
    say("M57: skipped, ../shared/data/flows-zeek-pcap is not here");
    return;
  }
  const decoder = zeekConn.decoder({ file: "conn.log" });
  const all = [...decoder.push(readFileSync(path)), ...decoder.end()].flatMap((one) => (one.kind === "connection" ? [one.connection] : []));
  const dayOf = ({ first }) => Math.floor(first / day);
  const earliest = all.reduce((least, one) => Math.min(least, dayOf(one)), Infinity);
  const [before, after] = [all.filter((one) => dayOf(one) === earliest), all.filter((one) => dayOf(one) > earliest)];
  const addresses = [...new Set(all.flatMap(({ client, server }) => [client, server]))].filter((text) => text.startsWith("192.168.1.") && text !== broadcast);
  for (const [title, roleOf] of [
    ["four workstations and a gateway", (address) => (address === gateway ? "gateway" : "workstation")],
    ["each machine by itself", nameAt],
  ])
    replay(say, title, { before, after, addresses, roleOf });
}

// A name that is no address: an address alone stands for whoever holds it.
const nameAt = (address) => `machine-${address.split(".")[3]}`;

function replay(say, title, { before, after, addresses, roleOf }) {
  const workloads = addresses.map((address) => ({ id: nameAt(address), labels: { app: "office", env: "corp", role: roleOf(address) }, owner: null }));
  const held = attributionOf(addresses.map((address) => ({ address, from: null, until: null, holders: [nameAt(address)] })));
  const policy = policyFrom(flowsOf(conversationsOf(before), held), workloads);
  const isOurs = (address) => addresses.includes(address);
  // To everybody, or from a machine that has no address yet: no rule between workloads can speak of it.
  const isMachine = ({ client, server }) =>
    (isOurs(client) || isOurs(server)) && ![client, server].some((text) => /^(0\.|127\.|169\.254\.|22[4-9]\.|23|255)|:|\.255$/.test(text));
  const own = after.filter(isMachine);
  const named = (address) => (isOurs(address) ? nameAt(address) : address);
  const questions = own.map(({ client, server, serverPort, protocol, answered }) => ({
    ...edge(named(client), named(server), serverPort ?? 0, protocol),
    isAnswered: answered !== false,
  }));
  const asked = questions.filter(({ isAnswered }) => isAnswered);
  const allowed = asked.filter((one) => policy.verdict(one) === "allow");
  say(
    `M57, learned on day 1, ${title}: ${allowed.length} of ${asked.length} answered connections of day 2 allowed; ${questions.length - asked.length} were never answered, ${after.length - own.length} are to everybody or of no machine`,
  );
  const known = new Set(before.map(({ client, server, serverPort, protocol }) => `${named(client)} ${named(server)} ${protocol}/${serverPort}`));
  const misses = asked
    .filter((one) => policy.verdict(one) !== "allow")
    .map(({ client, server, port, protocol }) => {
      const was = known.has(`${client} ${server} ${protocol}/${port}`);
      return `${client} -> ${server.startsWith("machine-") ? server : "internet"} ${protocol}/${port}: ${policy.verdict({ client, server, port, protocol })}, ${was ? "seen on day 1, and held out" : "not seen on day 1"}`;
    });
  for (const [line, count] of tallied(misses, missesShown)) say(`  missed: ${line}, ${count} times`);
  const { open, whole } = spaceOf(policy, addresses.map(nameAt));
  const rules = policy.set.policies.reduce((sum, { allow }) => sum + allow.length, 0);
  say(`  between machines ${open} of ${whole} (client, server, port) are open (${((1_000_000 * open) / whole).toFixed(1)} in a million), by ${rules} rules`);
}

/** How much of all that could be asked between machines is allowed, each port counted. */
function spaceOf({ set, verdict }, machines) {
  const services = set.policies.flatMap(({ allow }) => allow.flatMap((rule) => rule.services));
  const edges = [...new Set([0, ports, ...services.flatMap(({ low, high }) => [low, high + 1])])].sort((a, b) => a - b);
  let open = 0;
  for (const client of machines)
    for (const server of machines.filter((one) => one !== client))
      for (const protocol of ["tcp", "udp"])
        open += edges.slice(0, -1).reduce((sum, low, at) => sum + (verdict({ client, server, port: low, protocol }) === "allow" ? edges[at + 1] - low : 0), 0);
  return { open, whole: machines.length * (machines.length - 1) * 2 * ports };
}

import { ipText } from "@bulkhead/core/base/ip";
import { readdirSync, rmSync } from "node:fs";
import { command } from "./command.ts";
import { gatewayOf, type LabHost, type Topology } from "./topology.ts";

const ip = (words: readonly string[], lines: readonly string[]): string => command("ip", [...words, "-batch", "-"], `${lines.join("\n")}\n`);

/** The command that runs a program in a namespace. `ip netns exec` would hide the cgroups that nft needs. */
export const inNamespace = (name: string): readonly string[] => ["nsenter", `--net=/run/netns/${name}`];

/** Builds namespaces, one bridge for each subnet in the router's, and routes for both families. Packets between subnets are routed, as in a data centre. */
export function buildNetwork({ subnets, hosts }: Topology, prefix: string): void {
  const router = `${prefix}router`;
  ip([], [`netns add ${router}`, ...hosts.map(({ id }) => `netns add ${prefix}${id}`)]);
  const bridges = new Map(subnets.map(({ name }, number) => [name, `br${number}`]));
  ip(
    ["-n", router],
    [
      "link set lo up",
      ...subnets.flatMap(({ name, prefixes }, number) => [
        `link add ${bridges.get(name)} type bridge mcast_snooping 0 forward_delay 0 stp_state 0`,
        `link set ${bridges.get(name)} addrgenmode none`,
        `link set ${bridges.get(name)} up`,
        // Without a link-local address a router of IPv6 cannot ask who is its neighbour, and forwards nothing new.
        `addr add fe80::${number + 1}/64 dev ${bridges.get(name)} nodad`,
        ...prefixes.map((one) => `addr add ${ipText(gatewayOf(one))}/${one.length} dev ${bridges.get(name)}${one.family === 6 ? " nodad" : ""}`),
      ]),
      ...hosts.map(({ id }, number) => `link add p${number} type veth peer name eth0 netns ${prefix}${id}`),
      ...hosts.flatMap(({ subnet }, number) => [`link set p${number} addrgenmode none`, `link set p${number} master ${bridges.get(subnet.name)} up`]),
    ],
  );
  setIn(router, ["net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1"]);
  for (const host of hosts) buildHost(host, prefix);
}

function buildHost({ id, subnet, addresses }: LabHost, prefix: string): void {
  ip(
    ["-n", prefix + id],
    [
      "link set lo up",
      "link set eth0 addrgenmode none",
      "link set eth0 up",
      ...addresses.map((one) => {
        const { length } = subnet.prefixes.find(({ family }) => family === one.family)!;
        return `addr add ${ipText(one)}/${length} dev eth0${one.family === 6 ? " nodad" : ""}`;
      }),
    ],
  );
  const families = new Set(addresses.map(({ family }) => family));
  for (const one of subnet.prefixes.filter(({ family }) => families.has(family)))
    ip([`-${one.family}`, "-n", prefix + id], [`route add default via ${ipText(gatewayOf(one))} dev eth0`]);
  // Refusals tell the prober at once; a kernel that rations them would cost a second each. An empty mask means: none are rationed.
  setIn(prefix + id, ["net.ipv4.icmp_ratemask=0", "net.ipv4.icmp_ratelimit=0", "net.ipv6.icmp.ratelimit=0", "net.ipv6.icmp.ratemask="]);
}

function setIn(name: string, settings: readonly string[]): void {
  const [program = "", ...words] = [...inNamespace(name), "sysctl", "-qe", "-w", ...settings];
  command(program, words);
}

/** The namespaces of this lab that exist now. */
export function namespacesOf(prefix: string): readonly string[] {
  try {
    return readdirSync("/run/netns").filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}

/** Ends what runs in this lab's namespaces and removes them; true when nothing was there. */
export function removeNetwork(prefix: string): boolean {
  const names = namespacesOf(prefix);
  for (const name of names) {
    for (const pid of pidsIn(name)) kill(pid);
    try {
      command("ip", ["netns", "del", name]);
    } catch {
      // A file that was never mounted, after a kill between two steps.
      rmSync(`/run/netns/${name}`, { force: true });
    }
  }
  return names.length === 0;
}

/** The processes in a namespace. */
export function pidsIn(name: string): readonly number[] {
  try {
    return command("ip", ["netns", "pids", name])
      .split("\n")
      .filter((line) => line !== "")
      .map(Number);
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

import type { Flow } from "../model/flow.ts";

/** Whether the address stands for many receivers by itself: multicast, or the broadcast address of the local network. */
export function isGroupAddress(address: string): boolean {
  const [start = ""] = address.split("%");
  if (start.includes(":")) return start.startsWith("ff");
  const head = Number(start.slice(0, start.indexOf(".")));
  return (head >= 224 && head <= 239) || start === "255.255.255.255";
}

/**
 * The bare addresses that by their conduct are broadcast addresses of some network: the last of a /29 or larger, reached over UDP only,
 * never answering and never opening anything. Who knows the netmasks could say more; the records do not carry them.
 */
export function broadcastAddresses(flows: readonly Flow[]): ReadonlySet<string> {
  const [candidates, cleared] = [new Set<string>(), new Set<string>()];
  for (const { client, server, protocol, answered } of flows) {
    if (client.kind === "bare") cleared.add(client.address);
    if (server.kind !== "bare") continue;
    if (isGroupAddress(server.address)) candidates.add(server.address);
    else if (protocol !== "udp" || answered > 0) cleared.add(server.address);
    else if (isLastOfNetwork(server.address)) candidates.add(server.address);
  }
  return new Set([...candidates].filter((address) => isGroupAddress(address) || !cleared.has(address)));
}

const isLastOfNetwork = (address: string): boolean => (Number(/^\d+\.\d+\.\d+\.(\d+)(?:%.*)?$/.exec(address)?.[1] ?? 0) & 7) === 7;

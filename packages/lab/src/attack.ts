import type { Outcome } from "./door-line.ts";
import type { Measured } from "./request.ts";
import { servicesOf, sharedAddresses } from "./matrix.ts";
import type { LabHost, Topology } from "./topology.ts";

/** A door that answered the intruder. */
export interface OpenDoor extends Measured {
  /** How many hosts away from the first one. */
  readonly hop: number;
}

export interface Walk {
  readonly from: string;
  /** For each host that fell, the door that it fell by, in the order in which they fell. */
  readonly fallen: readonly OpenDoor[];
  /** Every door that answered, from whatever host the intruder held by then. */
  readonly doors: readonly OpenDoor[];
  readonly tried: number;
  /** How many hosts there were to take: those with labels, without the first. */
  readonly hosts: number;
}

/**
 * Walks from one compromised host, breadth first: whoever answers on any port has fallen, and is walked from next.
 * That is the worst case: an attacker with a way into every program. Hosts without labels are not ours; they are tried, and not walked from.
 */
export async function walk({ hosts, ...rest }: Topology, from: string, knock: (attempts: readonly Measured[]) => Promise<readonly Outcome[]>): Promise<Walk> {
  const services = servicesOf({ hosts, ...rest });
  const [fallen, doors]: [OpenDoor[], OpenDoor[]] = [[], []];
  const taken = new Set([from]);
  let [edge, tried]: [readonly LabHost[], number] = [hosts.filter(({ id }) => id === from), 0];
  for (let hop = 1; edge.length > 0; hop += 1) {
    const attempts = edge.flatMap((client) => doorsFrom(client, hosts, services));
    const outcomes = await knock(attempts);
    tried += attempts.length;
    const open = attempts.filter((_, number) => outcomes[number] === "answered").map((attempt) => ({ ...attempt, hop }));
    doors.push(...open);
    const next: LabHost[] = [];
    for (const door of open) {
      const server = hosts.find(({ id }) => id === door.to)!;
      if (server.labels === null || taken.has(server.id)) continue;
      taken.add(server.id);
      fallen.push(door);
      next.push(server);
    }
    edge = next;
  }
  return { from, fallen, doors, tried, hosts: hosts.filter(({ id, labels }) => labels !== null && id !== from).length };
}

const doorsFrom = (client: LabHost, hosts: readonly LabHost[], services: readonly string[]): readonly Measured[] =>
  hosts
    .filter((server) => server !== client)
    .flatMap((server) => sharedAddresses(client, server).flatMap((address) => services.map((over) => ({ from: client.id, to: server.id, address, over }))));

import { ipText } from "@bulkhead/core/base/ip";
import type { Instant } from "@bulkhead/core/base/instant";
import { decide } from "@bulkhead/core/decide/decide";
import type { World } from "@bulkhead/core/decide/world";
import { servicePointOf } from "@bulkhead/core/language/service";
import type { Effect } from "@bulkhead/core/model/question";
import type { Outcome } from "./door-line.ts";
import type { Measured } from "./request.ts";
import type { LabHost, Topology } from "./topology.ts";

/** One cell of the matrix: what was tried, what the policy means, what the kernel did. */
export interface Cell extends Measured {
  readonly meaning: Effect;
  readonly outcome: Outcome;
  /** Null where the meaning is unknown: such a cell is counted apart. */
  readonly agrees: boolean | null;
}

/** The services of a topology, each once, and the echo of ICMP. */
export function servicesOf({ hosts }: Topology): readonly string[] {
  return [...new Set(hosts.flatMap(({ listens }) => listens))].sort();
}

/** Everything that can be asked: each host, each address of each other host of a family that both have, each service. */
export function attemptsOf(topology: Topology): readonly Measured[] {
  const services = [...servicesOf(topology), "icmp/echo"];
  return topology.hosts.flatMap((client) =>
    topology.hosts
      .filter((server) => server !== client)
      .flatMap((server) => sharedAddresses(client, server).flatMap((address) => services.map((over) => ({ from: client.id, to: server.id, address, over })))),
  );
}

/** The addresses of a server that a client has the family for. */
export function sharedAddresses(client: LabHost, server: LabHost): readonly string[] {
  return server.addresses.filter(({ family }) => client.addresses.some((own) => own.family === family)).map(ipText);
}

/** What the policy means for each attempt, beside what came of it. */
export function cellsOf(
  world: World,
  attempts: readonly Measured[],
  { outcomes, hosts, at }: { readonly outcomes: readonly Outcome[]; readonly hosts: readonly LabHost[]; readonly at: Instant },
): readonly Cell[] {
  const nameOf = new Map(hosts.map(({ id, labels, addresses }) => [id, labels === null ? null : { id, addresses }]));
  return attempts.map((attempt, number) => {
    const { from, to, address, over } = attempt;
    // The kernel sees addresses; the workload that holds one is what the question names.
    const client =
      nameOf.get(from)?.id ??
      clientAddress(
        hosts.find(({ id }) => id === from)!,
        address,
      );
    const question = { from: client, to: nameOf.get(to)?.id ?? address, over: servicePointOf(serviceIn(over, address), []), at, facts: {} };
    const meaning = decide(world, question).effect;
    const outcome = outcomes[number]!;
    return {
      ...attempt,
      meaning,
      outcome,
      agrees: meaning === "unknown" ? null : (meaning === "pass") === (outcome === "answered") && !(meaning === "block" && outcome === "heard"),
    };
  });
}

const serviceIn = (over: string, address: string): string => (over !== "icmp/echo" ? over : address.includes(":") ? "icmp6/128" : "icmp4/8");

/** The address that a bare host speaks from: its first of the family. */
function clientAddress({ addresses }: LabHost, to: string): string {
  return ipText(addresses.find(({ family }) => (family === 6) === to.includes(":"))!);
}

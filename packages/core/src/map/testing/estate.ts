import { ipOf } from "../../base/ip.ts";
import type { Flow, FlowEnd } from "../../model/flow.ts";
import type { Subject } from "../labels/evidence.ts";

/** A flow of so many answered connections, as an archive gives it. */
export function flow(client: FlowEnd, server: FlowEnd, service: string, more: Partial<Flow> = {}): Flow {
  const [protocol = "", port = ""] = service.split("/");
  return {
    client,
    server,
    protocol,
    serverPort: Number(port),
    icmpType: null,
    connections: 10,
    answered: 10,
    unanswered: 0,
    untold: 0,
    denied: 0,
    bytesToServer: 100,
    bytesToClient: 1000,
    first: 0,
    last: 1000,
    observers: ["sensor-1"],
    sampling: null,
    oneSided: 0,
    reasons: { handshake: 10 },
    ...more,
  };
}

export const held = (holder: string): FlowEnd => ({ kind: "held", holder });
export const bare = (address: string): FlowEnd => ({ kind: "bare", address });

const apps = ["billing", "ledger", "portal", "archive"];
const environments = ["prod", "staging", "dev"];

/** Twelve applications of web, api, database and cache, twice each, with the flows between them, and a name server and a log server for all. */
export function estate({ names = (id) => id }: { readonly names?: (id: string) => string } = {}): {
  readonly workloads: readonly Subject[];
  readonly flows: readonly Flow[];
} {
  const workloads: Subject[] = [];
  const flows: Flow[] = [];
  const add = (id: string, labels: Record<string, string>, address: string): string => {
    workloads.push({ id: names(id), labels, attributes: {}, leases: [{ ip: ipOf(address)!, from: null, until: null }] });
    return names(id);
  };
  const shared = [
    add("dns-1", { app: "dns", env: "shared", role: "resolver" }, "10.0.0.2"),
    add("log-1", { app: "log", env: "shared", role: "receiver" }, "10.0.0.3"),
  ];
  for (const [a, app] of apps.entries())
    for (const [e, env] of environments.entries()) {
      const of = (role: string, host: number): readonly string[] =>
        [1, 2].map((number) => add(`${app}-${env}-${role}-${number}`, { app, env, role }, `10.${a + 1}.${e}.${host + number}`));
      const [web, api, database, cache] = [of("web", 10), of("api", 20), of("database", 30), of("cache", 40)];
      const talk = (clients: readonly string[], servers: readonly string[], service: string): void => {
        for (const client of clients) for (const server of servers) flows.push(flow(held(client), held(server), service));
      };
      talk(web, api, "tcp/8443");
      talk(api, database, "tcp/5432");
      talk(api, cache, "tcp/6379");
      talk([...web, ...api, ...database, ...cache], shared.slice(0, 1), "udp/53");
      talk([...web, ...api, ...database, ...cache], shared.slice(1), "tcp/6514");
      for (const one of web) flows.push(flow(bare("203.0.113.9"), held(one), "tcp/443"));
    }
  return { workloads, flows };
}

/** The same workloads with one label changed; null takes it away. */
export const relabelled = (workloads: readonly Subject[], id: string, change: Readonly<Record<string, string | null>>): readonly Subject[] =>
  workloads.map((one) => {
    if (one.id !== id) return one;
    const labels = Object.entries({ ...one.labels, ...change }).filter((entry): entry is [string, string] => entry[1] !== null);
    return { ...one, labels: Object.fromEntries(labels) };
  });

import { byCodePoint } from "../base/order.ts";
import type { Flow, FlowEnd } from "../model/flow.ts";
import type { ServiceList, UnknownEnd } from "./application-map.ts";
import { serviceText } from "./service-text.ts";

// Enough to recognise a machine by; a scanned address would list thousands.
const namesMost = 10;

/** Connections by service. */
type Counts = Map<string, number>;

interface Growing {
  readonly end: Exclude<FlowEnd, { readonly kind: "held" }>;
  asClient: number;
  asServer: number;
  alive: number;
  readonly answers: Counts;
  readonly tried: Counts;
  readonly opens: Counts;
}

/** Every address that no workload held alone at the time, with what it did: most connections first. */
export function unknownEnds(flows: readonly Flow[], groupOf: (end: FlowEnd) => string): readonly UnknownEnd[] {
  const found = new Map<string, Growing>();
  for (const flow of flows) {
    for (const side of ["client", "server"] as const) {
      const end = flow[side];
      if (end.kind === "held") continue;
      const key = `${end.kind} ${end.address}`;
      const known = found.get(key) ?? growing(end);
      found.set(key, known);
      known[side === "client" ? "asClient" : "asServer"] += flow.connections;
      known.alive += flow.connections - flow.unanswered;
      const [service, deeds] = [serviceText(flow), side === "client" ? known.opens : flow.answered > 0 ? known.answers : known.tried];
      deeds.set(service, (deeds.get(service) ?? 0) + flow.connections);
    }
  }
  return [...found.values()]
    .map(({ end, asClient, asServer, alive, answers, tried, opens }) => ({
      address: end.address,
      group: groupOf(end),
      asClient,
      asServer,
      alive,
      holders: end.kind === "contested" ? end.holders : [],
      answers: listOf(answers),
      // Who answered one and not another client still answers it.
      tried: listOf(new Map([...tried].filter(([service]) => !answers.has(service)))),
      opens: listOf(opens),
    }))
    .sort((a, b) => b.asClient + b.asServer - (a.asClient + a.asServer) || byCodePoint(a.address, b.address));
}

/** Whether somebody is there: it was answered, it answered, or it spoke. */
export const isThere = ({ alive, asClient }: Pick<UnknownEnd, "alive" | "asClient">): boolean => alive > 0 || asClient > 0;

/** What an unknown end did, in words: answered services first, client and server apart. */
export function deedsText({ answers, tried, opens }: UnknownEnd): string {
  return [
    ...(answers.names.length > 0 ? [`answers ${servicesText(answers)}`] : []),
    ...(opens.names.length > 0 ? [`opens ${servicesText(opens)}`] : []),
    ...(tried.names.length > 0 ? [`not seen to answer ${servicesText(tried)}`] : []),
  ].join("; ");
}

const shownMost = 4;

/** The first few services, and how many more. */
export function servicesText({ names, more }: ServiceList): string {
  const rest = Math.max(0, names.length - shownMost) + more;
  return names.slice(0, shownMost).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

const growing = (end: Growing["end"]): Growing => ({ end, asClient: 0, asServer: 0, alive: 0, answers: new Map(), tried: new Map(), opens: new Map() });

function listOf(counts: Counts): ServiceList {
  const names = [...counts].sort(([a, x], [b, y]) => y - x || byCodePoint(a, b)).map(([name]) => name);
  return { names: names.slice(0, namesMost), more: Math.max(0, names.length - namesMost) };
}

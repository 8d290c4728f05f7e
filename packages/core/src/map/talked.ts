import type { Flow } from "../model/flow.ts";

/** Whether an end of a flow talked: it opened it, or it answered or perhaps answered. Who is called and never answers did not talk, however often. */
export const talked = ({ connections, unanswered }: Pick<Flow, "connections" | "unanswered">, side: "client" | "server"): boolean =>
  side === "client" || connections > unanswered;

/** The workloads that talked. */
export function talkersOf(flows: readonly Flow[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const flow of flows)
    for (const side of ["client", "server"] as const) {
      const end = flow[side];
      if (end.kind === "held" && talked(flow, side)) found.add(end.holder);
    }
  return found;
}

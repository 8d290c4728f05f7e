import { isPublic, ipOf } from "../../base/ip.ts";
import type { Flow, FlowEnd } from "../../model/flow.ts";
import { isOneOf, scannersAmong } from "../scanners.ts";
import { serviceText } from "../service-text.ts";

/** What a workload was seen doing: each pair of a service and a peer once. A peer is the id of a workload, `internet`, or an address inside. */
export interface Conduct {
  readonly opens: readonly Deed[];
  readonly answers: readonly Deed[];
}

export interface Deed {
  readonly service: string;
  readonly peer: string;
  readonly isWorkload: boolean;
}

// Enough to know anybody by; who meets more is known by these.
const deedsMax = 2000;

/** The conduct of every workload: answered conversations only, without those of scanners. */
export function conductsOf(flows: readonly Flow[]): ReadonlyMap<string, Conduct> {
  const isScanner = isOneOf(scannersAmong(flows, () => ""));
  const found = new Map<string, { readonly opens: Map<string, Deed>; readonly answers: Map<string, Deed> }>();
  const add = (end: FlowEnd, side: "opens" | "answers", deed: Deed): void => {
    if (end.kind !== "held") return;
    const known = found.get(end.holder) ?? { opens: new Map<string, Deed>(), answers: new Map<string, Deed>() };
    found.set(end.holder, known);
    if (known[side].size < deedsMax) known[side].set(`${deed.service} ${deed.peer}`, deed);
  };
  for (const flow of flows) {
    if (flow.answered === 0 && flow.untold === 0) continue;
    const service = serviceText(flow);
    if (isScanner(flow.client)) continue;
    add(flow.client, "opens", { service, ...peerOf(flow.server) });
    add(flow.server, "answers", { service, ...peerOf(flow.client) });
  }
  return new Map([...found].map(([id, { opens, answers }]) => [id, { opens: [...opens.values()], answers: [...answers.values()] }]));
}

function peerOf(end: FlowEnd): Pick<Deed, "peer" | "isWorkload"> {
  if (end.kind === "held") return { peer: end.holder, isWorkload: true };
  const ip = ipOf(end.address);
  return { peer: ip !== undefined && isPublic(ip) ? "internet" : end.address, isWorkload: false };
}

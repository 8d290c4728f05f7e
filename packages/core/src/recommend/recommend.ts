import { day, instantText } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import { worldOf } from "../decide/world.ts";
import { type PolicyFile, readPolicySet } from "../language/read.ts";
import { bytesOf } from "../language/utf8.ts";
import { serviceText } from "../map/service-text.ts";
import type { Flow } from "../model/flow.ts";
import type { Dependency, HeldOut, Likely, ProposalWorkload, RuleDraft, RuleEvidence, Side } from "./dependency.ts";
import { draftRules, unique } from "./draft-rules.ts";
import { type Draft, filesOf, fullNameOf, type WrittenFile } from "./files.ts";
import { suspicionOf } from "./held-out.ts";
import { coveredOf, likelyOf } from "./likely.ts";
import { likelyRules } from "./likely-rules.ts";
import { needless, supportsOf } from "./necessary.ts";
import { populationOf } from "./population.ts";
import { evidenceOf } from "./rule-evidence.ts";
import { labelOf, sidesOf } from "./sides.ts";

/** Policy text proposed from flows, with the evidence of each rule, and what it leaves out. */
export interface Recommendation {
  readonly files: readonly WrittenFile[];
  readonly rules: readonly (RuleEvidence & { readonly name: string } & Pick<RuleDraft, "kind" | "crosses" | "likely">)[];
  readonly zones: number;
  readonly heldOut: readonly HeldOut[];
}

export interface RecommendOptions {
  /** What the policy directory holds already: its networks and zones are used, its segments are left alone. */
  readonly present?: readonly PolicyFile[];
  /** Labels that a segment must have to be written, and that a crossing must touch. */
  readonly scope?: Readonly<Record<string, string>>;
}

const reviewAfter = 180 * day;

/** Recommends policy from what was seen. Nothing of its own evidence is denied, no rule is needless; suspicious flows are listed, never allowed. */
export function recommend(flows: readonly Flow[], workloads: readonly ProposalWorkload[], options: RecommendOptions = {}): Recommendation {
  const there = options.present ?? [];
  const present = readPolicySet(there).set;
  const sides = sidesOf(workloads, present);
  const { dependencies, heldOut } = dependenciesOf(flows, (end) => sides.of(end));
  const inScope = scopeOf(options.scope ?? {});
  const touchesScope = ({ client, server }: Pick<Dependency, "client" | "server">): boolean =>
    [client, server].some((side) => side.peer.kind === "labels" && inScope(side.peer.labels));
  const segments = new Map([...sides.segments].filter(([, segment]) => inScope({ app: segment.app, env: segment.env })));
  const wanted = dependencies.filter(touchesScope);
  const population = populationOf(workloads, sides);
  const likely = likelyOf(dependencies, population).filter(touchesScope);
  const covered = coveredOf(likely, dependencies);
  const drafted = draftRules([...wanted, ...[...covered].map(unseen)], population);
  const guesses = likelyRules(likely.filter((one) => !covered.has(one)));
  const last = flows.reduce((most, flow) => Math.max(most, flow.last ?? 0), 0);
  const draft: Draft = {
    zones: sides.zones,
    segments,
    rules: unique([...drafted, ...guesses].filter(({ segment }) => segment === null || segments.has(segment))),
    evidence: new Map(),
    heldOut,
    workloads,
    present,
    review: instantText(last + reviewAfter).slice(0, 10),
  };
  const { rules, evidence, denied } = proven(draft, wanted, { there, isWhole: options.scope === undefined });
  const all = [...heldOut, ...denied];
  return {
    files: filesOf({ ...draft, rules, evidence, heldOut: all }),
    rules: rules.map((rule) => ({ name: fullNameOf(rule), kind: rule.kind, crosses: rule.crosses, likely: rule.likely, ...evidence.get(fullNameOf(rule))! })),
    zones: sides.zones.size,
    heldOut: all,
  };
}

/** Flows summed to dependencies between sides; what is suspicious or cannot be named is held out. */
function dependenciesOf(
  flows: readonly Flow[],
  sideOf: (end: Flow["client"]) => Side | null,
): { dependencies: readonly Dependency[]; heldOut: readonly HeldOut[] } {
  const why = suspicionOf(flows, (end) => sideOf(end)?.key ?? null);
  const heldOut: HeldOut[] = [];
  const found = new Map<string, Dependency & { readonly flows: Flow[] }>();
  for (const flow of flows) {
    const reason = why(flow);
    const [client, server, service] = [sideOf(flow.client), sideOf(flow.server), serviceText(flow)];
    if (reason !== null || client === null || server === null) {
      heldOut.push({ why: reason ?? "no labels", flow });
      continue;
    }
    const key = JSON.stringify([client.key, server.key, service]);
    const known = found.get(key);
    if (known === undefined) found.set(key, { client, server, service, flows: [flow] });
    else known.flows.push(flow);
  }
  return { dependencies: [...found].sort(([a], [b]) => byCodePoint(a, b)).map(([, one]) => one), heldOut };
}

/** A dependency without flows: its rules need other evidence to stay. */
const unseen = ({ client, server, service }: Likely): Dependency => ({ client, server, service, flows: [] });

/** Reads the draft as policy, asks it about all evidence, and keeps the rules that something needs (laws 13 and 14). */
function proven(draft: Draft, dependencies: readonly Dependency[], { there, isWhole }: { readonly there: readonly PolicyFile[]; readonly isWhole: boolean }) {
  const worldFor = (rules: readonly RuleDraft[]) => {
    const drafted = filesOf({ ...draft, rules, heldOut: [] }).map(({ path, text }) => ({ path, bytes: bytesOf(text) }));
    return worldOf(readPolicySet([...there, ...drafted]).set, {
      workloads: draft.workloads.map(({ id, labels }) => ({ id, labels, leases: [], identity: null, point: false })),
      points: [],
      quarantined: [],
    });
  };
  const seen = draft.rules.filter(({ likely }) => likely === null);
  const gone = needless(supportsOf(worldFor(seen), dependencies), seen.map(fullNameOf));
  const needed = draft.rules.filter((rule) => !gone.has(fullNameOf(rule)));
  // What was seen stands on its own: a guess that would allow some of it, too, would make its rules needless.
  const used = new Set(supportsOf(worldFor(needed), dependencies).flatMap(({ alternatives }) => alternatives.flat()));
  const rules = needed.filter((rule) => rule.likely === null || !used.has(fullNameOf(rule)));
  const world = worldFor(rules);
  const supports = supportsOf(world, dependencies);
  const denied: readonly HeldOut[] = isWhole ? supports.filter(({ isAllowed }) => !isAllowed).map(({ flow }) => ({ why: "not expressible", flow })) : [];
  return { rules, evidence: evidenceOf(world, supports, rules.map(fullNameOf)), denied };
}

function scopeOf(scope: Readonly<Record<string, string>>): (labels: Readonly<Record<string, string>>) => boolean {
  return (labels) => Object.entries(scope).every(([key, value]) => labelOf(labels, key) === value);
}

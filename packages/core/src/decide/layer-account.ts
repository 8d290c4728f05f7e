import type { Answer } from "../model/question.ts";
import { anyOf, type Judgement, type Matter, type OwnMatches } from "./judgement.ts";
import { pointText } from "./policy-words.ts";
import { isBoundaryClosed, isEgressClosed, isOpenedByArchitects } from "./verdict.ts";
import type { World } from "./world.ts";

/** What one layer says to a question, in words; each by itself, so that what stands behind the deciding one is seen, too. */
export interface LayerAccount {
  readonly layer: "forbid" | "boundary" | "segment" | "egress";
  readonly says: "denies" | "opens" | "silent";
  /** Whether the verdict comes from it. */
  readonly isDeciding: boolean;
  readonly why: string;
  /** The rules that spoke here. */
  readonly rules: readonly string[];
}

type Said = Omit<LayerAccount, "layer" | "isDeciding">;

/** Every layer in the order in which they are asked. */
export function layerAccounts(world: World, matter: Matter, judgement: Judgement, { verdict, by }: Answer): readonly LayerAccount[] {
  const said: readonly (readonly [LayerAccount["layer"], Said])[] = [
    ["forbid", forbidSaid(judgement)],
    ["boundary", boundarySaid(world, matter, judgement)],
    ["segment", segmentSaid(matter, judgement)],
    ...(isEgressClosed(matter.client) ? ([["egress", egressSaid(matter, judgement)]] as const) : []),
  ];
  const first = said.find(([, { says }]) => says === "denies")?.[0];
  return said.map(([layer, one]) => ({
    layer,
    ...one,
    isDeciding: verdict === "deny" ? layer === first : one.rules.some((rule) => by.includes(rule)),
  }));
}

const silent = (why: string): Said => ({ says: "silent", why, rules: [] });
const denies = (why: string, rules: readonly string[] = []): Said => ({ says: "denies", why, rules });
const opens = (rules: readonly string[], why: string): Said => ({ says: "opens", why: `${rules.join(", ")} ${why}`, rules });

function forbidSaid({ forbids }: Judgement): Said {
  if (forbids.length === 0) return silent("no forbid matches, and no end is in quarantine");
  return denies(`${forbids.join(" and ")} ${forbids.length === 1 ? "matches" : "match"}`, forbids);
}

function boundarySaid({ hasBoundaries }: World, { client, server, over }: Matter, judgement: Judgement): Said {
  if (!hasBoundaries) return silent("this policy has no zones, so there is none to cross");
  if (!judgement.zonesDiffer) return silent(`both ends are in zone ${client.zone}, so it is not crossed`);
  const way = `from zone ${client.zone} to zone ${server.zone}`;
  if (isBoundaryClosed(judgement)) return denies(`no conduit and no exception of the architects leads ${way} over ${pointText(over)}`);
  return opens([...judgement.conduits, ...judgement.exceptions], `leads ${way}`);
}

function segmentSaid(matter: Matter, judgement: Judgement): Said {
  const { client, server } = matter;
  if (!client.isGuarded && !server.isGuarded) return silent("neither end is guarded");
  const owner = server.isGuarded ? "server" : "client";
  const own = namesIn(judgement[owner]);
  const verb = owner === "server" ? "lets it in" : "says that the client needs it";
  if (isOpenedByArchitects(judgement)) return openedByArchitects(judgement, own, { what: "any segment", verb });
  if (anyOf(judgement[owner])) return opens(own, verb);
  const { workload, policy, zone } = matter[owner];
  if (policy === null) return denies(`${workload!.id} is guarded by its zone ${zone} alone, and no common rule lets this in`);
  return denies(
    owner === "server"
      ? `${workload!.id} is guarded by ${policy.name}: only its rules let in, and none of them does`
      : `${workload!.id} is guarded by ${policy.name}, nobody guards the server, and no rule of ${policy.name} says that this is needed`,
  );
}

function egressSaid({ client }: Matter, judgement: Judgement): Said {
  const own = namesIn(judgement.client);
  const verb = "says that the client needs it";
  if (isOpenedByArchitects(judgement)) return openedByArchitects(judgement, own, { what: "a closed egress", verb });
  if (anyOf(judgement.client)) return opens(own, verb);
  return denies(`${client.policy!.name} closes egress, and no rule of its own says that ${client.workload!.id} needs this`);
}

/** What the architects wrote is enough alone; what the owner wrote counts beside it. */
function openedByArchitects(
  { commons, exceptions }: Judgement,
  own: readonly string[],
  { what, verb }: { readonly what: string; readonly verb: string },
): Said {
  const enough = opens([...commons, ...exceptions], `is enough for ${what}`);
  return own.length === 0 ? enough : { ...enough, why: `${enough.why}, and ${own.join(", ")} ${verb}`, rules: [...enough.rules, ...own] };
}

const namesIn = ({ allows, exceptions }: OwnMatches): readonly string[] => [...allows, ...exceptions];

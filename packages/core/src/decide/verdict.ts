import { sortedOnce } from "../base/order.ts";
import type { Layer, Verdict } from "../model/question.ts";
import { anyOf, type Judgement, type Matter, withoutExceptions } from "./judgement.ts";

export interface VerdictGiven {
  readonly verdict: Verdict;
  readonly layer: Layer;
  readonly by: readonly string[];
}

/** MEANING §2, steps 1 to 4: what the policy says, whatever the stages. */
export function verdictOf(matter: Matter, judgement: Judgement): VerdictGiven {
  const denial = denialOf(matter, judgement);
  if (denial !== null) return { verdict: "deny", layer: denial, by: denial === "forbid" ? judgement.forbids : [] };
  return { verdict: "allow", layer: layerOf(matter, judgement), by: sortedOnce(determining(matter, judgement)) };
}

function denialOf(matter: Matter, judgement: Judgement): "forbid" | "boundary" | "segment" | null {
  if (judgement.forbids.length > 0) return "forbid";
  if (isBoundaryClosed(judgement)) return "boundary";
  return isSegmentClosed(matter, judgement) ? "segment" : null;
}

/** The zones differ, and no conduit and no architects' exception matches. */
export function isBoundaryClosed({ zonesDiffer, conduits, exceptions }: Judgement): boolean {
  return zonesDiffer && conduits.length === 0 && exceptions.length === 0;
}

/** A common rule or an architects' exception is enough for everything. */
export const isOpenedByArchitects = ({ commons, exceptions }: Judgement): boolean => commons.length > 0 || exceptions.length > 0;

/** An end is guarded, and what has to match does not: the owner of the server decides who may come in. */
function isSegmentClosed({ client, server }: Matter, judgement: Judgement): boolean {
  if (!client.isGuarded && !server.isGuarded) return false;
  if (isOpenedByArchitects(judgement)) return false;
  const owner = server.isGuarded ? judgement.server : judgement.client;
  if (!anyOf(owner)) return true;
  return isEgressClosed(client) && !anyOf(judgement.client);
}

export const isEgressClosed = ({ policy }: Matter["client"]): boolean => policy?.egressClosed === true;

/** The conduits and architects' exceptions, if the zones differ, and everything that counted for the segment, if an end is guarded. */
function determining({ client, server }: Matter, judgement: Judgement): readonly string[] {
  const boundary = judgement.zonesDiffer ? [...judgement.conduits, ...judgement.exceptions] : [];
  if (!client.isGuarded && !server.isGuarded) return boundary;
  const counts = [...(server.isGuarded ? [judgement.server] : []), ...(!server.isGuarded || isEgressClosed(client) ? [judgement.client] : [])];
  return [...boundary, ...judgement.commons, ...judgement.exceptions, ...counts.flatMap(({ allows, exceptions }) => [...allows, ...exceptions])];
}

function layerOf(matter: Matter, judgement: Judgement): Layer {
  if (denialOf(matter, withoutExceptions(judgement)) !== null) return "exception";
  if (matter.client.isGuarded || matter.server.isGuarded) return "segment";
  return judgement.zonesDiffer ? "boundary" : "open";
}

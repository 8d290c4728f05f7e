import type { Stage } from "../model/policy-set.ts";
import { type KnownEnd, networkCovers } from "./ends.ts";
import { anyOf, type Judgement, type Matter } from "./judgement.ts";
import { isBoundaryClosed, isEgressClosed, isOpenedByArchitects } from "./verdict.ts";
import type { World } from "./world.ts";

/** A row of the table in MEANING §3. */
export type AloneLayer = "forbid" | "boundary" | "segment-server" | "segment-client" | "egress";

/** One end at which a layer that alone denies is seen: its stage there, and whether a live point stands there. */
export interface Denial {
  readonly layer: AloneLayer;
  readonly end: "client" | "server";
  readonly stage: Stage;
  readonly hasPoint: boolean;
}

/** Every layer that alone would deny, at every end that has a stage for it. */
export function denialsOf(world: World, matter: Matter, judgement: Judgement): readonly Denial[] {
  return [...borderDenials(world, matter, judgement), ...segmentDenials(world, matter, judgement)];
}

/** Blocked iff for some layer that alone would deny, an end has a live point whose stage for that layer is `enforce`. */
export function isBlocked(denials: readonly Denial[]): boolean {
  return denials.some(({ stage, hasPoint }) => stage === "enforce" && hasPoint);
}

function borderDenials(world: World, matter: Matter, judgement: Judgement): readonly Denial[] {
  const denying: AloneLayer[] = [
    ...(judgement.forbids.length > 0 ? (["forbid"] as const) : []),
    ...(isBoundaryClosed(judgement) ? (["boundary"] as const) : []),
  ];
  return denying.flatMap((layer) =>
    (["client", "server"] as const).map((end) => {
      const other = end === "client" ? matter.server : matter.client;
      const stage = layer === "forbid" && judgement.isQuarantined ? "enforce" : boundaryStage(world, matter[end].zone);
      return { layer, end, stage, hasPoint: hasHostPoint(matter[end]) || hasBorderPoint(world, matter[end], other) };
    }),
  );
}

/** The stage of a zone for forbids and boundaries. */
export const boundaryStage = (world: World, zone: string): Stage => world.zoneStages.get(zone)?.boundary ?? "observe";

const hasHostPoint = ({ workload }: KnownEnd): boolean => workload?.point === true;

/** A live point at a border serves an end all of whose addresses one of its networks covers, if that network covers none of the other end's. */
function hasBorderPoint(world: World, end: KnownEnd, other: KnownEnd): boolean {
  if (end.addresses.length === 0) return false;
  return world.inventory.points.some(
    ({ live, networks }) =>
      live &&
      networks.some((name) => end.addresses.every((ip) => networkCovers(world, name, ip)) && !other.addresses.some((ip) => networkCovers(world, name, ip))),
  );
}

function segmentDenials(world: World, { client, server }: Matter, judgement: Judgement): readonly Denial[] {
  if (isOpenedByArchitects(judgement)) return [];
  const serverStage = segmentStage(world, server, "in");
  const denials: Denial[] = [];
  const isLetIn = anyOf(judgement.server);
  if (server.isGuarded && !isLetIn) denials.push({ layer: "segment-server", end: "server", stage: serverStage, hasPoint: hasHostPoint(server) });
  // As long as the server's own guard does not enforce, the client's needs are what keeps it going.
  const needsCount = !server.isGuarded || serverStage !== "enforce";
  if (client.isGuarded && !isLetIn && !(needsCount && anyOf(judgement.client))) {
    denials.push({ layer: "segment-client", end: "client", stage: segmentStage(world, client, "out"), hasPoint: hasHostPoint(client) });
  }
  if (isEgressClosed(client) && !anyOf(judgement.client)) {
    const stage = world.segmentStages.get(client.policy?.name ?? "")?.out ?? "observe";
    denials.push({ layer: "egress", end: "client", stage, hasPoint: hasHostPoint(client) });
  }
  return denials;
}

/** In a closed zone the higher of the segment's stage and the zone's `inside`; a member without a segment has `inside`. */
export function segmentStage(world: World, { zone, policy }: KnownEnd, way: "in" | "out"): Stage {
  const own = policy === null ? "observe" : (world.segmentStages.get(policy.name)?.[way] ?? "observe");
  if (world.zones.get(zone)?.inside !== "closed") return own;
  return higher(own, world.zoneStages.get(zone)?.inside ?? "observe");
}

const order: readonly Stage[] = ["observe", "warn", "enforce"];
const higher = (a: Stage, b: Stage): Stage => (order.indexOf(a) >= order.indexOf(b) ? a : b);

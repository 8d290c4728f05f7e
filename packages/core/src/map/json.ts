import { instantText, type Instant } from "../base/instant.ts";
import type { ApplicationMap, MapEdge } from "./application-map.ts";

/** The map as JSON for programs: instants as RFC 3339 texts, everything else as it is. */
export function mapJson(map: ApplicationMap): string {
  return `${JSON.stringify({ ...map, since: text(map.since), until: text(map.until), edges: map.edges.map(edgeOf), attempts: map.attempts.map(edgeOf) })}\n`;
}

const edgeOf = (edge: MapEdge) => ({ ...edge, first: text(edge.first), last: text(edge.last) });
const text = (at: Instant | null): string | null => (at === null ? null : instantText(at));

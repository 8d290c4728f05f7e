import { visible } from "./html-text.ts";
import { sharedServices } from "./map-layout.ts";
import type { Levels } from "./map-levels.ts";
import type { PicturedEdge, PicturedMap } from "./pictured-map.ts";

const membersMost = 200;
const textMost = 200;

/** What the page's script reads: groups, services and observers once, and an edge a row of numbers. JSON that cannot end the element it stands in. */
export function mapFacts(map: PicturedMap, { top, lanes, envs, laneOf, envOf }: Levels, sorted: readonly PicturedEdge[]): string {
  const place = new Map(map.groups.map(({ id }, at) => [id, at]));
  const [services, seers] = [numbered(), numbered()];
  const seconds = (at: number | null): number | null => (at === null ? null : Math.floor(at / 1e6));
  const edges = sorted.flatMap((edge) => {
    const [from, to] = [place.get(edge.from), place.get(edge.to)];
    if (from === undefined || to === undefined) return [];
    const { connections, unanswered, bytes, first, last, scan } = edge;
    return [
      [
        from,
        to,
        services.of(shown(edge.service)),
        connections,
        unanswered,
        bytes,
        seconds(first),
        seconds(last),
        seers.of(edge.observers.map(shown).join(", ")),
        scan ? 1 : 0,
      ],
    ];
  });
  const groups = map.groups.map(({ title, lane, kind, members, memberCount }, at) => ({
    title: shown(title),
    words: shown(lane),
    lane: laneOf[at],
    env: envOf[at],
    kind,
    members: members.slice(0, membersMost).map(shown),
    count: memberCount,
  }));
  const facts = {
    top,
    lanes: lanes.map(shown),
    envs: envs.map(shown),
    groups,
    services: services.all(),
    shared: [...sharedServices],
    seers: seers.all(),
    edges,
  };
  return JSON.stringify(facts).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}

const shown = (text: string): string => visible(text.length > textMost ? `${text.slice(0, textMost)}…` : text);

function numbered() {
  const numbers = new Map<string, number>();
  return {
    of(text: string): number {
      const known = numbers.get(text) ?? numbers.size;
      numbers.set(text, known);
      return known;
    },
    all: () => [...numbers.keys()],
  };
}

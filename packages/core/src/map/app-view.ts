import { byCodePoint } from "../base/order.ts";
import type { ApplicationMap, MapGroup } from "./application-map.ts";

/** What an owner confirms of an application: its workloads, and each dependency into and out of it as one line. Counts and times are no part of it. */
export interface AppView {
  readonly app: string;
  readonly workloads: readonly string[];
  readonly dependencies: readonly string[];
}

/** The part of a map that tells of one application; null when no group of the map is of it. Edges that only scanners opened are none. */
export function appView({ groups, edges }: Pick<ApplicationMap, "groups" | "edges">, app: string): AppView | null {
  const own = groups.filter(({ kind, labels }) => kind === "workloads" && Object.hasOwn(labels, "app") && labels["app"] === app);
  if (own.length === 0) return null;
  const ids = new Set(own.map(({ id }) => id));
  const names = new Map(groups.map((group) => [group.id, nameOf(group)]));
  const dependencies = edges
    .filter(({ from, to, scan }) => !scan && (ids.has(from) || ids.has(to)))
    .map(({ from, to, service }) => `${names.get(from) ?? from} -> ${names.get(to) ?? to} ${service}`);
  return { app, workloads: own.flatMap(({ workloads }) => workloads).sort(byCodePoint), dependencies: [...new Set(dependencies)].sort(byCodePoint) };
}

const nameOf = ({ id, kind }: MapGroup): string => (kind === "workloads" ? id : kind);

/** The view as the text that its digest is made of: the same for the same view, on every machine. */
export const viewText = ({ app, workloads, dependencies }: AppView): string => JSON.stringify({ app, workloads, dependencies });

/** What a view has more and less than another one, in words; empty when they say the same. */
export function viewChanges(before: Pick<AppView, "workloads" | "dependencies">, now: Pick<AppView, "workloads" | "dependencies">): readonly string[] {
  return (["workloads", "dependencies"] as const).flatMap((side) => {
    const [old, fresh] = [new Set(before[side]), new Set(now[side])];
    const [more, fewer] = [now[side].filter((one) => !old.has(one)), before[side].filter((one) => !fresh.has(one))];
    return [...more.map((one) => `new: ${one}`), ...fewer.map((one) => `gone: ${one}`)];
  });
}

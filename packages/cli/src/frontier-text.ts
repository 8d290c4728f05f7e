import { columns } from "@bulkhead/core/base/columns";
import { instantText } from "@bulkhead/core/base/instant";
import type { FrontierRow } from "@bulkhead/core/recommend/frontier";
import type { DeniedLater, JudgedLater } from "@bulkhead/core/recommend/judged-later";
import { printable } from "./context.ts";
import { counted } from "./counted.ts";

const deniedShown = 20;

const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

/** What later days say of a policy, with a command for each denial that lists the records of its flow that was seen last. */
export interface LaterDenials extends Omit<JudgedLater, "denied"> {
  readonly denied: readonly (Omit<DeniedLater, "example"> & { readonly records: string })[];
}

/** When the learning ended, and the scope that alone was judged. */
interface Judging {
  readonly at: number;
  readonly scope: string | null;
}

const judgedText = ({ at, scope }: Judging): string =>
  `learned from what was seen before ${instantText(at)}, judged by what was seen since${scope === null ? "" : `, as far as it touches ${scope}`}`;

/** What the later days say of a policy that was learned from the earlier ones, as lines. */
export function judgedLines({ dependencies, cameTrue, connections, denied }: LaterDenials, judging: Judging): readonly string[] {
  const refused = denied.reduce((sum, one) => sum + one.connections, 0);
  return [
    `${judgedText(judging)}: of ${counted(dependencies, "dependency", "dependencies")} ${denied.length} would have been denied, ${percent(refused, connections)} of the connections`,
    ...(cameTrue > 0 ? [`${counted(cameTrue, "dependency", "dependencies")} that had only been likely came true`] : []),
    "what looks like a scan, was never answered or cannot be named is not counted here; `bulkhead simulate --train` counts it, too",
    ...(denied.length > 0 ? ["would have been denied, the most connections first:"] : []),
    ...denied
      .slice(0, deniedShown)
      .flatMap(({ from, to, service, connections: count, last, records }) => [
        `  ${printable(from)} -> ${printable(to)}, ${service}, ${count === 1 ? "once" : `${count} times`}${last === null ? "" : `, last ${instantText(last - (last % 1e6))}`}`,
        `      ${printable(records)}`,
      ]),
    ...(denied.length > deniedShown ? [`  and ${denied.length - deniedShown} more`] : []),
  ];
}

/** A table of what each granularity costs. */
export function frontierText(rows: readonly FrontierRow[], judging: Judging): string {
  const cells = rows.map((row) => [
    `${row.granularity}${row.isPossible ? "" : " (*)"}`,
    String(row.rules),
    String(row.excess),
    `${row.denied} of ${row.dependencies}`,
    percent(row.deniedConnections, row.connections),
  ]);
  const table = [["granularity", "rules", "opened unseen", "denied later", "of connections"], ...cells];
  return [
    ...columns(table, { right: 1 }),
    judgedText(judging),
    "opened unseen: pairs of machines and services that allows and common rules open, and nobody was seen to use",
    ...(rows.some(({ isPossible }) => !isPossible) ? ["(*) no label names single machines; this is what it would be if one did"] : []),
    "",
  ].join("\n");
}

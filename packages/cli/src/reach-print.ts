import { Failure } from "@bulkhead/core/base/failure";
import { type Instant, instantText } from "@bulkhead/core/base/instant";
import { worldOf } from "@bulkhead/core/decide/world";
import type { Basis } from "@bulkhead/core/reach/allowed";
import { reachJson } from "@bulkhead/core/reach/json";
import { classesMost, isTooLarge, type Reach, reachOf } from "@bulkhead/core/reach/reach";
import { noSides } from "@bulkhead/core/reach/whom";
import type { ReachUnder } from "@bulkhead/core/report/reach/reach-document";
import { type Context, type Exit, printable } from "./context.ts";
import type { People } from "./difference-inputs.ts";
import { betweenAsked, type Revision } from "./reach-inputs.ts";

/** What one line asks. */
export interface ReachLine {
  readonly from?: string;
  readonly to?: string;
  readonly cut?: boolean;
  readonly throughAddresses?: boolean;
  readonly recheck?: boolean;
  readonly html?: string;
  readonly json?: boolean;
}

export interface RevisionsAsked {
  readonly revisions: readonly Revision[];
  readonly people: People;
  readonly basis: Basis;
  readonly at: Instant;
}

/** Prints reach under a policy, and beside it under its draft, and leaves the exit code of the last one. */
export async function printReach(context: Context, asked: RevisionsAsked, line: ReachLine): Promise<void> {
  const { revisions, people, basis, at } = asked;
  if (revisions.length > 2)
    throw new Failure("several --draft were given, and reach is compared with one", "leave one; with --path, several stand side by side");
  if (line.json === true && line.html !== undefined) throw new Failure("--json and --html are two forms of the same answer", "ask for one of them");
  if (line.cut === true && (line.from === undefined || line.to === undefined))
    throw new Failure("--cut needs --from and --to: it parts the one from the other", "write for example --from internet --to hva=yes --cut");
  const sets = revisions.map(({ set }) => set);
  const each = revisions.map((revision, number): ReachUnder => {
    const between = betweenAsked(line, { set: revision.set, sets }, people);
    const world = worldOf(revision.set, people.after);
    if (isTooLarge(world, { at, sides: between?.sides ?? noSides }))
      throw new Failure(
        `${revision.directory} tells more than ${classesMost} classes of workloads apart`,
        "look at a part of it: name an inventory of one zone with --inventory",
      );
    const reach = reachOf({
      world,
      at,
      by: people.by,
      between,
      basis,
      isThroughAddresses: line.throughAddresses === true,
      isCut: line.cut === true,
      isWhole: line.recheck === true,
      policy: revisions.length === 1 ? null : number === 0 ? "old" : "new",
    });
    // Under the policy of before, a zone of the draft may be nobody.
    if (between !== null && number === revisions.length - 1) refuseNobody(reach, line);
    return { directory: revision.directory, reach };
  });
  if (line.json === true) await context.outSlowly(jsonOf(each, people));
  else if (line.html !== undefined) await writePicture(context, line.html, each, { people, line });
  else {
    const { reachText } = await import("./reach-text.ts");
    await context.outSlowly(reachText(each, { people, line }));
    if (line.from !== undefined && line.to !== undefined && line.cut !== true && each.some(({ reach }) => (reach.ways ?? []).length > 0))
      context.say("next: --cut says what would part them\n");
  }
  context.exit(exitOf(each));
}

/** A side on which nobody is has no way, and that would mean nothing. */
function refuseNobody({ sides, unknown, at }: Reach, line: ReachLine): void {
  if (unknown.isAsked) return;
  for (const side of ["from", "to"] as const)
    if (sides[side] === 0)
      throw new Failure(
        line[side] === undefined
          ? "nobody is left for the other side"
          : `--${side} ${line[side]} means nobody${side === "from" && sides.to > 0 && line.to !== undefined ? " beside those whom --to means" : ""} at ${instantText(at)}`,
        "name somebody else, or another time with --at",
      );
}

async function writePicture(
  context: Context,
  path: string,
  each: readonly ReachUnder[],
  around: { readonly people: People; readonly line: ReachLine },
): Promise<void> {
  const [{ documentHtml }, { reachDocument }, { writePage }, { amongText, sidesText }] = await Promise.all([
    import("@bulkhead/core/report/document-html"),
    import("@bulkhead/core/report/reach/reach-document"),
    import("./written-page.ts"),
    import("./reach-text.ts"),
  ]);
  const [first, ...drafts] = each as readonly [ReachUnder, ...ReachUnder[]];
  await writePage(
    context,
    path,
    documentHtml(reachDocument({ policies: [first, ...drafts], ...sidesText(around.line), among: amongText(first.reach, around) })),
  );
}

function jsonOf(each: readonly ReachUnder[], { isReal }: People): string {
  return `${printable(JSON.stringify({ isReal, policies: each.map(({ directory, reach }) => ({ policy: directory, ...reachJson(reach) })) }))}\n`;
}

/** Of the last policy, for that is the one that would be. */
function exitOf(each: readonly ReachUnder[]): Exit {
  if (each.some(({ reach }) => reach.secondEngine.disagreements > 0)) return 2;
  const { ways, unknown } = each.at(-1)!.reach;
  if (ways === null) return 0;
  if (ways.length > 0) return 1;
  // A machine that nobody registered may be a step between, or one of those who were asked about.
  return unknown.workloads + unknown.ranges + unknown.untold > 0 ? 2 : 0;
}

import { Failure } from "@bulkhead/core/base/failure";
import type { Instant } from "@bulkhead/core/base/instant";
import type { PolicySet } from "@bulkhead/core/model/policy-set";
import type { ReachAsked } from "@bulkhead/core/reach/reach";
import { type RecordedStep, recordedStep } from "@bulkhead/core/reach/recorded-path";
import type { Readable } from "node:stream";
import type { People } from "./difference-inputs.ts";
import { linesOf } from "./lines-of.ts";
import { whomAsked } from "./whom-asked.ts";

/** A policy, and the directory as it was typed. */
export interface Revision {
  readonly directory: string;
  readonly set: PolicySet;
}

/** Between whom a line asks; with one end only, the other one is everybody. */
export function betweenAsked(
  { from, to }: { readonly from?: string; readonly to?: string },
  { set, sets }: { readonly set: PolicySet; readonly sets: readonly PolicySet[] },
  people: People,
): ReachAsked["between"] {
  if (from === undefined && to === undefined) return null;
  const known = { set, sets, inventory: people.after, isReal: people.isReal };
  const [client, server] = [from === undefined ? null : whomAsked("--from", from, known), to === undefined ? null : whomAsked("--to", to, known)];
  const others = (isMeant: NonNullable<typeof client>) => (one: Parameters<typeof isMeant>[0]) => one.end.kind === "known" && !isMeant(one);
  if (client !== null && server !== null) return { sides: { from: client, to: server }, listed: "from" };
  if (server !== null) return { sides: { from: others(server), to: server }, listed: "from" };
  return { sides: { from: client!, to: (one) => one.workload !== null && others(client!)(one) }, listed: "to" };
}

// A way in of more steps is no way that somebody went; the file is another one.
const stepsMost = 10_000;

/** The steps of a recorded way, one a line; a line that cannot be read is refused with its number. */
export async function recordedPath(
  path: string,
  { set, stdin, at }: { readonly set: PolicySet; readonly stdin: Readable; readonly at: Instant | null },
): Promise<readonly RecordedStep[]> {
  const steps: RecordedStep[] = [];
  let number = 0;
  for await (const lines of linesOf(path, stdin))
    for (const line of lines) {
      number += 1;
      if (line.trim() === "") continue;
      const step = recordedStep(line, { services: set.services, at });
      if (step.problem !== null)
        throw new Failure(
          `line ${number} of ${path} is no step: ${step.problem}`,
          'write {"from":"web-1","to":"10.0.0.9","over":"tcp/445","at":"2026-11-25T12:00:00Z"}, or what `bulkhead decode --json` prints',
        );
      if (steps.push(step) > stepsMost) throw new Failure(`${path} has more than ${stepsMost} steps`, "name a file with the steps of one way");
    }
  if (steps.length === 0) throw new Failure(`${path} has no step`, "write one a line, in the order in which they were gone");
  return steps;
}

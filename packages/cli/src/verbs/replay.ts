import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { ChangedFile } from "../beside-record.ts";
import { bulkheadVersion } from "../bulkhead-version.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";
import type { DecisionRecord } from "../decision-record.ts";
import type { Made } from "../made-report.ts";

interface Flags {
  readonly out?: string;
  readonly policy?: string;
  readonly json?: boolean;
  readonly data?: string;
}

export const command = buildCommand<Flags, [string], Context>({
  docs: {
    brief: "Compute a decision record again from its inputs, and say whether the same bytes come out and lie beside it",
    fullDescription:
      "Exit 0: the same bytes. 1: something differs, in what comes out or in what lies beside the record. 2: it cannot be computed again, because its inputs are gone or damaged.",
  },
  parameters: {
    flags: {
      out: { kind: "parsed", parse: String, optional: true, placeholder: "directory", brief: "Write what came out" },
      policy: { kind: "parsed", parse: String, optional: true, placeholder: "directory", brief: "Also say whether these policy files are those of the record" },
      json: { kind: "boolean", optional: true, brief: "The comparison as one JSON object" },
      data: { kind: "parsed", parse: String, optional: true, brief: "Data directory in which it was made (else BULKHEAD_DATA, else ./.bulkhead)" },
    },
    positional: {
      kind: "tuple",
      parameters: [{ placeholder: "record", brief: "The record.json beside a report, or the directory of the report", parse: String }],
    },
  },
  async func(this: Context, { out, policy, json, data }, named) {
    const path = statSync(named, { throwIfNoEntry: false })?.isDirectory() === true ? join(named, "record.json") : named;
    const [{ madeFrom }, { formsOf, writeAll }, { outputDigests, recordIn }, { pinned }, { changedBeside }] = await Promise.all([
      import("../made-report.ts"),
      import("../written-report.ts"),
      import("../decision-record.ts"),
      import("@bulkhead/adapters/records/pinned-inputs"),
      import("../beside-record.ts"),
    ]);
    const record = await recordIn(path);
    const made = await madeFrom(record.kind, pinned(heldDirectory(this, data), record.inputs));
    const files = await formsOf(made.document, { pdfAt: Object.hasOwn(record.outputs, "report.pdf") ? made.generatedAt : null });
    const since = policy === undefined ? [] : await changedSince(policy, made, path);
    const came = outputDigests(files);
    const names = [...new Set([...Object.keys(record.outputs), ...Object.keys(came)])].sort();
    const different = names.filter((name) => record.outputs[name] !== came[name]);
    const beside = await changedBeside(path, record);
    if (out !== undefined) await writeAll(out, files);
    const same = different.length === 0 && beside.length === 0;
    if (json === true) this.out(`${JSON.stringify({ same, files: names.length, different, beside, ...(policy === undefined ? {} : { policy: since }) })}\n`);
    else this.out(comparisonText({ record, count: names.length, different, beside }));
    if (record.bulkhead !== bulkheadVersion)
      this.say(`made by bulkhead ${printable(record.bulkhead)}, computed again by ${bulkheadVersion}, which may word things differently\n`);
    if (json !== true && policy !== undefined)
      this.out(since.length === 0 ? `the policy in ${printable(policy)} is that of the record\n` : since.map(lineOf).join(""));
    if (!same || since.length > 0) this.exit(1);
  },
});

interface Comparison {
  readonly record: DecisionRecord;
  readonly count: number;
  readonly different: readonly string[];
  readonly beside: readonly ChangedFile[];
}

function comparisonText({ record, count, different, beside }: Comparison): string {
  const from = `${counted(count, "file")} from the inputs ${record.inputs.digest.slice(0, 12)}`;
  const came =
    different.length > 0
      ? `${counted(different.length, "file")} of ${count} differ: ${different.map(printable).join(", ")}\n`
      : beside.length === 0
        ? `the same bytes: ${from}\n`
        : `what comes out is what the record says: ${from}\n`;
  return came + (beside.length === 0 ? "" : `what lies beside the record is not:\n${beside.map(lineOf).join("")}`);
}

const lineOf = ({ path, change }: ChangedFile): string => `${printable(path)} ${change} since\n`;

/** The files of a policy that are others than those of a deliverable. */
async function changedSince(directory: string, { kind, policy }: Made, record: string): Promise<readonly ChangedFile[]> {
  if (policy === null) throw new Failure(`${record} is of a ${kind}, which is about no policy`, "leave --policy out");
  const [{ policyTexts, revisionOf }, { changedFiles }] = await Promise.all([import("../register-inputs.ts"), import("../beside-record.ts")]);
  const now = new Map(revisionOf(await policyTexts(directory)).files.map(({ path, digest }) => [path, digest]));
  const was = new Map(policy.map(({ path, digest }) => [path, digest]));
  return changedFiles({ was, now });
}

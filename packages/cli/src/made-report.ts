import type { Instant } from "@bulkhead/core/base/instant";
import { shellWord } from "@bulkhead/core/base/shell-word";
import type { Flow } from "@bulkhead/core/model/flow";
import type { Document } from "@bulkhead/core/report/document";
import type { Revision } from "@bulkhead/core/report/register/facts";
import { bulkheadVersion } from "./bulkhead-version.ts";
import { type Context, printable } from "./context.ts";
import { counted } from "./counted.ts";
import type { ReportKind } from "./decision-record.ts";

/** A deliverable, from inputs that can be kept. */
export interface Made {
  readonly kind: ReportKind;
  readonly document: Document;
  /** The time that it bears. */
  readonly generatedAt: Instant;
  /** Verdicts in it to which the second engine gave another answer. */
  readonly disagreements: number;
  /** The files of the policy that it is about; null where it is about none. */
  readonly policy: Revision["files"] | null;
}

/** A deliverable from the lines that its inputs are kept as. */
export async function madeFrom(kind: ReportKind, lines: AsyncIterable<unknown>): Promise<Made> {
  const { inputsFrom } = await import("./input-lines.ts");
  switch (kind) {
    case "report architecture": {
      const { architectureReport } = await import("@bulkhead/core/report/architecture/architecture");
      const inputs = await inputsFrom<Parameters<typeof architectureReport>[0]>(lines);
      return { kind, document: architectureReport(inputs), generatedAt: inputs.generatedAt, disagreements: 0, policy: null };
    }
    case "report register": {
      const [{ registerReport }, { registerInputs }] = await Promise.all([import("@bulkhead/core/report/register/register"), import("./register-inputs.ts")]);
      const kept = await inputsFrom<Parameters<typeof registerInputs>[0]>(lines);
      const inputs = registerInputs(kept);
      return { kind, ...registerReport(inputs), generatedAt: inputs.generatedAt, policy: inputs.policy.files };
    }
  }
}

export interface Written {
  /** Where its inputs are kept. */
  readonly directory: string;
  readonly inputs: { readonly flows: readonly Flow[] };
  readonly out: string;
  readonly pdf: boolean;
  readonly json: boolean | undefined;
}

/** Writes a deliverable in all its forms with its decision record in place of an earlier one, keeps its inputs, and says where it lies; false where something else lies there. */
export async function writeReport(
  context: Context,
  { kind, document, generatedAt }: Omit<Made, "policy" | "disagreements">,
  { directory, inputs, out, pdf, json }: Written,
): Promise<boolean> {
  const [{ formsOf, writeAll }, { outputDigests, recordText }, { linesOf }, { pin }, { earlierIn, removeAll }] = await Promise.all([
    import("./written-report.ts"),
    import("./decision-record.ts"),
    import("./input-lines.ts"),
    import("@bulkhead/adapters/records/pinned-inputs"),
    import("./beside-record.ts"),
  ]);
  const { written, foreign } = await earlierIn(out);
  if (foreign.length > 0) {
    const some = foreign.slice(0, 5).map(printable).join(", ");
    context.say(
      `bulkhead: ${printable(out)} already has ${some}, which no report there names; nothing was written\n  next: name a directory that does not exist yet\n`,
    );
    context.exit(1);
    return false;
  }
  const files = await formsOf(document, { pdfAt: pdf ? generatedAt : null });
  const record = recordText({ record: 1, kind, bulkhead: bulkheadVersion, inputs: await pin(directory, linesOf(inputs)), outputs: outputDigests(files) });
  await removeAll(out, written);
  await writeAll(out, [...files, ["record.json", record] as const]);
  if (json === true) context.out(record);
  else
    context.out(
      `${printable(out)}/index.html: ${counted(files.size, "file")} and record.json; \`bulkhead replay ${printable(shellWord(`${out}/record.json`))}\` computes them again\n`,
    );
  return true;
}

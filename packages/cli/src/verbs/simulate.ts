import type { Instant } from "@bulkhead/core/base/instant";
import type { Counted, SegmentTraffic } from "@bulkhead/core/simulate/simulation";
import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import { dataWords } from "../as-typed.ts";
import { dataFlag } from "../place-flags.ts";
import type { Judged } from "../simulated-in.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { sinceFlag, untilFlag } from "../instant-flag.ts";
import { trainingShare } from "../training-share.ts";

interface Flags {
  readonly since?: Instant;
  readonly until?: Instant;
  readonly train?: number;
  readonly calendar?: string;
  readonly data?: string;
  readonly json?: boolean;
}

const trainedText =
  "Counted here are all connections; `bulkhead recommend --train` leaves out what looks like a scan, was never answered or cannot be named, so its share of denied ones is smaller.";

export const command = buildCommand<Flags, [string], Context>({
  docs: {
    brief: "What this policy would have done to the traffic that was recorded",
    fullDescription:
      "Every connection is judged at the instant it began. Allowed by rule, open, would be denied and cannot be told are counted apart, each with how much of it was observed, and each segment is safe, would break, or is unknown: nothing that somebody may depend on would be denied, and not all was observed. Exit 0: safe. 1: it would break, or the policy has errors. 2: unknown. Ctrl-C stops it; run again, it goes on where it was.",
  },
  parameters: {
    flags: {
      since: sinceFlag,
      until: untilFlag,
      train: {
        kind: "parsed",
        parse: trainingShare,
        optional: true,
        placeholder: "share",
        brief: "Only the time after this share of it, 70%: what a policy made with `recommend --train 70%` did not learn from",
      },
      calendar: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "file",
        brief: "Declared events (else those of `bulkhead calendar`): what was not recorded is not judged",
      },
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "The whole simulation as one JSON object" },
    },
    positional: { kind: "tuple", parameters: [{ placeholder: "directory", brief: "A directory with policy files", parse: String }] },
  },
  async func(this: Context, flags, directory) {
    if (flags.train !== undefined && flags.since !== undefined) throw new Failure("--train and --since both say where the time begins", "give one of them");
    const { policySetIn } = await import("../policy-input.ts");
    const set = await policySetIn(this, directory, flags.json === true);
    if (set === null) return;
    const [{ simulatedIn }, { laterThan }] = await Promise.all([import("../simulated-in.ts"), import("../trained.ts")]);
    const data = heldDirectory(this, flags.data);
    const { until = null, train } = flags;
    const since = train === undefined ? (flags.since ?? null) : await laterThan(data, { share: train, until });
    const simulation = typeable(
      await simulatedIn(
        data,
        { set, since, until, calendar: flags.calendar ?? null },
        { show: (text) => (this.isTerminal ? this.say(`\r\u001b[K${text}`) : undefined), say: (sentence) => this.say(`bulkhead: ${printable(sentence)}\n`) },
      ),
      dataWords(flags.data),
    );
    if (flags.json === true) {
      const { simulationJson } = await import("@bulkhead/core/simulate/json");
      await this.outSlowly(simulationJson(simulation));
    } else {
      const { simulationText } = await import("../simulation-text.ts");
      await this.outSlowly(simulationText(simulation));
      if (train !== undefined) this.out(`\n${trainedText}\n`);
    }
    if (simulation.secondEngine.disagreements > 0) this.exit(2);
    else if (simulation.word === "would break") this.exit(1);
    else if (simulation.word === "unknown") {
      if (simulation.totals.allowed === null && simulation.totals.open === null && simulation.totals.denied === null)
        this.say(
          "bulkhead: nothing could be told: no connection of this time was ingested whose ends are known\n  next: `bulkhead ingest PATH…` and `bulkhead inventory import FILE`\n",
        );
      this.exit(2);
    }
  },
});

/** The simulation with commands that find the records where they are. */
function typeable(simulation: Judged, ending: string): Judged {
  const typed = <Statement extends Counted>(one: Statement): Statement => ({ ...one, records: one.records + ending });
  const some = (one: Counted | null): Counted | null => (one === null ? null : typed(one));
  const totals = ({ allowed, open, denied, unknown }: SegmentTraffic["totals"]) => ({
    allowed: some(allowed),
    open: some(open),
    denied: some(denied),
    unknown: some(unknown),
  });
  return {
    ...simulation,
    totals: totals(simulation.totals),
    segments: simulation.segments.map((one) => ({ ...one, totals: totals(one.totals) })),
    pairs: simulation.pairs.map(typed),
    rules: simulation.rules.map(typed),
    layers: simulation.layers.map(typed),
  };
}

import type { World } from "@bulkhead/core/decide/world";
import type { PolicySet } from "@bulkhead/core/model/policy-set";
import type { Counted, Gap, Simulation } from "@bulkhead/core/simulate/simulation";
import { instantOf, type Instant } from "@bulkhead/core/base/instant";
import { buildCommand } from "@stricli/core";
import { dataWords } from "../as-typed.ts";
import { type Context, heldDirectory } from "../context.ts";
import { instantIn } from "../instant-flag.ts";

interface Flags {
  readonly since?: Instant;
  readonly until?: Instant;
  readonly data?: string;
  readonly json?: boolean;
}

export const command = buildCommand<Flags, [string], Context>({
  docs: {
    brief: "What this policy would have done to the traffic that was recorded",
    fullDescription:
      "Every connection is judged at the instant it began. Allowed by rule, open, would be denied and cannot be told are counted apart, each with how much of it was observed. Exit 0: nothing would be denied. 1: something would, or the policy has errors. 2: nothing could be told. Ctrl-C stops it; nothing is changed in any case.",
  },
  parameters: {
    flags: {
      since: { kind: "parsed", parse: instantIn, optional: true, brief: "Only connections that began at this time or later" },
      until: { kind: "parsed", parse: instantIn, optional: true, brief: "Only connections that began before this time" },
      data: { kind: "parsed", parse: String, optional: true, brief: "Data directory (else BULKHEAD_DATA, else ./.bulkhead)" },
      json: { kind: "boolean", optional: true, brief: "The whole simulation as one JSON object" },
    },
    positional: { kind: "tuple", parameters: [{ placeholder: "directory", brief: "A directory with policy files", parse: String }] },
  },
  async func(this: Context, flags, directory) {
    const { policySetIn } = await import("../policy-input.ts");
    const set = await policySetIn(this, directory, flags.json === true);
    if (set === null) return;
    const simulation = typeable(await simulated(this, set, flags), dataWords(flags.data));
    const { unseenIn } = await import("../calendar.ts");
    const unseenEvents = await unseenIn({ directory: heldDirectory(this, flags.data), file: null }, countedIn(simulation));
    if (flags.json === true) {
      const { simulationJson } = await import("@bulkhead/core/simulate/json");
      await this.outSlowly(simulationJson({ ...simulation, unseenEvents }));
    } else {
      const { simulationText } = await import("../simulation-text.ts");
      await this.outSlowly(simulationText(simulation, unseenEvents));
    }
    const { allowed, open, denied } = simulation.totals;
    if (simulation.secondEngine.disagreements > 0) this.exit(2);
    else if (denied !== null || simulation.spanning.some(({ ended }) => ended.answer.verdict === "deny")) this.exit(1);
    else if (allowed === null && open === null) {
      this.say(
        "bulkhead: nothing could be told: no connection of this time was ingested whose ends are known\n  next: `bulkhead ingest PATH…` and `bulkhead inventory import FILE`\n",
      );
      this.exit(2);
    }
  },
});

async function simulated(context: Context, set: PolicySet, { data, since, until }: Flags): Promise<Simulation> {
  const [{ openArchive }, { loadInventory }, { holderSegments }, { worldOf }, { simulateArchive }] = await Promise.all([
    import("@bulkhead/adapters/stores/open"),
    import("@bulkhead/adapters/inventories/state"),
    import("@bulkhead/core/inventory/holders"),
    import("@bulkhead/core/decide/world"),
    import("@bulkhead/core/simulate/simulate-archive"),
  ]);
  const directory = heldDirectory(context, data);
  const archive = await openArchive(directory);
  const show = (text: string): void => (context.isTerminal ? context.say(`\r\u001b[K${text}`) : undefined);
  try {
    const inventory = await loadInventory(directory);
    const gaps = await declaredGaps(directory);
    const world: World = worldOf(set, inventory);
    show("adding up what was recorded …");
    return await simulateArchive({
      archive,
      world,
      workloads: inventory.workloads,
      segments: holderSegments(inventory.workloads),
      gaps,
      since: since ?? null,
      until: until ?? null,
      onProgress: async (judged, of) => {
        show(`judged ${judged} of ${of} flows`);
        // Lets an interrupt in.
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
  } finally {
    show("");
    await archive.close();
  }
}

const countedIn = ({ totals }: Simulation): readonly Counted[] => Object.values(totals).filter((one) => one !== null);

/** The simulation with commands that find the records where they are. */
function typeable(simulation: Simulation, ending: string): Simulation {
  const typed = <Statement extends Counted>(one: Statement): Statement => ({ ...one, records: one.records + ending });
  const { allowed, open, denied, unknown } = simulation.totals;
  const some = (one: Counted | null): Counted | null => (one === null ? null : typed(one));
  return {
    ...simulation,
    totals: { allowed: some(allowed), open: some(open), denied: some(denied), unknown: some(unknown) },
    pairs: simulation.pairs.map(typed),
    rules: simulation.rules.map(typed),
    layers: simulation.layers.map(typed),
  };
}

/** What sensors were declared to have missed, where that can be read. */
async function declaredGaps(directory: string): Promise<readonly Gap[]> {
  const { keptSensors } = await import("@bulkhead/adapters/sources/sensors");
  return keptSensors(directory).flatMap(({ name, gaps }) =>
    (Array.isArray(gaps) ? (gaps as readonly { readonly from?: unknown; readonly until?: unknown }[]) : []).flatMap((gap) => {
      const [since, until] = [instantOf(String(gap?.from)), instantOf(String(gap?.until))];
      return since === undefined || until === undefined ? [] : [{ sensor: name, since, until }];
    }),
  );
}

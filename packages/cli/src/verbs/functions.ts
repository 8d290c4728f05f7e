import type { FunctionPair } from "@bulkhead/core/telemetry/functions/pairs";
import { buildCommand } from "@stricli/core";
import { existsSync } from "node:fs";
import { type Context, dataDirectory } from "../context.ts";
import { counted } from "../counted.ts";
import type { HeldPair } from "../functions-text.ts";

interface Flags {
  readonly changes?: boolean;
  readonly json?: boolean;
  readonly data?: string;
}

export const command = buildCommand<Flags, string[], Context>({
  docs: { brief: "What do industrial clients ask of their servers, and does it change anything? From captures and from Zeek's and ICSNPP's logs" },
  parameters: {
    flags: {
      changes: { kind: "boolean", optional: true, brief: "Only pairs that change something" },
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
      data: { kind: "parsed", parse: String, optional: true, brief: "Data directory whose inventory names the ends (else BULKHEAD_DATA, else ./.bulkhead)" },
    },
    positional: {
      kind: "array",
      parameter: { brief: "Files, directories, - for standard input; gzip is fine", parse: String, placeholder: "path" },
      minimum: 1,
    },
  },
  async func(this: Context, flags, ...paths) {
    const [{ readPaths }, { capturedFunctions }, { icsnpp }, { pairSums }, { Tally }, { functionsJson, functionsText }] = await Promise.all([
      import("@bulkhead/adapters/sources/read-file"),
      import("@bulkhead/adapters/sources/pcap/functions"),
      import("@bulkhead/adapters/sources/icsnpp/decode"),
      import("@bulkhead/core/telemetry/functions/pairs"),
      import("../tally.ts"),
      import("../functions-text.ts"),
    ]);
    const sought = { formats: [capturedFunctions, icsnpp], words: "captures; Zeek's and ICSNPP's logs modbus, dnp3, enip, cip, opcua_binary" };
    const tally = new Tally(this, null);
    const sums = pairSums();
    for await (const read of readPaths(paths, { format: null, sought, stdin: this.stdin, signal: new AbortController().signal })) {
      tally.count(read);
      const uses = read.kind === "decoded" ? read.decoded.flatMap((one) => (one.kind === "use" ? [one.use] : [])) : [];
      for (const use of uses) sums.add(use);
    }
    const all = sums.pairs();
    const shown = (await holding(dataDirectory(this, flags.data)))(flags.changes === true ? all.filter(({ changes }) => changes === true) : all);
    await this.outSlowly(flags.json === true ? functionsJson(shown) : functionsText(shown));
    const changing = all.filter(({ changes }) => changes === true).length;
    this.say(
      `${counted(all.length, "pair")}, ${changing} of them change${changing === 1 ? "s" : ""} something${tally.unread > 0 ? `; ${counted(tally.unread, "file")} not read` : ""}\n`,
    );
    if (sums.beyond() > 0) this.say(`${counted(sums.beyond(), "message")} of further pairs found no room and are not counted\n`);
    if (all.length === 0) this.exit(2);
  },
});

/** Puts beside pairs who held their addresses when they were first seen; without an inventory, nobody did. */
async function holding(directory: string): Promise<(pairs: readonly FunctionPair[]) => readonly HeldPair[]> {
  if (!existsSync(directory)) return (pairs) => pairs.map((pair) => ({ ...pair, clientWorkloads: [], serverWorkloads: [] }));
  const [{ loadInventory }, { holderSegments }, { attributionOf }, { workloadsOf }] = await Promise.all([
    import("@bulkhead/adapters/inventories/state"),
    import("@bulkhead/core/inventory/holders"),
    import("@bulkhead/core/telemetry/attribute"),
    import("../held-connection.ts"),
  ]);
  const attribution = attributionOf(holderSegments((await loadInventory(directory)).workloads));
  return (pairs) =>
    pairs.map((pair) => {
      const first = pair.functions.reduce<number | null>(
        (least, one) => (one.first !== null && (least === null || one.first < least) ? one.first : least),
        null,
      );
      return { ...pair, clientWorkloads: workloadsOf(attribution(pair.client, first)), serverWorkloads: workloadsOf(attribution(pair.server, first)) };
    });
}

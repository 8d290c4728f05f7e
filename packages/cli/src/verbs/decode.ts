import { Failure } from "@bulkhead/core/base/failure";
import type { Connection } from "@bulkhead/core/model/connection";
import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import { datedBy, type ReadingFlags, readingFlags } from "../reading-flags.ts";

interface Flags extends ReadingFlags {
  readonly rejects?: boolean;
  readonly json?: boolean;
}

export const command = buildCommand<Flags, string[], Context>({
  docs: { brief: "What do you read in these files? One line a record, before anything is attributed or stored" },
  parameters: {
    flags: {
      ...readingFlags,
      rejects: { kind: "boolean", optional: true, brief: "List every record and file that could not be read, on standard error" },
      json: { kind: "boolean", optional: true, brief: "One JSON object a line" },
    },
    positional: {
      kind: "array",
      parameter: { brief: "Files, directories, - for standard input; gzip is fine", parse: String, placeholder: "path" },
      minimum: 1,
    },
  },
  async func(this: Context, flags, ...paths) {
    const [{ readPaths }, { readingFormat }, { Tally }, { connectionJson, connectionTable }] = await Promise.all([
      import("@bulkhead/adapters/sources/read-file"),
      import("../reading-format.ts"),
      import("../tally.ts"),
      import("../connection-text.ts"),
    ]);
    const format = await readingFormat(flags);
    const tally = new Tally(this, flags.rejects === true);
    const stopping = new AbortController();
    const stop = () => stopping.abort();
    process.once("SIGINT", stop);
    const tableOf = connectionTable();
    const textOf = (connections: readonly Connection[]): string => (flags.json === true ? connections.map(connectionJson).join("") : tableOf(connections));
    for await (const read of readPaths(paths, { format, dated: datedBy(flags), stdin: this.stdin, signal: stopping.signal })) {
      tally.count(read);
      if (read.kind !== "decoded") continue;
      await this.outSlowly(textOf(read.decoded.flatMap((one) => (one.kind === "connection" ? [one.connection] : []))));
    }
    process.removeListener("SIGINT", stop);
    this.out(textOf([]));
    tally.say();
    if (stopping.signal.aborted) throw new Failure("stopped before the end", "what was printed is whole records");
    if (tally.connections === 0) this.exit(2);
  },
});

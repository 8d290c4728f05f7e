import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, dataDirectory } from "../context.ts";
import { counted } from "../counted.ts";
import { datedBy, type ReadingFlags, readingFlags } from "../reading-flags.ts";

interface Flags extends ReadingFlags {
  readonly source?: string;
  readonly sensors?: string;
  readonly data?: string;
  readonly rejects?: boolean;
  readonly json?: boolean;
}

export const command = buildCommand<Flags, string[], Context>({
  docs: { brief: "Keep what these files say about connections; a file that is given again counts once" },
  parameters: {
    flags: {
      source: { kind: "parsed", parse: String, optional: true, brief: "Who observed, where neither the records nor --sensors say it" },
      sensors: { kind: "parsed", parse: String, optional: true, brief: "A JSON file that says which sensor wrote which files" },
      ...readingFlags,
      data: dataFlag,
      rejects: { kind: "boolean", optional: true, brief: "List every record and file that could not be read, on standard error" },
      json: { kind: "boolean", optional: true, brief: "One JSON object with the counts" },
    },
    positional: {
      kind: "array",
      parameter: { brief: "Files, directories, - for standard input; gzip is fine", parse: String, placeholder: "path" },
      minimum: 1,
    },
  },
  async func(this: Context, flags, ...paths) {
    const [{ readPaths }, { readingFormat }, { Tally }, { openArchive }, { Intake }, sensors] = await Promise.all([
      import("@bulkhead/adapters/sources/read-file"),
      import("../reading-format.ts"),
      import("../tally.ts"),
      import("@bulkhead/adapters/stores/open"),
      import("../intake.ts"),
      import("@bulkhead/adapters/sources/sensors"),
    ]);
    const data = dataDirectory(this, flags.data);
    const declared = flags.sensors === undefined ? [] : sensors.readSensors(flags.sensors);
    const sensorOf = sensors.sensorFinder(flags.sensors ?? "", declared);
    const format = await readingFormat(flags);
    const archive = await openArchive(data);
    if (declared.length > 0) sensors.keepSensors(data, declared);
    const tally = new Tally(this, flags.rejects === true);
    const intake = new Intake(archive, (connection) => {
      const sensor = sensorOf(connection.file) ?? (flags.source === undefined ? null : { name: flags.source });
      return sensor === null ? connection : sensors.asDeclared(connection, sensor);
    });
    const stopping = new AbortController();
    const stop = () => stopping.abort();
    process.once("SIGINT", stop);
    try {
      for await (const read of readPaths(paths, { format, dated: datedBy(flags), stdin: this.stdin, signal: stopping.signal })) {
        tally.count(read);
        await intake.take(read);
        if (this.isTerminal) this.say(`\r${intake.kept + intake.known} records `);
      }
      await intake.finished();
    } finally {
      process.removeListener("SIGINT", stop);
      await archive.close();
      if (this.isTerminal) this.say("\r\x1b[K");
    }
    tally.say();
    const { kept, known } = intake;
    if (flags.json === true) this.out(`${JSON.stringify({ kept, known, rejected: tally.rejects, unread: tally.unread })}\n`);
    else this.out(`${counted(kept, "record")} kept${known > 0 ? `, ${known} already known` : ""}\n`);
    if (stopping.signal.aborted)
      throw new Failure(`stopped before the end; ${counted(kept, "record was", "records were")} kept`, "give the same files again: what is kept counts once");
    if (tally.connections === 0) this.exit(2);
  },
});

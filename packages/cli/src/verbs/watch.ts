import { Failure } from "@bulkhead/core/base/failure";
import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, madeDirectory } from "../context.ts";
import { untilEnded } from "../until-ended.ts";
import { datedBy, type ReadingFlags, readingFlags } from "../reading-flags.ts";

interface Flags extends ReadingFlags {
  readonly settle?: number;
  readonly data?: string;
  readonly json?: boolean;
}

const settleMs = 30_000;

export const command = buildCommand<Flags, string[], Context>({
  docs: { brief: "Read on in the files of directories as they grow, until Ctrl-C; docs/reference/feeds.md says what is kept when" },
  parameters: {
    flags: {
      ...readingFlags,
      settle: { kind: "parsed", parse: milliseconds, optional: true, brief: "How long a file must rest before it is taken as whole (30s)" },
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "One JSON object a line: what is watched, and in the end what was read" },
    },
    positional: { kind: "array", parameter: { brief: "Directories; what is in them is found too", parse: String, placeholder: "dir" }, minimum: 1 },
  },
  async func(this: Context, flags, ...paths) {
    const [{ Watcher }, { feed, keptText }, { readingFormat }, { digestOf }, fs, { resolve }] = await Promise.all([
      import("@bulkhead/adapters/feeds/watch"),
      import("../feeding.ts"),
      import("../reading-format.ts"),
      import("@bulkhead/adapters/digest"),
      import("node:fs"),
      import("node:path"),
    ]);
    const directories = paths.map((path) => resolve(path)).sort();
    for (const path of directories)
      if (fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true)
        throw new Failure(`${path} is no directory`, "name directories; `bulkhead ingest` reads files");
    const format = await readingFormat(flags);
    const data = madeDirectory(this, flags.data);
    const signal = untilEnded(this.env);
    const folder = `watch-${digestOf(directories.join("\n")).slice(0, 16)}`;
    const words = { data, feed: `watch ${directories.join(", ")}`, folder, say: this.say, signal };
    const inbox = await feed(words, async (inbox, fed) => {
      const watcher = new Watcher(
        {
          directories,
          format,
          dated: datedBy(flags),
          settleMs: flags.settle ?? settleMs,
          inbox,
          say: this.say,
          now: () => Date.now() * 1000,
          signal,
        },
        fed,
      );
      for (const path of directories) this.out(flags.json === true ? `${JSON.stringify({ watching: path })}\n` : `watching: ${path}\n`);
      return { beforeFlush: () => watcher.poll(), kernelDrops: () => ({}), close: async () => undefined };
    });
    this.out(flags.json === true ? `${JSON.stringify({ read: inbox.records, unkept: inbox.waiting })}\n` : keptText(inbox, "read"));
    if (inbox.waiting > 0) this.exit(1);
  },
});

/** `30s`, `500ms` or `2m`. */
function milliseconds(text: string): number {
  const [, digits, unit = ""] = /^(\d{1,6})(ms|s|m)$/.exec(text) ?? [];
  if (digits === undefined) throw new Failure(`\`${text}\` is no length of time`, "write 30s");
  return Number(digits) * ({ ms: 1, s: 1000, m: 60_000 }[unit] ?? 1);
}

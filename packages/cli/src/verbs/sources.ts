import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory } from "../context.ts";

interface Flags {
  readonly data?: string;
  readonly json?: boolean;
}

export const command = buildCommand<Flags, [], Context>({
  docs: { brief: "What feeds us, since when, how completely, and what it cannot tell" },
  parameters: {
    flags: {
      data: dataFlag,
      json: { kind: "boolean", optional: true, brief: "One JSON object" },
    },
  },
  async func(this: Context, flags) {
    const [{ feedsOf }, { openArchive }, { sourcesJson, sourcesText, toldByFiles }] = await Promise.all([
      import("@bulkhead/adapters/feeds/feeds"),
      import("@bulkhead/adapters/stores/open"),
      import("../feed-text.ts"),
    ]);
    const data = heldDirectory(this, flags.data);
    const archive = await openArchive(data);
    try {
      const feeds = feedsOf(data);
      const told = toldByFiles(await archive.sources(), feeds);
      const now = Date.now() * 1000;
      if (flags.json === true) this.out(`${JSON.stringify(sourcesJson(feeds, told, now))}\n`);
      else this.out(sourcesText(feeds, told, now));
      if (feeds.length === 0 && told.length === 0) {
        this.say("nothing has fed this data directory yet; `bulkhead ingest`, `bulkhead listen` and `bulkhead watch` do\n");
        this.exit(1);
      }
    } finally {
      await archive.close();
    }
  },
});

// Builds dist/bulkhead-agent.mjs: the agent in one file that runs with Node alone. Run after a build.
import { chmodSync } from "node:fs";
import { join, resolve } from "node:path";
import { rolldown } from "rolldown";

const root = join(import.meta.dirname, "..");
const file = resolve(root, process.argv[2] ?? "dist/bulkhead-agent.mjs");
const bundle = await rolldown({ input: join(root, "packages/cli/dist/door.js"), platform: "node" });
await bundle.write({ file, format: "esm", codeSplitting: false, banner: "#!/usr/bin/env node" });
await bundle.close();
chmodSync(file, 0o755);
console.log(file);

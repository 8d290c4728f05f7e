// `npm run bench -- decide ingest map [--large]`: each benchmark runs its peers in the same run and prints medians and ratios.
import { readdirSync } from "node:fs";
import { loadavg } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const known = readdirSync(here)
  .flatMap((name) => /^(.+)\.bench\.mjs$/.exec(name)?.[1] ?? [])
  .sort();
// `ingest` is the whole way in: captures, text logs, exported flows, the store.
const families = { ingest: ["pcap", "text", "netflow", "store"] };

const words = process.argv.slice(2);
const large = words.includes("--large");
const asked = words.filter((word) => !word.startsWith("--")).flatMap((word) => families[word] ?? [word]);
const strange = asked.filter((name) => !known.includes(name));
if (strange.length > 0) {
  console.error(`no benchmark is called ${strange.join(", ")}; there are ${[...known, ...Object.keys(families)].join(", ")}`);
  process.exit(2);
}
for (const name of asked.length === 0 ? known : asked) {
  console.log(`\n## ${name}  (load average ${loadavg()[0].toFixed(2)}, Node ${process.versions.node})`);
  const { run } = await import(`./${name}.bench.mjs`);
  await run({ say: console.log, large });
}

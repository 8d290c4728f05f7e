// Printed figures about questions that no test answers with yes or no: `npm run score -- NAME [--seeds 1-3]`. One file in tools/score for each.
import { existsSync, readdirSync } from "node:fs";

const [name, ...words] = process.argv.slice(2);
const folder = new URL("score/", import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".mjs"))
  .map((file) => file.slice(0, -".mjs".length))
  .sort();
// Whoever reads only the first lines (`head`) has what he wants.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});
if (name === undefined || !existsSync(new URL(`${name}.mjs`, folder))) {
  console.error(`${name === undefined ? "say which score" : `no score is called ${name}`}; there ${names.length === 1 ? "is" : "are"} ${names.join(", ")}`);
  process.exitCode = 2;
} else {
  const { run } = await import(new URL(`${name}.mjs`, folder).href);
  process.exitCode = await run(words, (text) => console.log(text));
}

import { Failure } from "@bulkhead/core/base/failure";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The shop as a practice network. */
const shop = fileURLToPath(new URL("../../../examples/shop/lab.yaml", import.meta.url));

/** The words that start this very program, for the agents of the lab. */
export const bulkheadWords: readonly string[] = [process.execPath, fileURLToPath(new URL("../bin/bulkhead.js", import.meta.url))];

const bytesMax = 1 << 20;

/** The topology file that was named, or the shop's, with its text. */
export function topologyIn(path: string | undefined): { readonly file: string; readonly text: string } {
  const file = path === undefined ? shop : resolve(path);
  try {
    if (statSync(file).size > bytesMax) throw new Failure(`${file} has more than ${bytesMax} bytes`, "a topology is a page of text; describe fewer hosts");
    return { file, text: readFileSync(file, "utf8") };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      `the topology ${file} cannot be read (${String((error as NodeJS.ErrnoException).code)})`,
      "name a file like examples/shop/lab.yaml with --topology",
    );
  }
}

export const dataFlag = { kind: "parsed", parse: String, optional: true, brief: "Where the lab keeps its state" } as const;
export const jsonFlag = { kind: "boolean", optional: true, brief: "JSON for machines" } as const;

import { policyFilesIn } from "@bulkhead/adapters/policies/directory";
import { Failure } from "@bulkhead/core/base/failure";
import { readPolicySet } from "@bulkhead/core/language/read";
import type { Rule } from "@bulkhead/core/model/policy-set";
import { boundedText } from "./bounded-text.ts";
import type { Context } from "./context.ts";
import { diagnosticsText } from "./diagnostics-text.ts";

const bytesMax = 1 << 20;

/**
 * The `forbid` rules of a file that stands beside a policy, in the words of that policy: its networks, zones and services.
 * Null after its mistakes were printed on standard error, and the exit code set to 2.
 */
export async function notGrantedIn(context: Context, directory: string, path: string): Promise<readonly Rule[] | null> {
  const text = await boundedText(path, { bytesMax, next: "split it, and ask once for each part" });
  const files = await policyFilesIn(directory);
  // The name of no file of the directory: hidden ones are left out of it.
  const own = `.not-granted/${path}`;
  const { set, diagnostics } = readPolicySet([...files, { path: own, bytes: new TextEncoder().encode(text) }]);
  const wrong = diagnostics.filter(({ at, severity }) => at.file === own && severity === "error");
  const shown = wrong.map((one) => ({ ...one, at: { ...one.at, file: path } }));
  if (shown.length > 0) {
    context.say(diagnosticsText(shown, { textOf: () => text, directory: ".", colours: false }));
    context.exit(2);
    return null;
  }
  const forbids = set.forbids.filter(({ at }) => at.file === own);
  if (forbids.length === 0)
    throw new Failure(`${path} has no \`forbid\` rules`, "write what nobody may be granted as `forbid:` rules, each with name, from, to and because");
  return forbids;
}

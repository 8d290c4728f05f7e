import type { Policy } from "../model/policy-set.ts";
import type { Fields, Keys } from "./fields.ts";
import { declare } from "./names.ts";
import { type Reading, report } from "./reading.ts";
import { registerIn } from "./register.ts";
import { allowForm, forms, rulesIn } from "./rule.ts";
import { selectorIn } from "./selector.ts";
import type { Entry, Tree } from "./tree.ts";
import { textIn, wordIn } from "./values.ts";

/** Keys that only a file with `policy:` has. */
export const policyKeys = ["owner", "scope", "egress", "allow"] as const;

/** What a file must have that has one of these keys; another file needs nothing. */
export function requiredOfPolicy(tree: Tree): Pick<Keys, "required" | "missingAt"> {
  const entries = tree.kind === "mapping" ? tree.entries : [];
  const first = entries.find(({ key }) => key === "policy") ?? entries.find(({ key }) => policyKeys.some((one) => one === key));
  if (first === undefined) return {};
  const policy = { policy: "policy: NAME" };
  const rest = { owner: "owner: who answers for it", scope: "scope: { app: … }" };
  // What stands inside `policy:` is told there.
  if (first.value.kind === "mapping" && first.key === "policy") return {};
  return { required: first.key === "policy" ? { ...policy, ...rest } : policy, missingAt: first.keyAt };
}

/** The policy of a file, or null when it has none or could not be read as one. */
export function readPolicy(reading: Reading, fields: Fields): Policy | null {
  const entry = fields.get("policy");
  if (entry === undefined) return null;
  if (entry.value.kind === "mapping") {
    reading.vague.add("policy");
    report(reading, "wrong-type", entry.value.at, [
      "`policy` is the name of the policy, and this is a mapping",
      "write `policy: NAME`, and the other keys below it without indentation",
    ]);
    return null;
  }
  const name = textIn(reading, entry.value, "policy");
  if (name === null) reading.vague.add("policy");
  const isDeclared = name !== null && declare(reading, "policy", { name: name.value, at: name.at });
  const scopeEntry = fields.get("scope");
  const scope = scopeEntry === undefined ? null : selectorIn(reading, scopeEntry.value, "scope");
  const egress = fields.get("egress");
  const word = egress === undefined ? null : wordIn(reading, { ...egress, key: "egress" }, ["open", "closed"]);
  const register = registerIn(reading, fields);
  const prefix = name?.value ?? "?";
  const allow = rulesOf(reading, fields.get("allow"), allowForm(prefix));
  const exceptions = rulesOf(reading, fields.get("exceptions"), { ...forms.exceptions, prefix });
  if (!isDeclared || name === null || scope === null) return null;
  const policy = { name: name.value, owner: String(register["owner"] ?? ""), scope, egressClosed: word === "closed", allow, exceptions, register, at: name.at };
  reading.policies.set(policy.name, policy);
  return policy;
}

const rulesOf = (reading: Reading, entry: Entry | undefined, form: Parameters<typeof rulesIn>[2]): ReturnType<typeof rulesIn> =>
  entry === undefined ? [] : rulesIn(reading, entry, form);

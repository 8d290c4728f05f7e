import type { Policy } from "../model/policy-set.ts";
import type { Fields } from "./fields.ts";
import { declare } from "./names.ts";
import { quoted, type Reading, report } from "./reading.ts";
import { registerIn } from "./register.ts";
import { allowForm, forms, rulesIn } from "./rule.ts";
import { selectorIn } from "./selector.ts";
import type { Entry } from "./tree.ts";
import { textIn, wordIn } from "./values.ts";

/** Keys that only a file with `policy:` has. */
export const policyKeys = ["owner", "scope", "egress", "allow"] as const;

/** The policy of a file, or null when it has none or could not be read as one. */
export function readPolicy(reading: Reading, fields: Fields): Policy | null {
  const entry = fields.get("policy");
  if (entry === undefined) return strayKeys(reading, fields);
  const name = textIn(reading, entry.value, "policy");
  if (name === null) reading.vague.add("policy");
  const isDeclared = name !== null && declare(reading, "policy", { name: name.value, at: name.at });
  for (const [key, example] of [
    ["owner", "owner: who answers for it"],
    ["scope", "scope: { app: … }"],
  ] as const)
    if (fields.get(key) === undefined) report(reading, "missing-key", name?.at ?? entry.keyAt, [`a policy needs ${quoted(key)}`, `add ${quoted(example)}`]);
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

function strayKeys(reading: Reading, fields: Fields): null {
  const stray = policyKeys.map((key) => fields.get(key)).find((entry) => entry !== undefined);
  if (stray !== undefined) {
    report(reading, "missing-key", stray.keyAt, [`${quoted(stray.key)} belongs to a policy, and this file names none`, "add `policy: NAME` to the file"]);
    reading.vague.add("policy");
    reading.vague.add("rule");
  }
  return null;
}

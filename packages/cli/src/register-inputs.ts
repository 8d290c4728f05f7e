import { policyFilesIn } from "@bulkhead/adapters/policies/directory";
import { digestOf } from "@bulkhead/adapters/digest";
import { readPolicySet } from "@bulkhead/core/language/read";
import type { PolicySet } from "@bulkhead/core/model/policy-set";
import type { RegisterInputs, Revision } from "@bulkhead/core/report/register/facts";
import { formatsCannotTell } from "./cannot-tell.ts";
import { declaredGaps } from "./declared-gaps.ts";
import type { People } from "./difference-inputs.ts";

/** The files of a policy as texts, which is how they are kept. */
export type PolicyTexts = readonly { readonly path: string; readonly text: string }[];

/** What the register is computed from as it is kept: the policy as it was written. */
export type RegisterKept = Omit<RegisterInputs, "policy" | "before"> & { readonly policy: PolicyTexts; readonly before: PolicyTexts | null };

// A byte order mark is part of a file, and of its digest.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** The policy files of a directory as texts. */
export async function policyTexts(directory: string): Promise<PolicyTexts> {
  return (await policyFilesIn(directory)).map(({ path, bytes }) => ({ path, text: decoder.decode(bytes) }));
}

/** The policy that texts say, with the digest of each and of them all. */
export function revisionOf(texts: PolicyTexts): Revision {
  const files = texts.map(({ path, text }) => ({ path, digest: digestOf(text) }));
  return { set: policySetOf(texts), files, version: digestOf(files.map(({ path, digest }) => `${digest}  ${path}\n`).join("")) };
}

const policySetOf = (texts: PolicyTexts): PolicySet => readPolicySet(texts.map(({ path, text }) => ({ path, bytes: encoder.encode(text) }))).set;

/** The inputs of the report from what was kept. */
export function registerInputs({ policy, before, ...rest }: RegisterKept): RegisterInputs {
  return { ...rest, policy: revisionOf(policy), before: before === null ? null : revisionOf(before) };
}

interface Asked extends Pick<RegisterInputs, "version" | "generatedAt" | "front" | "since" | "until"> {
  readonly people: Pick<People, "after" | "isReal">;
  /** Where recorded flows are; null where nobody asked for them. */
  readonly directory: string | null;
  readonly policy: PolicyTexts;
  readonly before: PolicyTexts | null;
}

/** Everything that the register of a policy is computed from. */
export async function registerKept({ people, directory, ...asked }: Asked): Promise<RegisterKept> {
  const { workloads, points, quarantined } = people.after;
  const inventory = { workloads: workloads.map(({ id, labels, leases, identity, point }) => ({ id, labels, leases, identity, point })), points, quarantined };
  const { isReal } = people;
  const cannotTell = await formatsCannotTell();
  if (directory === null) return { ...asked, inventory, isReal, cannotTell, flows: [], sources: [], gaps: [] };
  const [{ openArchive }, { holderSegments }, { worldOf }, { withOneAnswer }] = await Promise.all([
    import("@bulkhead/adapters/stores/open"),
    import("@bulkhead/core/inventory/holders"),
    import("@bulkhead/core/decide/world"),
    import("@bulkhead/core/simulate/told-apart"),
  ]);
  const archive = await openArchive(directory);
  try {
    const { since, until } = asked;
    const segments = holderSegments(workloads);
    const all = await archive.conversations({ since, until, segments });
    const world = worldOf(policySetOf(asked.policy), inventory);
    const flows = await withOneAnswer({ archive, segments }, world, { flows: all, since, until });
    return { ...asked, inventory, isReal, cannotTell, flows, sources: await archive.sources(), gaps: await declaredGaps(directory) };
  } finally {
    await archive.close();
  }
}

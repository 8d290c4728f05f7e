import { listIn, objectIn, textIn } from "../json-fields.ts";

// A flow passes a handful of tiers.
const policiesMax = 64;

/**
 * The policy that decided, as `namespace/tier.policy`: the last enforced one whose action is the flow's. Staged ones decide nothing, and
 * profiles are what Calico falls back to.
 */
export function ruleOf(policies: unknown, action: string | undefined): string | null {
  const told = objectIn(policies);
  const lists = [told["enforced_policies"], told["enforced"], told["all_policies"], told["transit_policies"]];
  const enforced = lists.map(listIn).find((list) => list.length > 0) ?? [];
  const steps = enforced.slice(0, policiesMax).flatMap((one) => stepOf(one) ?? []);
  return steps.findLast((step) => step.action === action && !step.isStaged)?.name ?? null;
}

interface Step {
  readonly name: string;
  readonly action: string;
  readonly isStaged: boolean;
}

/** A step as Enterprise writes it, `order|tier|namespace/tier.policy|action|rule`, or as an object of open-source Calico. */
function stepOf(one: unknown): Step | null {
  if (typeof one === "string") {
    const [, , name, action] = (textIn(one) ?? "").split("|");
    return name === undefined || action === undefined || name === "" ? null : { name, action: action.toLowerCase(), isStaged: /(^|\/)staged:/.test(name) };
  }
  const { kind = "", name, namespace, action = "" } = textsOf(objectIn(one), ["kind", "name", "namespace", "action"]);
  if (name === undefined) return null;
  return { name: namespace === undefined ? name : `${namespace}/${name}`, action: action.toLowerCase(), isStaged: kind.startsWith("Staged") };
}

function textsOf(object: Readonly<Record<string, unknown>>, names: readonly string[]): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(names.map((name) => [name, textIn(object[name])]));
}

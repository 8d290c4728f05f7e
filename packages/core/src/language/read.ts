import type { Diagnostic } from "../base/diagnostic.ts";
import { byCodePoint } from "../base/order.ts";
import type { Policy, PolicySet, PolicyTest, Rule, Stages } from "../model/policy-set.ts";
import { checkSet } from "./checks.ts";
import { readLabels, readNetworks, readServices, readZones } from "./declarations.ts";
import { type Fields, fieldsOf } from "./fields.ts";
import type { PolicyFile } from "./policy-file.ts";
import { policyKeys, readPolicy, requiredOfPolicy } from "./policy.ts";
import { readTests } from "./policy-tests.ts";
import { type Kind, newReading, type Reading, report } from "./reading.ts";
import { registerKeys } from "./register.ts";
import { forms, rulesIn } from "./rule.ts";
import { readStages } from "./stages.ts";
import { type Entry, isNothing, type Tree } from "./tree.ts";
import { readYaml } from "./yaml-text.ts";

export type { PolicyFile } from "./policy-file.ts";

export interface PolicyReading {
  readonly set: PolicySet;
  readonly diagnostics: readonly Diagnostic[];
  /** How many names were not checked, because what they refer to may stand in what could not be read. */
  readonly unchecked: number;
}

/** Everything a directory says, and every mistake in it, errors and warnings, sorted by place. With errors the set holds what could be read. */
export function readPolicySet(files: readonly PolicyFile[]): PolicyReading {
  const reading = newReading();
  const roots: Fields[] = [];
  for (const file of files.toSorted((a, b) => byCodePoint(a.path, b.path))) {
    const root = rootOf(reading, file);
    if (root !== null) roots.push(root);
  }
  const set = setOf(reading, roots);
  checkSet(reading, set);
  return { set, diagnostics: sorted(reading.diagnostics), unchecked: reading.unchecked.length };
}

const sections = ["labels", "services", "networks", "zones", "conduits", "forbid", "common", "exceptions", "stages", "tests"];
const rootKeys = { what: "a policy file", known: [...sections, "policy", ...policyKeys, ...registerKeys.filter((key) => key !== "owner")] };
const kinds: readonly Kind[] = ["label", "service", "network", "zone", "policy", "rule"];

function rootOf(reading: Reading, file: PolicyFile): Fields | null {
  const before = reading.diagnostics.length;
  const yaml = readYaml(reading, file);
  if (yaml !== null && isNothing(yaml.tree)) return null;
  const foreign = yaml === null ? undefined : kubernetesIn(yaml.tree);
  if (foreign !== undefined) report(reading, "unknown-key", foreign.keyAt, kubernetesWords);
  const root = yaml === null || foreign !== undefined ? null : fieldsOf(reading, yaml.tree, { ...rootKeys, ...requiredOfPolicy(yaml.tree) });
  // Whatever other files refer to may stand in what could not be read, and is no second mistake.
  const isPartial = root === null || reading.diagnostics.length > before;
  if (isPartial) for (const kind of kinds) reading.vague.add(kind);
  return root;
}

const kubernetesWords = [
  "this is an object of Kubernetes, and no policy of ours",
  "write it as a policy: `policy: NAME`, `owner`, `scope` for the pods that it selects, and `allow` with a rule for each ingress",
] as const;

/** The key by which an object of Kubernetes is known. */
const kubernetesIn = (tree: Tree): Entry | undefined =>
  tree.kind === "mapping" && tree.entries.some(({ key }) => key === "kind") ? tree.entries.find(({ key }) => key === "apiVersion") : undefined;

/** Reads declarations before what refers to them, whatever the order of files and sections. */
function setOf(reading: Reading, roots: readonly Fields[]): PolicySet {
  const each = <Item>(key: string, read: (entry: NonNullable<ReturnType<Fields["get"]>>, root: Fields) => readonly Item[]): readonly Item[] =>
    roots.flatMap((root) => {
      const entry = root.get(key);
      return entry === undefined ? [] : read({ ...entry, key }, root);
    });
  const labels = each("labels", (entry) => readLabels(reading, entry));
  const services = each("services", (entry) => readServices(reading, entry));
  const networks = each("networks", (entry) => readNetworks(reading, entry));
  const zones = each("zones", (entry) => readZones(reading, entry));
  const rules = (key: keyof typeof forms): readonly Rule[] => each(key, (entry) => rulesIn(reading, entry, forms[key]));
  const [conduits, forbids, commons] = [rules("conduits"), rules("forbid"), rules("common")];
  const exceptions = each("exceptions", (entry, root) => (root.get("policy") === undefined ? rulesIn(reading, entry, forms.exceptions) : []));
  const own = new Map<Fields, Policy>();
  for (const root of roots) {
    const policy = readPolicy(reading, root);
    if (policy !== null) own.set(root, policy);
  }
  const stages = joined(each("stages", (entry) => [readStages(reading, entry)]));
  const tests: readonly PolicyTest[] = each("tests", (entry, root) => readTests(reading, entry, own.get(root)?.name ?? null));
  return { labels, services, networks, zones, conduits, forbids, commons, exceptions, policies: [...own.values()], stages, tests };
}

const joined = (all: readonly Stages[]): Stages => ({ zones: all.flatMap((one) => one.zones), segments: all.flatMap((one) => one.segments) });

function sorted(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((a, b) => byCodePoint(a.at.file, b.at.file) || a.at.line - b.at.line || a.at.column - b.at.column || byCodePoint(a.code, b.code));
}

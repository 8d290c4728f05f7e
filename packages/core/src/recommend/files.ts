import { instantText } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import { everyRule } from "../decide/every-rule.ts";
import type { PolicySet } from "../model/policy-set.ts";
import { type HeldOut, type ProposalWorkload, type RuleDraft, type RuleEvidence, type RulePeer } from "./dependency.ts";
import { heldOutLines } from "./held-out-lines.ts";
import { commentText, yamlSelector, yamlValue } from "./policy-yaml.ts";
import { labelOf, type Segment } from "./sides.ts";
import { type Unstated, unstatedText } from "./unstated.ts";
import { endText } from "../model/flow.ts";

// Names that stand for exactly one service; `dns` would open more than was seen.
const names: Readonly<Record<string, string>> = {
  "tcp/80": "http",
  "tcp/443": "https",
  "udp/443": "quic",
  "tcp/22": "ssh",
  "udp/123": "ntp",
  "tcp/25": "smtp",
  "tcp/587": "submission",
  "tcp/636": "ldaps",
  "tcp/445": "smb",
  "tcp/135": "rpc",
  "udp/161": "snmp",
  "tcp/1433": "mssql",
  "tcp/1521": "oracle",
  "tcp/3306": "mysql",
  "tcp/5432": "postgres",
  "tcp/6379": "redis",
  "tcp/502": "modbus",
};
const linesMost = 40;

/** Everything that the files of a recommendation are made of. */
export interface Draft {
  readonly zones: ReadonlyMap<string, string>;
  readonly closed: ReadonlySet<string>;
  /** How many no zone claims, where what no zone claims is to be closed; else null. */
  readonly unplaced: number | null;
  /** The labels by which rules name workloads. */
  readonly labels: readonly string[];
  /** Those to be written. */
  readonly segments: ReadonlyMap<string, Segment>;
  readonly rules: readonly RuleDraft[];
  readonly evidence: ReadonlyMap<string, RuleEvidence>;
  /** What the file of each segment says of itself. */
  readonly sums: ReadonlyMap<string, string>;
  readonly heldOut: readonly HeldOut[];
  readonly workloads: readonly ProposalWorkload[];
  /** What the directory holds already: nothing of it is written again. */
  readonly present: PolicySet;
  /** The files of the directory: none is written over. */
  readonly taken: ReadonlySet<string>;
  /** When the common rules are to be looked at again: a date. */
  readonly review: string;
  /** Which labels are missing where a rule is wider than need be. */
  readonly unstatedOf: (rule: RuleDraft) => readonly Unstated[];
}

export interface WrittenFile {
  readonly path: string;
  readonly text: string;
}

/** The name of a rule in the whole set. */
export const fullNameOf = ({ kind, segment, name }: RuleDraft): string => (kind === "allow" ? `${segment}/${name}` : `${kind}/${name}`);

/** The files: zones, conduits and common rules for the architects, and one for each segment. Without evidence they say the same, without comments. */
export function filesOf(draft: Draft): readonly WrittenFile[] {
  const segments = [...draft.segments].sort(([a], [b]) => byCodePoint(a, b)).map(([name, segment]) => segmentFile(draft, name, segment));
  return [zonesFile(draft), conduitsFile(draft), commonFile(draft), ...segments].filter((file) => file !== null).map((file) => beside(file, draft.taken));
}

/** A path of its own: `conduits-2.yaml` where `conduits.yaml` is there. */
function beside(file: WrittenFile, taken: ReadonlySet<string>): WrittenFile {
  let path = file.path;
  for (let n = 2; taken.has(path); n += 1) path = file.path.replace(/\.yaml$/, `-${n}.yaml`);
  return { ...file, path };
}

const section = (title: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : [title, ...lines]);
const written = (path: string, lines: readonly string[]): WrittenFile => ({ path, text: `${lines.join("\n")}\n` });

/** Who owns zones and what crosses them, until somebody writes who that is here. */
const architects = "security-architecture";

/** Whether rules were written without a label schema: one that is added now would hold them against keys that it does not know. */
const isWithoutSchema = (set: PolicySet): boolean =>
  set.labels.length === 0 && [set.zones, set.policies, set.tests, everyRule(set)].some((said) => said.length > 0);

function zonesFile(draft: Draft): WrittenFile | null {
  const taken = new Set(isWithoutSchema(draft.present) ? draft.labels : draft.present.labels.map(({ key }) => key));
  const zones = [...draft.zones].map(([env, name]) => {
    const count = draft.workloads.filter(({ labels }) => labelOf(labels, "env") === env).length;
    const isClosed = draft.closed.has(name);
    const because = `proposed from the map: ${count} ${count === 1 ? "workload" : "workloads"} of this environment${isClosed ? "; those without an app are let in by common rules alone" : ""}`;
    return `  - { name: ${name}, members: ${yamlSelector({ env })}, inside: ${isClosed ? "closed" : "open"}, owner: ${architects}, because: ${yamlValue(because)} }`;
  });
  if (draft.unplaced !== null) {
    const said = `${draft.unplaced} ${draft.unplaced === 1 ? "workload is" : "workloads are"} in none of these zones: only common rules let in there; label them, and they leave it`;
    zones.push(`  - { name: unplaced, inside: closed, owner: ${architects}, because: ${yamlValue(said)} }`);
  }
  const labels = draft.labels.flatMap((key) => {
    const stated = draft.workloads.map((workload) => labelOf(workload.labels, key)).filter((value) => value !== null);
    if (stated.length === 0 || taken.has(key)) return [];
    const isRequired = stated.length === draft.workloads.length;
    const values = key === "env" ? `, values: [${[...new Set(stated)].sort(byCodePoint).map(yamlValue).join(", ")}]` : "";
    return [`  ${key}: { required: ${isRequired}${values}, authority: inventory }`];
  });
  const held = heldOutComments(draft.heldOut, "# Seen, and held out: nothing below is allowed. Find out what each is before you allow it.");
  const lines = [...section("labels:", labels), ...section("zones:", zones), ...held];
  if (lines.length === 0) return null;
  return written("zones.yaml", [
    `# The ${zones.length > 0 ? "large compartments" : "labels that rules name"}, proposed from what was seen. Owned by the security architects: read it, rename it, correct it.`,
    ...lines,
  ]);
}

function conduitsFile(draft: Draft): WrittenFile | null {
  const conduits = draft.rules.filter(({ kind }) => kind === "conduit").map((rule) => ruleText(draft, rule, [`owner: ${architects}`]));
  if (conduits.length === 0) return null;
  return written("conduits.yaml", [
    "# What crosses zones, proposed to the security architects: only they open a boundary.",
    "# Where an end is guarded by a policy, a rule of that policy must open it too.",
    "conduits:",
    ...conduits,
  ]);
}

function commonFile(draft: Draft): WrittenFile | null {
  const commons = draft.rules.filter(({ kind }) => kind === "common").map((rule) => ruleText(draft, rule, ["owner: platform", `review: ${draft.review}`]));
  if (commons.length === 0) return null;
  return written("common.yaml", [
    "# Shared infrastructure, recognised by how many segments use it or are used by it, and what lets in where no policy guards. Owned by the security architects.",
    "# A common rule opens segments; a boundary needs its conduit beside it.",
    "common:",
    ...commons,
  ]);
}

/** The policy of one application in one environment: who may come in, and what it needs outside of any guard. */
function segmentFile(draft: Draft, segment: string, { app, env, owner }: Segment): WrittenFile {
  const rules = draft.rules.filter((rule) => rule.segment === segment).map((rule) => ruleText(draft, rule, []));
  const members = new Set(draft.workloads.filter(({ labels }) => labelOf(labels, "app") === app && labelOf(labels, "env") === env).map(({ id }) => id));
  const held = draft.heldOut.filter(({ flow }) => [flow.client, flow.server].some((end) => end.kind === "held" && members.has(endText(end))));
  return written(`${segment}.yaml`, [
    `# First policy of ${commentText(app)} in ${commentText(env)}, proposed from what was seen. Whoever is not named here does not come in.`,
    ...[draft.sums.get(segment) ?? []].flat().map((line) => `# ${line}`),
    `policy: ${segment}`,
    `owner: ${yamlValue(owner)}`,
    `scope: ${yamlSelector({ app, env })}`,
    ...(rules.length === 0 ? ["allow: []"] : ["allow:", ...rules]),
    ...heldOutComments(held, "# Seen, and held out: nothing below is allowed."),
  ]);
}

function ruleText(draft: Draft, rule: RuleDraft, more: readonly string[]): string {
  const evidence = draft.evidence.get(fullNameOf(rule));
  return [
    ...(evidence === undefined ? [] : [`  # ${rule.likely === null ? evidenceText(evidence) : likelyText(rule.likely, evidence)}`]),
    ...(evidence === undefined ? [] : draft.unstatedOf(rule).map((one) => `  # ${commentText(unstatedText(one))}`)),
    `  - name: ${rule.name}`,
    `    from: ${peersText(rule.from, rule.kind === "conduit")}`,
    `    to: ${peersText(rule.to, rule.kind === "conduit")}`,
    `    over: [${rule.services.map((service) => nameOf(draft.present, service)).join(", ")}]`,
    ...more.map((line) => `    ${line}`),
    `    because: ${yamlValue(rule.because)}`,
  ].join("\n");
}

/** A well-known name, unless the policy that is there means something else by it. */
function nameOf({ services }: PolicySet, service: string): string {
  const name = names[service];
  return name === undefined || services.some((declared) => declared.name === name) ? service : name;
}

function evidenceText({ flows, days, first, last, excess, pairs }: RuleEvidence): string {
  const when = first === null || last === null ? "at an unknown time" : first === last ? `at ${time(first)}` : `first ${time(first)}, last ${time(last)}`;
  const seen = `seen ${flows === 1 ? "once" : `${flows} times`} on ${days === 1 ? "one day" : `${days} days or more`}, ${when}`;
  return `${seen}; ${pairs - excess} of ${pairs} pairs of machines and services that it opens were seen`;
}

/** A guess says that it is one, and what would be lost with it. */
const likelyText = (likely: string, { pairs }: RuleEvidence): string =>
  commentText(
    `likely, strike it if it is not meant: nobody saw any of the ${pairs === 1 ? "one pair" : `${pairs} pairs`} of machines and services that it opens; ${likely}`,
  );

const time = (at: number): string => instantText(at - (at % 1e6));

function peersText(peers: readonly RulePeer[], isConduit: boolean): string {
  const texts = peers.map((peer) => peerText(peer, isConduit));
  return texts.length === 1 ? texts[0]! : `\n${texts.map((text) => `      - ${text}`).join("\n")}`;
}

function peerText(peer: RulePeer, isConduit: boolean): string {
  switch (peer.kind) {
    case "workloads":
      return "workloads";
    case "zone":
      return isConduit ? peer.zone : `{ zone: ${peer.zone} }`;
    case "network":
      return `{ network: ${peer.networks.length === 1 ? peer.networks[0] : `[${peer.networks.join(", ")}]`} }`;
    case "labels":
      return `{ ${Object.entries(peer.labels)
        .map(([key, values]) => `${key}: ${values.length === 1 ? yamlValue(values[0]!) : `[${values.map(yamlValue).join(", ")}]`}`)
        .join(", ")} }`;
  }
}

function heldOutComments(heldOut: readonly HeldOut[], title: string): readonly string[] {
  const lines = heldOutLines(heldOut);
  if (lines.length === 0) return [];
  const rest = lines.length > linesMost ? [`#   and ${lines.length - linesMost} more`] : [];
  return [title, ...lines.slice(0, linesMost).map((line) => `#   ${line}`), ...rest];
}

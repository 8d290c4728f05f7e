import { instantText } from "../base/instant.ts";
import { byCodePoint } from "../base/order.ts";
import type { Volume } from "../model/flow.ts";
import { type Draft, type Evidence, heldOutLines, type HeldOut, type Side } from "./policy-draft.ts";
import { commentText, namer, yamlSelector, yamlValue } from "./policy-yaml.ts";

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
  "tcp/3389": "rdp",
  "udp/161": "snmp",
  "tcp/1433": "mssql",
  "tcp/1521": "oracle",
  "tcp/3306": "mysql",
  "tcp/5432": "postgres",
  "tcp/6379": "redis",
  "tcp/502": "modbus",
};
const linesMost = 40;

const day = (at: number | null): string => (at === null ? "an unknown time" : instantText(at - (at % 1e6)));
const timesText = (count: number): string => (count === 1 ? "once" : `${count} times`);
const evidenceText = ({ connections, first, last }: Pick<Volume, "connections" | "first" | "last">): string =>
  `seen ${timesText(connections)}, ${first === last ? `at ${day(first)}` : `first ${day(first)}, last ${day(last)}`}`;
const over = (services: ReadonlyMap<string, unknown>): string =>
  `[${[...services.keys()]
    .sort(byCodePoint)
    .map((service) => names[service] ?? service)
    .join(", ")}]`;
const word = ({ labels }: Side): string =>
  labels === null ? "the internet" : [labels["app"], labels["env"], labels["role"]].filter((text) => text !== undefined).join(" ");
const peer = ({ labels }: Side): string => (labels === null ? "{ network: internet }" : yamlSelector(labels));

/** `zones.yaml`: the label schema, a zone for each environment, a conduit for each crossing that was seen. */
export function zonesFile(draft: Draft): { readonly text: string; readonly conduits: number } {
  const conduits = conduitsOf(draft);
  const zones = [...draft.zones].map(([env, name]) => {
    const count = draft.workloads.filter(({ labels }) => labels["env"] === env).length;
    return `  - { name: ${name}, members: ${yamlSelector({ env })}, inside: open, because: ${yamlValue(`proposed from the map: ${count} ${count === 1 ? "workload" : "workloads"} of this environment`)} }`;
  });
  const labels = ["app", "env", "role"].flatMap((key) => {
    const stated = draft.workloads.map((workload) => (Object.hasOwn(workload.labels, key) ? (workload.labels[key] ?? "") : "")).filter((value) => value !== "");
    if (stated.length === 0) return [];
    const isRequired = stated.length === draft.workloads.length;
    const values = key === "env" ? `, values: [${[...new Set(stated)].sort(byCodePoint).map(yamlValue).join(", ")}]` : "";
    return [`  ${key}: { required: ${isRequired}${values}, authority: inventory }`];
  });
  const lines = [
    "# The large compartments, proposed from what was seen. Owned by the security architects: read it, rename it, correct it.",
    "# A conduit opens a boundary; where an end is guarded by a policy, a rule of that policy must open it too.",
    ...section("labels:", labels),
    ...section("zones:", zones),
    ...section("conduits:", conduits),
    ...heldOutComments(draft.heldOut, "# Seen, and held out: nothing below is allowed. Find out what each is before you allow it."),
  ];
  return { text: `${lines.join("\n")}\n`, conduits: conduits.length };
}

const section = (title: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : [title, ...lines]);

function conduitsOf({ evidence }: Draft): readonly string[] {
  const crossings = new Map<string, Evidence[]>();
  for (const one of evidence) {
    if (one.client.zone === one.server.zone) continue;
    const key = JSON.stringify([one.client.zone, one.server.zone]);
    crossings.set(key, [...(crossings.get(key) ?? []), one]);
  }
  return [...crossings.values()].map((all) => {
    const [from = "", to = ""] = [all[0]?.client.zone, all[0]?.server.zone];
    const services = new Map(all.flatMap((one) => [...one.services]));
    const comments = all.map(
      (one) => `    # ${commentText(`${word(one.client)} -> ${word(one.server)}, ${[...one.services.keys()].join(", ")}: ${evidenceText(sumOf(one))}`)}`,
    );
    const because = yamlValue(`proposed from the map: ${all.length} ${all.length === 1 ? "dependency crosses" : "dependencies cross"} here; is it meant?`);
    return [
      ...comments.slice(0, linesMost),
      `  - { name: ${from}-to-${to}, from: ${from}, to: ${to}, over: ${over(services)}, owner: security-architecture, because: ${because} }`,
    ].join("\n");
  });
}

function sumOf({ services }: Evidence): Pick<Volume, "connections" | "first" | "last"> {
  const all = [...services.values()];
  const times = (pick: (volume: Volume) => number | null): number[] => all.map(pick).filter((at) => at !== null);
  const ends = { first: times(({ first }) => first), last: times(({ last }) => last) };
  return {
    connections: all.reduce((sum, { connections }) => sum + connections, 0),
    first: ends.first.length === 0 ? null : ends.first.reduce((a, b) => Math.min(a, b)),
    last: ends.last.length === 0 ? null : ends.last.reduce((a, b) => Math.max(a, b)),
  };
}

/** The policy of one application in one environment: who may come in, and what it needs outside of any guard. */
export function segmentFile(draft: Draft, segment: string): { readonly path: string; readonly text: string; readonly rules: number } {
  const { app, env, owner } = draft.segments.get(segment) ?? { app: "", env: "", owner: "" };
  const name = namer();
  // The server's own policy lets in; where nobody guards the server, it is a need of the client.
  const own = draft.evidence.filter(({ client, server }) => server.segment === segment || (server.segment === null && client.segment === segment));
  const rules = own.map((one) => ruleText(one, segment, name));
  const held = draft.heldOut.filter(({ flow }) => [flow.client, flow.server].some((end) => end.kind === "held" && isMember(draft, end.holder, { app, env })));
  const lines = [
    `# First policy of ${commentText(app)} in ${commentText(env)}, proposed from what was seen. Whoever is not named here does not come in.`,
    `policy: ${segment}`,
    `owner: ${yamlValue(owner)}`,
    `scope: ${yamlSelector({ app, env })}`,
    ...(rules.length === 0 ? ["allow: []"] : ["allow:", ...rules]),
    ...heldOutComments(held, "# Seen, and held out: nothing below is allowed."),
  ];
  return { path: `${segment}.yaml`, text: `${lines.join("\n")}\n`, rules: rules.length };
}

function isMember({ workloads }: Draft, id: string, { app, env }: { readonly app: string; readonly env: string }): boolean {
  const labels = workloads.find((workload) => workload.id === id)?.labels ?? {};
  return labels["app"] === app && labels["env"] === env;
}

function ruleText(one: Evidence, segment: string, name: (text: string) => string): string {
  const { client, server } = one;
  const short = (side: Side): string =>
    side.labels === null ? "internet" : ((side.segment === segment ? side.labels["role"] : null) ?? Object.values(side.labels).join("-"));
  const isNeed = server.segment !== segment;
  const rule = name(isNeed ? `${short(client)}-needs-${short(server)}` : `${short(client)}-to-${short(server)}`);
  const comments = [...one.services].map(([service, volume]) => `  # ${commentText(`${service}: ${evidenceText(volume)}`)}`);
  const question = client.labels !== null && server.labels !== null && client.zone !== server.zone ? "crosses zones: is it meant?" : "nobody has said why yet";
  return [
    ...comments.slice(0, linesMost),
    `  - name: ${rule}`,
    `    from: ${peer(client)}`,
    `    to: ${peer(server)}`,
    `    over: ${over(one.services)}`,
    `    because: ${yamlValue(`proposed from the map; ${question}`)}`,
  ].join("\n");
}

function heldOutComments(heldOut: readonly HeldOut[], title: string): readonly string[] {
  const lines = heldOutLines(heldOut);
  if (lines.length === 0) return [];
  const rest = lines.length > linesMost ? [`#   and ${lines.length - linesMost} more`] : [];
  return [title, ...lines.slice(0, linesMost).map((line) => `#   ${line}`), ...rest];
}

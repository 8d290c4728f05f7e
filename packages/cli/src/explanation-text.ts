import type { Action } from "@bulkhead/core/compile/ruleset";
import type { Denial } from "@bulkhead/core/decide/effect";
import type { Explanation, RuleAccount } from "@bulkhead/core/decide/explain";
import type { OtherTime } from "@bulkhead/core/decide/then-and-now";
import { printable } from "./context.ts";
import { conditionsText } from "./difference-report.ts";
import type { HostInForce } from "./host-in-force.ts";

/** An explanation with what a data directory adds to it. */
export interface Explained extends Explanation {
  /** The recorded connections between these ends over this service. */
  readonly recorded: { readonly at: string; readonly records: number } | null;
  readonly otherTimes: readonly (OtherTime & { readonly which: "recorded" | "now" })[];
  /** The host whose agent's directory it is. */
  readonly host: (Omit<HostInForce, "action"> & { readonly action: Action | null }) | null;
}

type Account = Explanation["client"];

/** An explanation as people read it, one thought a line; `directory` stands in front of files. */
export function explanationText(explained: Explained, directory: string): string {
  const place = ({ file, line }: { readonly file: string; readonly line: number }): string => `${directory}/${file}:${line}`;
  const { answer, client, server } = explained;
  const blocks: readonly (readonly [string, readonly string[]])[] = [
    ["", [verdictLine(explained)]],
    ["", [...accountLines("from", client, place), ...accountLines("to", server, place), atLine(explained)]],
    ["why", [...whyLines(explained, place), ...layerLines(explained)]],
    ["on the wire", [...wireLines(explained), ...hostLines(explained)]],
    ["what it would be", readingLines(explained)],
    ["if it were known", toldLines(explained)],
    [answer.verdict === "deny" ? "what would let it in, the smallest change first" : "what would close it, the smallest change first", changeLines(explained)],
    ["then and now", timeLines(explained)],
    ["when it turns", turnLines(explained)],
    [answer.verdict === "deny" ? "rules that nearly match" : "forbids that nearly match", nearLines(explained, place)],
  ];
  const shown = blocks.filter(([, lines]) => lines.length > 0);
  return `${shown.map(([title, lines]) => [...(title === "" ? [] : [title]), ...lines.map((line) => (title === "" ? line : `  ${line}`))].map(printable).join("\n")).join("\n\n")}\n`;
}

const nameOf = (account: Account): string => (account.kind === "workload" ? account.id : account.kind === "address" ? account.address : account.asked);

function verdictLine({ question, answer, client, server }: Explanation): string {
  const [from, to, over] = [nameOf(client), nameOf(server), question.over ?? "that service"];
  switch (answer.verdict) {
    case "allow":
      return answer.layer === "open"
        ? `allow, open: nothing guards ${to} against ${from} over ${over}; that is not the same as allowed by rule`
        : `allow, by the layer ${answer.layer}: ${from} may open ${over} of ${to}`;
    case "deny":
      return `deny, by the layer ${answer.layer}: ${from} may not open ${over} of ${to}`;
    case "unknown":
      return `unknown, ${answer.layer}: nobody can say whether ${from} may open ${over} of ${to}`;
  }
}

type Place = (at: { readonly file: string; readonly line: number }) => string;

function accountLines(side: "from" | "to", account: Account, place: Place): readonly string[] {
  const head = side.padEnd(5);
  switch (account.kind) {
    case "contested":
    case "unresolved":
      return [`${head}${account.asked}: ${account.kind}: ${account.why}`];
    case "address":
      return [`${head}${account.address}: a bare address in ${account.networks.join(", ") || "no network"}; zone ${account.zone}`];
    case "workload": {
      const labels = Object.entries(account.labels).map(([key, value]) => `${key}=${value}`);
      const asked = account.askedAs === null ? "" : `, which held ${account.askedAs}`;
      const more = [
        ...(account.identity === null ? [] : [`${account.identity.name} (tier ${account.identity.tier})`]),
        ...(account.isQuarantined ? ["in quarantine"] : []),
      ];
      const zone = `zone ${account.zone}${account.inside === "closed" ? " (closed inside)" : ""}`;
      const { segment } = account;
      const guard = segment === null ? (account.isGuarded ? "no segment" : "not guarded") : `segment ${segment.policy} (${segment.owner}), ${place(segment)}`;
      return [`${head}${[`${account.id}${asked}: ${labels.join(" ") || "no labels"}`, ...more].join("; ")}`, `     ${zone}; ${guard}`];
    }
  }
}

function atLine({ question, recorded }: Explained): string {
  const at = `at   ${question.at ?? "no time that can be read"}`;
  if (recorded === null) return at;
  const of = recorded.records === 1 ? "the recorded connection" : `the last of ${recorded.records} recorded connections`;
  return `${at}${question.at === recorded.at ? `, when ${of} began` : `; ${of} began at ${recorded.at}`}`;
}

/** The rules that determined the answer; what is no rule, the layers say. */
function whyLines({ answer, question, rules }: Explanation, place: Place): readonly string[] {
  if (answer.verdict !== "unknown") return rules.flatMap((rule) => ruleLines(rule, place));
  return question.over === null ? ["the service is no single port or type: ask again with one, such as tcp/443"] : [];
}

function layerLines({ layers, answer }: Explanation): readonly string[] {
  return layers.map(({ layer, says, isDeciding, why }) => {
    const verb = says === "denies" && !isDeciding ? "would deny, too" : says === "opens" && answer.verdict === "deny" ? "would open" : says;
    return `${layer.padEnd(9)} ${verb}: ${why}`;
  });
}

function ruleLines({ name, at, because, owner, approvedBy, ticket, from, until }: RuleAccount, place: Place): readonly string[] {
  const who = [
    ...(because === null ? [] : [`because: ${because}`]),
    ...(owner === null ? [] : [`owner: ${owner}`]),
    ...(approvedBy === null ? [] : [`approved by ${approvedBy}`]),
    ...(ticket === null ? [] : [ticket]),
    ...(from === null ? [] : [`from ${from}`]),
    ...(until === null ? [] : [`until ${until}`]),
  ];
  return [`${name}${at === null ? " (state, not policy)" : `  ${place(at)}`}`, ...(who.length === 0 ? [] : [`  ${who.join("; ")}`])];
}

const layerWords = {
  forbid: "forbid",
  boundary: "boundary",
  "segment-server": "segment, at the server",
  "segment-client": "segment, at the client",
  egress: "closed egress",
} as const;

const isEnforced = ({ stage, hasPoint }: Denial): boolean => hasPoint && stage === "enforce";

/** Where it is blocked, where it is only counted, and where nobody stands. */
function wireLines(explained: Explanation): readonly string[] {
  const { answer, denials, client, server, floor, passesByFloor } = explained;
  if (answer.effect === "unknown") return ["unknown", ...readWire(explained)];
  if (answer.effect === "pass" && (answer.verdict === "unknown" || denials.some(isEnforced))) return ["passes: neighbour discovery always does"];
  const ends = { client: nameOf(client), server: nameOf(server) };
  const where = (isMeant: (one: Denial) => boolean, said: (end: string) => string): readonly string[] =>
    (["client", "server"] as const).flatMap((end) => {
      const own = denials.filter((one) => one.end === end && isMeant(one));
      const layers = own.map(({ layer, stage }) => `${layerWords[layer]}${stage === "enforce" ? "" : ` (${stage})`}`);
      return own.length === 0 ? [] : [`${said(ends[end])}: ${layers.join(", ")}`];
    });
  return [
    ...(denials.some(isEnforced) ? [] : [denials.length > 0 ? "passes today: nothing that denies it is enforced" : "passes: nothing denies it"]),
    ...[...new Set(floor.map(({ why }) => why))].map(
      (why) => `${passesByFloor ? "passes all the same, by the safety floor" : "the safety floor of the host passes it, too"}: ${why}`,
    ),
    ...where(isEnforced, (end) => `${passesByFloor ? "would be blocked" : "is blocked"} at ${end}, where a point enforces`),
    ...where(
      (one) => one.hasPoint && !isEnforced(one),
      (end) => `only counted at ${end}`,
    ),
    ...where(
      ({ hasPoint }) => !hasPoint,
      (end) => `no live point at ${end} for`,
    ),
  ];
}

/** What the point of a known host does with an end that cannot be told. */
function readWire({ client, server, readings, readingsOmitted }: Explanation): readonly string[] {
  if (readings.length === 0) return [];
  return (["client", "server"] as const).flatMap((end) => {
    const account = end === "client" ? client : server;
    if (account.kind !== "workload" || !account.hasPoint) return [];
    const isBlocked = readings.some(({ blockedAt }) => blockedAt.includes(end));
    const untold = `whether it passes this is not told: there are more than ${readings.length} readings`;
    const said = isBlocked ? "it does not pass this" : readingsOmitted > 0 ? untold : "it passes this";
    return [`the point at ${account.id} passes what passes under every reading: ${said}`];
  });
}

const actionWords: Readonly<Record<Action, string>> = { pass: "passes it", would: "passes it and counts it as a denial", block: "blocks it" };

/** What the host does with it today: its rule set may be of another policy, inventory or time. */
function hostLines({ host, client, denials }: Explained): readonly string[] {
  if (host === null) return [];
  const head = `in force on ${host.host}: rule set ${host.digest.slice(0, 12)}`;
  if (host.action === null) return [`${head}; this question is not about ${host.host}`];
  const end = client.kind === "workload" && client.id === host.host ? "client" : "server";
  const isOther = (host.action === "block") !== denials.some((one) => one.end === end && isEnforced(one));
  return [
    `${head} ${actionWords[host.action]}${isOther ? "; that is not what this policy, inventory and instant would put there" : ""}`,
    host.floor === null
      ? "the management path of this host is not written down: its agent is older than that; start it again"
      : managementText(host.floor.management),
  ];
}

const managementText = (path: readonly { readonly protocol: string; readonly port: number }[]): string =>
  path.length === 0
    ? "no management path was declared here"
    : `management path of this host, open for anyone: ${path.map(({ protocol, port }) => `${protocol}/${port}`).join(", ")}`;

const answerText = ({ verdict, layer, by, effect }: Explanation["answer"]): string =>
  `${verdict}, ${layer === "open" ? "open" : `by the layer ${layer}`}${by.length === 0 ? "" : ` (${by.join(", ")})`}${effect === "block" ? "; blocked" : verdict === "deny" ? "; not blocked" : ""}`;

const readingsShown = 16;

/** The answers under the readings; where there are many, one reading of each answer comes first. */
function readingLines({ readings, readingsOmitted }: Explanation): readonly string[] {
  const first = new Set(new Map(readings.toReversed().map((one) => [answerText(one.answer), one])).values());
  const isMany = readings.length > readingsShown;
  const ordered = isMany ? readings.toSorted((a, b) => Number(first.has(b)) - Number(first.has(a))) : readings;
  return [
    ...ordered.slice(0, readingsShown).map(({ as, answer }) => `if ${as}: ${answerText(answer)}`),
    ...(isMany ? [`and ${readings.length - readingsShown} more (--json lists them)`] : []),
    ...(readingsOmitted > 0 ? [`not looked at: ${readingsOmitted} more`] : []),
  ];
}

function toldLines({ told }: Explanation): readonly string[] {
  return told.map((one) => `${conditionsText(one)}: ${answerText(one.answer)}`);
}

function timeLines({ otherTimes, answer, question }: Explained): readonly string[] {
  if (otherTimes.length === 0) return [];
  const others = otherTimes.flatMap(({ which, at, answer: other, between }) => [
    `${which === "now" ? "now" : "then"} (${at}): ${answerText(other)}`,
    ...(between.length > 0 ? between.map((one) => `  in between, ${one}`) : ["  nothing that bears on it lies in between"]),
  ]);
  return [`asked (${question.at ?? "at no time"}): ${answerText(answer)}`, ...others, "labels and policy are those of today: what they were then is not kept"];
}

function changeLines({ changes }: Explanation): readonly string[] {
  return changes.flatMap(({ steps, answer }) => {
    const lines = steps.flatMap(({ what, write }) => [`${steps.length > 1 ? "and " : "- "}${what}`, ...write.map((line) => `    ${line}`)]);
    if (steps.length > 1) lines[0] = lines[0]!.replace(/^and /, "- ");
    const then = `${answer.verdict}, ${answer.layer}${answer.layer === "open" ? ": nobody guards it any more" : ""}`;
    return [...lines, ...(answer.verdict === "unknown" ? [] : [`  then: ${then}`])];
  });
}

function turnLines({ turns, answer }: Explanation): readonly string[] {
  return turns.map(({ at, rules, answer: other, isPast }) =>
    isPast
      ? `${answer.verdict} since ${at} (${rules.join(", ")}); before, ${other.verdict} by ${other.layer}`
      : `${other.verdict} by ${other.layer} from ${at} on (${rules.join(", ")})`,
  );
}

function nearLines({ nearest, answer }: Explanation, place: Place): readonly string[] {
  return nearest.map(({ rule, file, line, would, answer: then }) => {
    const far = then.verdict === answer.verdict ? `; and then ${then.layer} still denies` : "";
    return `${rule}  ${place({ file, line })}: would match ${would}${far}`;
  });
}

import type { Explanation, RuleAccount } from "@bulkhead/core/decide/explain";
import { printable } from "./context.ts";

type Account = Explanation["client"];

/** An explanation as people read it, one thought a line; `directory` stands in front of files. */
export function explanationText(explained: Explanation, directory: string): string {
  const place = ({ file, line }: { readonly file: string; readonly line: number }): string => `${directory}/${file}:${line}`;
  const blocks: readonly (readonly [string, readonly string[]])[] = [
    ["", [verdictLine(explained)]],
    [
      "",
      [
        ...accountLines("from", explained.client, place),
        ...accountLines("to", explained.server, place),
        `at   ${explained.question.at ?? "no time that can be read"}`,
      ],
    ],
    ["why", whyLines(explained, place)],
    ["on the wire", wireLines(explained)],
    [explained.answer.verdict === "deny" ? "what would let it in" : "what would close it", changeLines(explained)],
    ["when it turns", turnLines(explained)],
    [explained.answer.verdict === "deny" ? "rules that nearly let it in" : "forbids that nearly match", nearLines(explained, place)],
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

function whyLines({ answer, question, client, server, rules }: Explanation, place: Place): readonly string[] {
  const named = rules.flatMap((rule) => ruleLines(rule, place));
  if (answer.verdict === "unknown") return question.over === null ? ["the service is no single port or type: ask again with one, such as tcp/443"] : [];
  if (named.length > 0) return named;
  if (answer.layer === "boundary" && client.kind !== "contested" && client.kind !== "unresolved" && "zone" in server)
    return [`no conduit and no exception of the architects leads from zone ${client.zone} to zone ${server.zone} over ${question.over}`];
  if (answer.layer === "segment") return segmentWhy({ client, server });
  return answer.layer === "open" ? ["the zones do not differ, and neither end is guarded"] : [];
}

function segmentWhy({ client, server }: Pick<Explanation, "client" | "server">): readonly string[] {
  if (server.kind === "workload" && server.isGuarded)
    return server.segment === null
      ? [`${server.id} is guarded by its zone alone, and no common rule lets this in`]
      : [
          `${server.id} is guarded by ${server.segment.policy}: only its rules let in, and none of them does`,
          ...(client.kind === "workload" && client.segment?.egress === "closed"
            ? [`${client.segment.policy} closes egress: ${client.id} needs a rule there, too`]
            : []),
        ];
  if (client.kind !== "workload") return [];
  return [`${client.id} is guarded by ${client.segment?.policy ?? `zone ${client.zone}`}, and nothing there says that it needs this`];
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

function wireLines({ answer, denials, client, server }: Explanation): readonly string[] {
  const effect = {
    pass: answer.verdict === "deny" ? "passes today: what denies it is enforced at no live point" : "passes",
    block: "is blocked",
    unknown: "unknown",
  }[answer.effect];
  const lines = denials.map(({ layer, end, stage, hasPoint }) => {
    const blocks = stage === "enforce" && hasPoint ? " → blocks" : "";
    return `${layerWords[layer]} denies; ${nameOf(end === "client" ? client : server)}: stage ${stage}, ${hasPoint ? "a live point" : "no live point"}${blocks}`;
  });
  return [effect, ...lines];
}

function changeLines({ changes }: Explanation): readonly string[] {
  return changes.flatMap(({ steps, answer }) => {
    const lines = steps.flatMap(({ what, write }) => [`${steps.length > 1 ? "and " : "- "}${what}`, ...write.map((line) => `    ${line}`)]);
    if (steps.length > 1) lines[0] = lines[0]!.replace(/^and /, "- ");
    return [...lines, ...(answer.verdict === "unknown" ? [] : [`  then: ${answer.verdict}, ${answer.layer}`])];
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
  return nearest.map(({ rule, file, line, misses, answer: then }) => {
    const far = then.verdict === answer.verdict ? ` (and then ${then.layer} still denies)` : "";
    return `${rule}  ${place({ file, line })}: ${misses}${far}`;
  });
}

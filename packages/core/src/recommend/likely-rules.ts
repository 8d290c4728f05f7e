import { byCodePoint } from "../base/order.ts";
import type { Likely, RuleDraft } from "./dependency.ts";
import { mergedPeers } from "./merged-peers.ts";
import { nameFrom } from "./policy-yaml.ts";
import { isAdministration } from "./service-kinds.ts";
import { wordOf } from "./side-word.ts";

/** Rules of their own for what is only likely, so that a person can strike them: one for each administrator, service and reason, one for each door inside a segment. */
export function likelyRules(likely: readonly Likely[]): readonly RuleDraft[] {
  const grouped = new Map<string, Likely[]>();
  for (const one of likely) {
    const key = isAdministration(one.service)
      ? JSON.stringify(["administration", one.client.key, one.service, one.because])
      : JSON.stringify([one.server.segment, one.client.key, one.server.key, one.because]);
    const known = grouped.get(key) ?? [];
    if (known.length === 0) grouped.set(key, known);
    known.push(one);
  }
  return [...grouped].sort(([a], [b]) => byCodePoint(a, b)).flatMap(([, all]) => ruleFor(all));
}

function ruleFor(all: readonly Likely[]): readonly RuleDraft[] {
  const { client, server, because, service } = all[0]!;
  const isCommon = isAdministration(service);
  if (!isCommon && server.segment === null) return [];
  const short = (side: typeof client): string => (side.peer.kind === "labels" ? (side.peer.labels["role"] ?? wordOf(side)) : wordOf(side));
  const servers = new Map(all.map((one) => [one.server.key, one.server.peer]));
  return [
    {
      kind: isCommon ? "common" : "allow",
      segment: isCommon ? null : server.segment,
      name: nameFrom(isCommon ? `likely-administration-${wordOf(client)}` : `likely-${short(client)}-to-${short(server)}`),
      from: mergedPeers([client.peer]),
      to: mergedPeers([...servers.values()]),
      services: [...new Set(all.map((one) => one.service))].sort(byCodePoint),
      because: `nobody saw this yet; ${because}`,
      crosses: null,
      likely: because,
    },
  ];
}

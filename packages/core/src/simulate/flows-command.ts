import { prefixText } from "../base/prefix.ts";
import { shellWord } from "../base/shell-word.ts";
import type { Peer, PolicySet, Rule, Selector } from "../model/policy-set.ts";
import { protocolNumbers, type Service } from "../model/service.ts";

/** A command line that lists the records which a rule could match. What none of its flags can say is left out, so that it lists rather too much. */
export function flowsCommand(set: PolicySet, { from, to, services }: Pick<Rule, "from" | "to" | "services">): string {
  const words = [...flag("--client", sideWord(set, from)), ...flag("--server", sideWord(set, to)), ...flag("--service", serviceWord(services))];
  return ["bulkhead flows", ...words.map(shellWord)].join(" ");
}

const flag = (name: string, word: string | null): readonly string[] => (word === null ? [] : [name, word]);

function sideWord(set: PolicySet, [peer, ...others]: readonly Peer[]): string | null {
  if (peer === undefined || others.length > 0) return null;
  switch (peer.kind) {
    case "labels":
      return labelsWord(peer.selector);
    case "network": {
      const prefixes = peer.names.flatMap((name) => set.networks.find((one) => one.name === name)?.prefixes ?? []);
      // `internet` is no declared network, and no prefix.
      return peer.names.length === 1 && prefixes.length === 1 ? prefixText(prefixes[0]!) : null;
    }
    case "zone": {
      const zone = peer.names.length === 1 ? set.zones.find(({ name }) => name === peer.names[0]) : undefined;
      return zone === undefined || zone.members === null || zone.networks.length > 0 ? null : labelsWord(zone.members);
    }
    case "identity":
    case "workloads":
    case "anyone":
      return null;
  }
}

/** `app=shop,role=api,role=web`: a key that is written twice has either value. */
function labelsWord({ terms }: Selector): string | null {
  const words = terms.flatMap(({ key, values }) => values.map((value) => [key, value] as const));
  return words.every(([key, value]) => !/[=,]/.test(key) && !value.includes(",")) ? words.map((word) => word.join("=")).join(",") : null;
}

function serviceWord(services: readonly Service[]): string | null {
  const [first, ...others] = services;
  const name = Object.entries(protocolNumbers).find(([, number]) => number === first?.protocol)?.[0];
  if (first === undefined || !(name === "tcp" || name === "udp" || name === "sctp")) return null;
  if (others.length === 0 && first.low === first.high) return `${name}/${first.low}`;
  return others.every(({ protocol }) => protocol === first.protocol) ? name : null;
}

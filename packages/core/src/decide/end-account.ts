import { instantText } from "../base/instant.ts";
import { ipOf, ipText } from "../base/ip.ts";
import { covers } from "../base/prefix.ts";
import { type End, endOf, holdersOf } from "./ends.ts";
import type { World } from "./world.ts";

/** Who one side of a question turned out to be, in words and JSON values. */
export type EndAccount =
  | {
      readonly kind: "workload";
      readonly id: string;
      /** The address that was asked about, where it was one. */
      readonly askedAs: string | null;
      readonly labels: Readonly<Record<string, string>>;
      readonly identity: { readonly name: string; readonly tier: number } | null;
      readonly addresses: readonly string[];
      readonly zone: string;
      readonly inside: "open" | "closed" | null;
      readonly segment: {
        readonly policy: string;
        readonly owner: string;
        readonly file: string;
        readonly line: number;
        readonly egress: "open" | "closed";
      } | null;
      readonly isGuarded: boolean;
      readonly isQuarantined: boolean;
      readonly hasPoint: boolean;
    }
  | { readonly kind: "address"; readonly address: string; readonly networks: readonly string[]; readonly zone: string }
  | { readonly kind: "contested"; readonly asked: string; readonly names: readonly string[]; readonly why: string }
  | { readonly kind: "unresolved"; readonly asked: string; readonly why: string };

/** What is known of an end at the instant of the question, and why nothing is where nothing is. */
export function endAccount(world: World, asked: string, at: number | null): EndAccount {
  const end = endOf(world, asked, at);
  switch (end.kind) {
    case "contested":
      return { kind: "contested", asked, names: end.names, why: whyContested(end.names, asked, at) };
    case "unresolved":
      return { kind: "unresolved", asked, why: whyUnresolved(world, asked, at) };
    case "known":
      return end.workload === null ? bareAccount(end) : workloadAccount(world, end, asked);
  }
}

function bareAccount({ addresses, networks, zone }: Extract<End, { kind: "known" }>): EndAccount {
  return { kind: "address", address: addresses.map(ipText).join(), networks: [...networks].sort(), zone };
}

function workloadAccount(world: World, end: Extract<End, { kind: "known" }>, asked: string): EndAccount {
  const { zone, policy, isGuarded, addresses } = end;
  const workload = end.workload!;
  return {
    kind: "workload",
    id: workload.id,
    askedAs: workload.id === asked ? null : asked,
    labels: { ...workload.labels },
    identity: workload.identity,
    addresses: addresses.map(ipText),
    zone,
    inside: world.zones.get(zone)?.inside ?? null,
    segment:
      policy === null
        ? null
        : { policy: policy.name, owner: policy.owner, file: policy.at.file, line: policy.at.line, egress: policy.egressClosed ? "closed" : "open" },
    isGuarded,
    isQuarantined: world.quarantined.has(workload.id),
    hasPoint: workload.point,
  };
}

function whyContested(names: readonly string[], asked: string, at: number | null): string {
  const list = names.join(" and ");
  if (names.every((name) => !/^(zone|policy)\//.test(name)))
    return `${asked} is held by ${list} at ${at === null ? "that instant" : instantText(at)}; end one of the leases, or ask by id`;
  return `${list} claim it at once; change its labels, or make the selectors exclude each other`;
}

function whyUnresolved(world: World, asked: string, at: number | null): string {
  const ip = ipOf(asked);
  if (ip === undefined) return `no workload is called ${asked}, and it is no address`;
  if (at === null) return "without a time nobody can say who held the address";
  if (holdersOf(world, ip, at).length > 0) return "the workload that holds it could not be placed";
  const expecting = world.set.networks.filter((one) => one.expectsWorkloads && one.prefixes.some((prefix) => covers(prefix, ip)));
  return `no workload held it at ${instantText(at)}, and ${expecting.map(({ name }) => `network ${name}`).join(" and ")} expects nothing but workloads; import who holds it`;
}

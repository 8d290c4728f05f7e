import fc from "fast-check";
import type { Network, Peer, PolicySet } from "../../model/policy-set.ts";
import { type Ask, brokenDecide } from "../testing/broken-decide.ts";
import { changedRules } from "../testing/changed-set.ts";
import { expectSame, law } from "../testing/law.ts";
import { alsoByAddress, arbitraryAddresses } from "../testing/random-inventory.ts";
import { arbitraryWorld } from "../testing/random-world.ts";
import { prefixes, somewhere } from "../testing/small-pools.ts";
import { type End, endOf, networkCovers } from "../ends.ts";
import { type World, worldOf } from "../world.ts";

const withoutAddresses = (peers: readonly Peer[]): readonly Peer[] => peers.filter(({ kind }) => kind !== "network");

/** The same set as far as workloads go: without rules for addresses on these sides. */
const withoutAddressRules = (set: PolicySet, sides: { readonly from: boolean; readonly to: boolean }): PolicySet =>
  changedRules(set, (rule) => {
    const [from, to] = [sides.from ? withoutAddresses(rule.from) : rule.from, sides.to ? withoutAddresses(rule.to) : rule.to];
    return from.length === 0 || to.length === 0 ? null : { ...rule, from, to };
  });

const networksOver = (world: World, end: End & { kind: "known" }): ReadonlySet<string> =>
  new Set([...world.networks.keys(), "internet"].filter((name) => end.addresses.some((ip) => networkCovers(world, name, ip))));

law({
  sentence: "law 22: an address rule never matches a workload",
  property: (ask) =>
    fc.property(arbitraryWorld, ({ set, inventory, questions }) => {
      const world = worldOf(set, inventory);
      const isWorkload = (end: End): boolean => end.kind === "known" && end.workload !== null;
      const answer = ask(set, inventory);
      const withoutRules = {
        from: ask(withoutAddressRules(set, { from: true, to: false }), inventory),
        to: ask(withoutAddressRules(set, { from: false, to: true }), inventory),
      };
      // Nor does the network of a zone take a workload in.
      const withoutNetworks = ask({ ...set, zones: set.zones.map((zone) => ({ ...zone, networks: [] })) }, inventory);
      for (const question of questions) {
        const sides = (["from", "to"] as const).filter((side) => isWorkload(endOf(world, question[side], question.at)));
        for (const side of sides) expectSame(answer(question), withoutRules[side](question));
        if (sides.length === 2) expectSame(answer(question), withoutNetworks(question));
      }
    }),
  broken: {
    "a workload is in the networks that cover its leases": brokenDecide({
      end: (end, { world }) => (end.kind === "known" && end.workload !== null ? { ...end, networks: networksOver(world, end) } : end),
    }),
    "a workload that is asked for by its address is that address": brokenDecide({
      end: (end, { world, text }) =>
        end.kind === "known" && end.workload !== null && text !== end.workload.id ? { ...end, networks: networksOver(world, end) } : end,
    }),
    "a workload with a public address is on the internet": brokenDecide({
      end: (end, { world }) =>
        end.kind === "known" && end.workload !== null && end.addresses.some((ip) => networkCovers(world, "internet", ip))
          ? { ...end, networks: new Set(["internet"]) }
          : end,
    }),
    "an unplaced workload is in the zone of its network": brokenDecide({
      end: (end, { world }) => {
        if (end.kind !== "known" || end.workload === null || end.zone !== "unplaced") return end;
        const zone = world.set.zones.find(({ networks }) => networks.some((name) => end.addresses.some((ip) => networkCovers(world, name, ip))));
        return zone === undefined ? end : { ...end, zone: zone.name };
      },
    }),
  },
});

const plainNetwork: fc.Arbitrary<Network> = fc
  .uniqueArray(fc.constantFrom(...prefixes), { minLength: 1, maxLength: 2 })
  .map((list) => ({ name: "plain", prefixes: list, own: false, expectsWorkloads: false, at: somewhere }));

/** `decide` with other networks than were declared. */
const withNetworks = (change: (network: Network, set: PolicySet) => Network): Ask =>
  brokenDecide({ set: (set) => ({ ...set, networks: set.networks.map((network) => change(network, set)) }) });

law({
  sentence: "law 25: declaring a plain network changes no answer",
  property: (ask) =>
    fc.property(arbitraryWorld, arbitraryAddresses, plainNetwork, ({ set, inventory, questions }, ends, network) => {
      const before = ask(set, inventory);
      const [first, last] = [
        [network, ...set.networks],
        [...set.networks, network],
      ].map((networks) => ask({ ...set, networks }, inventory));
      for (const question of alsoByAddress(questions, ends)) {
        expectSame(before(question), first!(question));
        expectSame(before(question), last!(question));
      }
    }),
  broken: {
    "whatever is declared is ours": withNetworks((network) => ({ ...network, own: true })),
    "a declared network is no longer the internet": brokenDecide({
      end: (end, { world }) =>
        end.kind === "known" && end.workload === null && world.set.networks.some(({ name }) => end.addresses.some((ip) => networkCovers(world, name, ip)))
          ? { ...end, networks: new Set([...end.networks].filter((name) => name !== "internet")) }
          : end,
    }),
    "an address is in one network only, the last that covers it": brokenDecide({
      end: (end) => (end.kind === "known" ? { ...end, networks: new Set([...end.networks].filter((name) => name !== "internet").slice(-1)) } : end),
    }),
    "an address that no zone claims, but a network, is no longer outside": brokenDecide({
      end: (end, { world }) =>
        end.kind === "known" && end.zone === "outside" && [...end.networks].some((name) => name !== "internet" && world.networks.has(name))
          ? { ...end, zone: "inside" }
          : end,
    }),
  },
});

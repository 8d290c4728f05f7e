import fc from "fast-check";
import type { PolicySet, Rule } from "../../model/policy-set.ts";
import { type Ask, brokenDecide } from "../testing/broken-decide.ts";
import { changedRules, rulesIn } from "../testing/changed-set.ts";
import { expectNothingLetIn, law } from "../testing/law.ts";
import { arbitraryNarrowing, narrowableNetworks, narrowed, withoutPrefix } from "../testing/narrowed-rule.ts";
import { alsoByAddress, arbitraryAddresses } from "../testing/random-inventory.ts";
import { arbitraryWorld } from "../testing/random-world.ts";

/** Reads every rule that opens as another one. */
const readAs = (change: (rule: Rule, set: PolicySet) => Rule): Ask =>
  brokenDecide({ set: (set) => changedRules(set, (rule, place) => (place === "forbids" ? rule : change(rule, set))) });

law({
  sentence:
    "law 19: narrowing an allow, common rule, conduit or exception (a peer, a label value, a port, a date) never lets traffic in, down to the last one, in verdict or effect",
  property: (ask) =>
    fc.property(arbitraryWorld, fc.nat(), fc.array(arbitraryNarrowing, { minLength: 1, maxLength: 4 }), ({ set, inventory, questions }, turn, narrowings) => {
      const opening = rulesIn(set).filter(({ place }) => place !== "forbids");
      const name = opening[turn % Math.max(1, opening.length)]?.rule.name;
      if (name === undefined) return;
      const change = (to: (rule: Rule) => Rule | null) => (one: PolicySet) => changedRules(one, (rule) => (rule.name === name ? to(rule) : rule));
      const steps = [...narrowings.map((narrowing) => change((rule) => narrowed(rule, narrowing))), change(() => null)];
      let narrower = set;
      for (const step of steps) {
        const before = ask(narrower, inventory);
        narrower = step(narrower);
        const after = ask(narrower, inventory);
        for (const question of questions) expectNothingLetIn(before(question), after(question));
      }
    }),
  broken: {
    "a list of peers that became empty means anyone": readAs((rule) => ({ ...rule, to: rule.to.length === 0 ? [{ kind: "anyone" }] : rule.to })),
    "a label without accepted values means any value": readAs((rule) => ({
      ...rule,
      to: rule.to.map((peer) =>
        peer.kind === "labels" ? { ...peer, selector: { terms: peer.selector.terms.filter(({ values }) => values.length > 0) } } : peer,
      ),
    })),
    "a rule without services means any service": readAs((rule) => ({
      ...rule,
      services: rule.services.length === 0 ? [{ protocol: null, low: 0, high: 65535 }] : rule.services,
    })),
    "a member that no rule of its policy names is not guarded": brokenDecide({
      end: (end) => (end.kind === "known" && end.policy !== null && end.policy.allow.length === 0 ? { ...end, policy: null, isGuarded: false } : end),
    }),
    "zones that no conduit names have no boundary": brokenDecide({
      judgement: (judgement, { client, server }, { set }) => {
        const isNamed = set.conduits.some(({ from, to }) =>
          [...from, ...to].some((peer) => peer.kind === "zone" && [client.zone, server.zone].some((zone) => peer.names.includes(zone))),
        );
        return isNamed ? judgement : { ...judgement, zonesDiffer: false };
      },
    }),
  },
});

law({
  sentence: "law 19: narrowing a plain network that only such rules name never lets traffic in, down to the last address",
  property: (ask) =>
    fc.property(arbitraryWorld, arbitraryAddresses, fc.nat(5), ({ set: drawn, inventory, questions }, ends, pick) => {
      // Plain and named by nothing else, often enough.
      const set = { ...drawn, networks: drawn.networks.map((network) => ({ ...network, own: false, expectsWorkloads: false })) };
      for (const name of narrowableNetworks(set, inventory)) {
        const steps = [withoutPrefix(set, name, pick), withoutPrefix(withoutPrefix(set, name, pick), name, pick)].map((one) => ask(one, inventory));
        const [before, after, last] = [ask(set, inventory), steps[0]!, steps[1]!];
        for (const question of alsoByAddress(questions, ends)) {
          expectNothingLetIn(before(question), after(question));
          expectNothingLetIn(after(question), last(question));
        }
      }
    }),
  broken: {
    "a network without prefixes holds every address": brokenDecide({
      end: (end, { world }) =>
        end.kind === "known" && end.workload === null
          ? { ...end, networks: new Set([...end.networks, ...world.set.networks.filter(({ prefixes }) => prefixes.length === 0).map(({ name }) => name)]) }
          : end,
    }),
    "an address that no network holds is trusted": brokenDecide({
      given: (given, { client }) => (client.workload === null && client.networks.size === 0 ? { ...given, verdict: "allow", layer: "open" } : given),
    }),
    "an address that a declared network holds is not the internet": brokenDecide({
      end: (end, { world }) =>
        end.kind === "known" && [...end.networks].some((name) => world.networks.has(name))
          ? { ...end, networks: new Set([...end.networks].filter((name) => name !== "internet")) }
          : end,
    }),
  },
});

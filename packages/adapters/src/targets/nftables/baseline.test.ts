import { compileFor } from "@bulkhead/core/compile/compile";
import { arbitraryWorld } from "@bulkhead/core/decide/testing/random-world";
import { worldOf } from "@bulkhead/core/decide/world";
import fc from "fast-check";
import { expect, test } from "vitest";
import { baselineOf } from "./baseline.ts";
import { differencesOf, listingOf } from "./listing.ts";
import { textsOf } from "./render.ts";
import { inNamespace, missingForKernel } from "./testing/namespace.ts";

const missing = missingForKernel();
if (missing !== null) process.stderr.write(`no baseline is taken from a kernel here: ${missing}\n`);

const loaded = `table inet bulkhead {
  map trial_in { typeof meta nfproto : verdict; flags timeout; }
  map live_in { typeof meta nfproto : verdict; }
  chain in {
    type filter hook input priority 10; policy accept;
    jump floor_in
  }
  map g1_ending {
    typeof meta l4proto . th dport : verdict; flags interval,timeout;
    elements = { tcp . 80 timeout 60s comment "shop/a" : accept,
      tcp . 81 timeout 600s : accept }
  }
  chain g1_in {
    accept
  }
}
add element inet bulkhead live_in { ipv4 : goto g1_in, ipv6 : goto g1_in }
`;
const printed = `table inet bulkhead {
	map trial_in {
		typeof meta nfproto : verdict
		flags timeout
	}

	map live_in {
		typeof meta nfproto : verdict
		elements = { 2 : goto g1_in, 10 : goto g1_in }
	}

	chain in {
		type filter hook input priority 10; policy accept;
		jump floor_in
	}

	map g1_ending {
		typeof meta l4proto . th dport : verdict
		flags interval,timeout
		elements = { 6 . 80 timeout 60s comment "shop/a" : accept,
			     6 . 81 timeout 600s : accept }
	}

	chain g1_in {
		accept
	}
}
`;
const later = (text: string): string => text.replaceAll("60s", "50s").replaceAll("600s", "590s");
const next = (text: string): string => text.replaceAll("g1_", "g2_");

const changes: readonly (readonly [string, (text: string) => string])[] = [
  ["an inserted accept", (text) => text.replace("\t\tjump", "\t\taccept\n\t\tjump")],
  ["a flushed chain", (text) => text.replace("\t\tjump floor_in\n", "")],
  ["a chain that is gone", (text) => text.replace(/\tchain in \{[\s\S]*?\t\}\n/, "")],
  ["a chain of another hand", (text) => text.replace("\tchain in", "\tchain mine {\n\t\taccept\n\t}\n\n\tchain in")],
  ["a rule in the generation", (text) => text.replace("\t\taccept\n", "\t\taccept\n\t\taccept\n")],
  ["an element more", (text) => text.replace("6 . 81", "6 . 22 timeout 9s : accept, 6 . 81")],
  ["nothing that decides", (text) => text.replace("2 : goto g1_in, ", "").replace("2 : goto g2_in, ", "")],
  ["another that decides", (text) => text.replace(/2 : goto g\d_in/, "2 : accept")],
  ["a table put to sleep", (text) => text.replace("{\n", "{\n\tflags dormant\n")],
];

test("what is as it was loaded is what later looks are held against", () => {
  expect(baselineOf({ found: listingOf(printed), loaded, before: null })).toEqual(listingOf(printed));
});

test.each(changes)("%s right after the first loading is no baseline", (_, change) => {
  expect(baselineOf({ found: listingOf(change(printed)), loaded, before: null })).toBeNull();
});

test.each(changes)("%s while the same is loaded again is still a difference", (_, change) => {
  const changed = listingOf(change(later(printed)));
  const baseline = baselineOf({ found: changed, loaded, before: { listing: listingOf(printed), isSame: true } })!;
  expect(differencesOf(baseline, changed, 0)).not.toEqual([]);
});

test.each(changes)("%s while something new is loaded is no baseline", (_, change) => {
  const before = { listing: listingOf(printed), isSame: false };
  expect(baselineOf({ found: listingOf(change(next(printed))), loaded: next(loaded), before })).toBeNull();
});

test("a rule that took another's place is known from before, whatever was loaded since", () => {
  const replaced = (text: string): string => text.replace("jump floor_in", "accept");
  for (const isSame of [true, false]) {
    const step = isSame ? later : next;
    const found = listingOf(replaced(step(printed)));
    const baseline = baselineOf({ found, loaded: step(loaded), before: { listing: listingOf(printed), isSame } })!;
    expect(differencesOf(baseline, found, 0)).toEqual(["bulkhead/chain in was changed"]);
  }
});

test("nothing differs when nobody touched anything, whether the same or something new was loaded", () => {
  for (const [step, isSame] of [
    [later, true],
    [next, false],
  ] as const) {
    const found = listingOf(step(printed));
    const baseline = baselineOf({ found, loaded: step(loaded), before: { listing: listingOf(printed), isSame } })!;
    expect(differencesOf(baseline, found, 0)).toEqual([]);
  }
});

test("an element for a trial is never believed: what was confirmed has none", () => {
  const found = listingOf(later(printed).replace("flags timeout\n\t}", "flags timeout\n\t\telements = { 2 timeout 999s : accept }\n\t}"));
  const baseline = baselineOf({ found, loaded, before: { listing: listingOf(printed), isSame: true } })!;
  expect(differencesOf(baseline, found, 0)).toEqual(["bulkhead/map trial_in has 1 elements of another hand"]);
});

test.skipIf(missing !== null)("a kernel says of whatever was loaded that it is whole, and of the same with one rule more that it is not", async () => {
  const now = Date.UTC(2026, 10, 25, 12) * 1000;
  const manner = { floor: { management: [{ protocol: "tcp", port: 22 }] }, trialMs: 2000, graceSeconds: 600 } as const;
  const rulesets = fc
    .sample(arbitraryWorld, { numRuns: 12, seed: 11 })
    .flatMap(({ set, inventory }) => inventory.workloads.map(({ id }) => compileFor(worldOf(set, inventory), id, now).ruleset));
  await inNamespace(({ load, nft }) => {
    const found = () => listingOf(nft("-s", "-n", "list", "table", "inet", "bulkhead"));
    for (const ruleset of rulesets.slice(0, 16)) {
      load(textsOf({ ruleset, prefix: "g1_", now }, manner).whole);
      const timeless = textsOf({ ruleset, prefix: "g1_", now: 0 }, manner).whole;
      expect(baselineOf({ found: found(), loaded: timeless, before: null })).not.toBeNull();
      nft("insert", "rule", "inet", "bulkhead", "g1_server_0", "accept");
      expect(baselineOf({ found: found(), loaded: timeless, before: null })).toBeNull();
    }
  });
});

import { ipText } from "@bulkhead/core/base/ip";
import { compileFor } from "@bulkhead/core/compile/compile";
import { interpret } from "@bulkhead/core/compile/interpret";
import type { PeerTable, Ruleset, Stretch } from "@bulkhead/core/compile/ruleset";
import { arbitraryWorld, type RandomWorld } from "@bulkhead/core/decide/testing/random-world";
import { worldOf } from "@bulkhead/core/decide/world";
import fc from "fast-check";
import { expect, test } from "vitest";
import { differencesOf, type Listing, listingOf } from "./listing.ts";
import { generationText, type Manner, textsOf } from "./render.ts";
import { seenText } from "./seen.ts";
import { sweepText } from "./sweep.ts";
import { inNamespace, missingForKernel, type Namespace } from "./testing/namespace.ts";
import { type Packet, verdictOfText } from "./testing/text-kernel.ts";

const missing = missingForKernel();
if (missing !== null) process.stderr.write(`no text is loaded into a kernel here: ${missing}\n`);
const runs = 60;

const now = Date.UTC(2026, 10, 25, 12) * 1000;
const manner: Manner = { floor: { management: [{ protocol: "tcp", port: 22 }] }, trialMs: 2000, graceSeconds: 600 };
const rest = (action: Stretch["action"]): Stretch => ({ protocol: null, low: 0, high: 0, action, until: null, by: [] });
const table = (more: Partial<PeerTable>): PeerTable => ({ classes: [[rest("block")]], hosts: [], ranges: [], otherwise: 0, ...more });
const open = table({ classes: [[rest("pass")]] });
const stretch = (protocol: number, low: number, more: Partial<Stretch> = {}): Stretch => ({
  protocol,
  low,
  high: low,
  action: "pass",
  until: null,
  by: ["shop/one"],
  ...more,
});

const cases: Readonly<Record<string, Ruleset>> = {
  "nothing-guarded": { version: 1, point: "web-1", inbound: open, outbound: open },
  "one-service": {
    version: 1,
    point: "web-1",
    inbound: table({ classes: [[rest("block")], [stretch(6, 80), rest("block")]], hosts: [{ address: "10.0.0.9", class: 1 }] }),
    outbound: open,
  },
  "both-families-and-ranges": {
    version: 1,
    point: "web-1",
    inbound: table({
      classes: [[rest("block")], [stretch(17, 5000, { high: 6000 }), stretch(1, 8), stretch(58, 128), rest("block")]],
      hosts: [{ address: "fd00::9", class: 1 }],
      ranges: [
        { first: "10.0.0.0", last: "10.0.0.255", class: 1 },
        { first: "fd00::", last: "fd00::ffff", class: 1 },
      ],
    }),
    outbound: table({ classes: [[rest("would")]] }),
  },
  "ends-by-itself": {
    version: 1,
    point: "web-1",
    inbound: table({
      classes: [[rest("block")], [stretch(6, 443, { until: now + 3_600_000_000 }), stretch(47, 0, { until: now + 60_000_000 }), rest("block")]],
      hosts: [{ address: "10.0.0.9", class: 1 }],
    }),
    outbound: open,
  },
};

const wholeOf = (ruleset: Ruleset, prefix = "g1_"): string => textsOf({ ruleset, prefix, now }, manner).whole;

test.each(Object.entries(cases))("the text of %s is the one we know", async (name, ruleset) => {
  await expect(generationText({ ruleset, prefix: "g1_", now })).toMatchFileSnapshot(`golden/${name}.nft`);
});

test.skipIf(missing !== null)("the kernel takes every text that we know, and every text of random worlds", async () => {
  const random = fc.sample(arbitraryWorld, { numRuns: 4, seed: 5 }).flatMap(rulesetsOf);
  await inNamespace(({ load }) => {
    for (const { ruleset, at } of [...Object.values(cases).map((one) => ({ ruleset: one, at: now })), ...random.slice(0, 6)]) {
      load(textsOf({ ruleset, prefix: "g1_", now: at }, manner).whole);
      load(textsOf({ ruleset, prefix: "g2_", now: at }, manner).stage);
      load(textsOf({ ruleset, prefix: "g2_", now: at }, manner).trial);
      load(textsOf({ ruleset, prefix: "g2_", now: at }, manner).confirm);
    }
    load(seenText());
    expect(() => load(wholeOf(cases["one-service"]!).replace("goto g1_server_1", "goto g1_nowhere"))).toThrow(/g1_nowhere|No such file/);
  });
});

/** The rule sets of all hosts of a random world. */
function rulesetsOf({ set, inventory, questions }: RandomWorld): readonly { readonly ruleset: Ruleset; readonly at: number }[] {
  const at = questions.find((question) => question.at !== null)?.at ?? now;
  return inventory.workloads.map(({ id }) => ({ ruleset: compileFor(worldOf(set, inventory), id, at).ruleset, at }));
}

const ownListing = ({ nft }: Namespace): Listing => listingOf(nft("-s", "-n", "list", "table", "inet", "bulkhead"));
/** All but the time of grace, which only the first installation gives. */
const withoutGrace = (listing: Listing): Listing => Object.fromEntries(Object.entries(listing).filter(([name]) => name !== "bulkhead/map grace"));

function switchTo(namespace: Namespace, ruleset: Ruleset, prefix: string): void {
  const texts = textsOf({ ruleset, prefix, now }, manner);
  namespace.load(texts.stage);
  namespace.load(texts.trial);
  namespace.load(texts.confirm);
  namespace.load(sweepText(namespace.nft("-j", "-t", "list", "table", "inet", "bulkhead"), prefix));
}

test.skipIf(missing !== null)("any path between two worlds installs the same rule set", async () => {
  const [a, b, c] = [cases["one-service"]!, cases["both-families-and-ranges"]!, cases["ends-by-itself"]!];
  await inNamespace((namespace) => {
    namespace.load(wholeOf(b, "gb_"));
    const direct = withoutGrace(ownListing(namespace));
    for (const path of [[a], [a, c], [c, a], []] as const) {
      namespace.load(wholeOf(path[0] ?? c, "ga0_"));
      path.slice(1).forEach((one, index) => switchTo(namespace, one, `ga${index + 1}_`));
      switchTo(namespace, b, "gb_");
      expect(differencesOf(direct, withoutGrace(ownListing(namespace)), 0)).toEqual([]);
    }
    // What the comparison must see: another world, and a path that stops half way.
    switchTo(namespace, a, "ga9_");
    expect(differencesOf(direct, withoutGrace(ownListing(namespace)), 0)).not.toEqual([]);
    namespace.load(textsOf({ ruleset: b, prefix: "gb_", now }, manner).stage);
    expect(differencesOf(direct, withoutGrace(ownListing(namespace)), 0)).not.toEqual([]);
  });
});

test.skipIf(missing !== null)("loading the same whole text twice leaves the same table", async () => {
  await inNamespace((namespace) => {
    for (const ruleset of Object.values(cases)) {
      namespace.load(wholeOf(ruleset));
      const first = ownListing(namespace);
      namespace.load(wholeOf(ruleset));
      expect(differencesOf(first, ownListing(namespace), 0)).toEqual([]);
    }
  });
});

// Their answers belong to the request: the kernel never judges a bare one.
const isBareAnswer = (protocol: number, type: number): boolean => (protocol === 1 ? [0, 14, 16, 18] : protocol === 58 ? [129, 140] : []).includes(type);

type Asked = Pick<Packet, "chain" | "peer" | "protocol" | "port" | "afterSeconds">;

/** Everything that is asked of the host's text: every service of the world's questions, both ways, of every peer, now and in a year. */
function askedOf({ inventory, questions }: RandomWorld): readonly Asked[] {
  const peers = [
    ...inventory.workloads.flatMap(({ leases }) => leases.map(({ ip }) => ipText({ ...ip, realm: "" }))),
    "8.8.8.8",
    "10.200.0.1",
    "2001:db8::77",
    "fd00::77",
  ];
  const ofFamily = ({ protocol, peer }: Asked): boolean => (protocol !== 1 || !peer.includes(":")) && (protocol !== 58 || peer.includes(":"));
  return questions
    .flatMap(({ over }) => (over === null || isBareAnswer(over.protocol, over.port) ? [] : [over]))
    .flatMap((over) => ["g1_in", "g1_out"].map((chain) => ({ ...over, chain })))
    .flatMap((one) => peers.map((peer) => ({ ...one, peer })))
    .flatMap((one) => [0, 86_400 * 400].map((afterSeconds) => ({ ...one, afterSeconds })))
    .filter(ofFamily);
}

/** The first question that the text answers otherwise than the rule set, or null; `counted` counts what was compared. */
function difference(world: RandomWorld, change: (text: string) => string, counted: { asked: number }): string | null {
  const asked = askedOf(world);
  for (const { ruleset, at: compiledAt } of rulesetsOf(world)) {
    const text = change(generationText({ ruleset, prefix: "g1_", now: compiledAt }));
    counted.asked += asked.length;
    const wrong = asked.find((one) => {
      const at = compiledAt + one.afterSeconds * 1_000_000;
      const { peer, protocol, port } = one;
      const wanted = interpret(ruleset, { direction: one.chain === "g1_in" ? "inbound" : "outbound", peer, over: { protocol, port }, at });
      const got = verdictOfText(text, { ...one, atSeconds: Math.floor(at / 1_000_000) });
      return got.replace(/_(server|client)$/, "") !== { pass: "accept", would: "would", block: "deny" }[wanted];
    });
    if (wrong !== undefined) return JSON.stringify(wrong);
  }
  return null;
}

test("the text does with every conversation what the rule set says", () => {
  const counted = { asked: 0 };
  fc.assert(
    fc.property(arbitraryWorld, (world) => {
      expect(difference(world, (text) => text, counted)).toBeNull();
    }),
    { numRuns: runs },
  );
  expect(counted.asked).toBeGreaterThan(runs * 10);
});

const broken: Readonly<Record<string, (text: string) => string>> = {
  "lost its hosts": (text) => text.replace(/(map g1_server_host4 \{\n.*\n)\s+elements = \{[^}]*\}\n/, "$1"),
  "looks at the wrong end": (text) => text.replaceAll("ip saddr vmap @g1_server_range4", "ip saddr vmap @g1_client_range4"),
  "forgets that permissions end": (text) => text.replace(/ timeout \d+s/g, "").replace(/ meta time < \d+/g, ""),
  "passes what is left": (text) => text.replace(/goto (deny|would)_server\n {2}\}/g, "accept\n  }"),
  "refuses where it should only count": (text) => text.replaceAll("goto would_", "goto deny_"),
};

test.each(Object.entries(broken))("a text that %s is caught", (_, change) => {
  expect(fc.sample(arbitraryWorld, { numRuns: 250, seed: 3 }).some((world) => difference(world, change, { asked: 0 }) !== null)).toBe(true);
});

import { memoryArchive } from "@bulkhead/adapters/stores/memory/archive";
import { expect, test } from "vitest";
import { day, hour } from "../base/instant.ts";
import { ipOf } from "../base/ip.ts";
import { worldOf } from "../decide/world.ts";
import { holderSegments } from "../inventory/holders.ts";
import { readPolicySet } from "../language/read.ts";
import type { DeclaredCycle } from "../map/completeness/declared-cycle.ts";
import type { Observer } from "../map/completeness/sight.ts";
import { watch } from "../map/completeness/watch.ts";
import type { Connection } from "../model/connection.ts";
import type { Workload } from "../model/workload.ts";
import { told } from "../telemetry/testing/told.ts";
import { segmentSights } from "./segment-sight.ts";
import { verdictsOf, type Verdicts } from "./segment-verdict.ts";
import { simulateArchive } from "./simulate-archive.ts";

const origin = 20_000;
const [start, days] = [origin * day, 21];
const machine = (id: string, app: string, address: string) => ({
  id,
  labels: { app, env: "prod", role: id.split("-")[0]! },
  leases: [{ ip: ipOf(address)!, from: null, until: null }],
  identity: null,
  point: true,
});
const workloads = [
  machine("web-1", "shop", "10.0.0.1"),
  machine("db-1", "shop", "10.0.0.2"),
  machine("bill-1", "billing", "10.0.0.3"),
  machine("book-1", "billing", "10.0.0.4"),
];
const policy = (name: string, to: string, from: string): string =>
  `policy: ${name}\nowner: team\nscope: { app: ${name} }\nallow:\n  - { name: reads, from: { role: ${from} }, to: { role: ${to} }, over: [tcp/5432, tcp/80], because: a test }\n`;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const { set } = readPolicySet([
  { path: "shop.yaml", bytes: bytes(policy("shop", "db", "web")) },
  { path: "billing.yaml", bytes: bytes(policy("billing", "book", "bill")) },
]);
const inventory = { workloads, points: [], quarantined: [] };

let record = 0;
/** A connection of the shop, or what else is said of it, on a day. */
function on(at: number, known: Partial<Connection> = {}): Connection {
  record += 1;
  const first = start + at * day + record;
  return told({ client: "10.0.0.1", server: "10.0.0.2", serverPort: 5432, clientPort: 20_000 + record, record, first, last: first + 1000, ...known });
}
const billing = { client: "10.0.0.3", server: "10.0.0.4" };
const each = (known: Partial<Connection> = {}): readonly Connection[] => Array.from({ length: days }, (_, at) => on(at, known));

interface Told {
  readonly observers?: ReadonlyMap<string, Observer>;
  readonly cycles?: readonly DeclaredCycle[];
  readonly since?: number;
  readonly until?: number;
  readonly ruled?: typeof set;
  /** Who is in the inventory, too. */
  readonly others?: readonly Workload[];
}

async function verdicts(
  connections: readonly Connection[],
  { observers = new Map(), cycles = [], since, until, ruled = set, others = [] }: Told = {},
): Promise<Verdicts> {
  const everybody = [...workloads, ...others];
  const archive = memoryArchive();
  await archive.add({ token: null, connections });
  const segments = holderSegments(everybody);
  const window = { since: since === undefined ? null : start + since * day, until: until === undefined ? null : start + until * day };
  const world = worldOf(ruled, { ...inventory, workloads: everybody });
  const simulation = await simulateArchive({ archive, world, workloads: everybody, segments, ...window });
  const asked = { since: null, until: window.until, segments };
  const flows = await archive.conversations(asked);
  const watched = watch({
    flows,
    presence: await archive.presence(asked),
    workloads: everybody,
    cycles,
    observers,
    until: window.until ?? start + days * day,
  });
  return verdictsOf(ruled, simulation, segmentSights(world, watched, { ...window, flows }));
}

const words = ({ word, segments }: Verdicts) => [word, ...segments.map((one) => [one.segment, one.word, ...one.incomplete])];
const whole = [...each(), ...each(billing)];
const billingSafe = ["billing", "safe"];

test("what was observed completely is safe, however few saw it", async () => {
  expect(words(await verdicts(whole))).toEqual(["safe", billingSafe, ["shop", "safe"]]);
});

const outage = (from: number, until: number, isSampled = false): Observer => ({
  outages: [{ since: start + from * day, until: start + until * day }],
  isSampled,
});
const half = { packetsToClient: null, bytesToClient: null, answered: null, direction: "stated" } as const;

// Each of them makes the one segment unknown, and leaves the other as it was.
test.each<readonly [string, readonly Connection[], Told, string]>([
  ["sampled", [...whole, on(3, { sampling: 16 })], {}, "2 of 22 connections sampled: there were more"],
  ["seen one way", [...whole, on(3, half)], {}, "1 of 22 connections recorded in one direction only"],
  ["without a time", [...whole, on(3, { first: null, last: null })], {}, "1 of 22 connections cannot be told"],
  ["seen on one day", [...whole, on(3, { serverPort: 80 })], {}, "1 of 2 dependencies seen on a single day, so more are to come"],
  [
    "out of sight",
    whole.map((one) => (one.client === "10.0.0.1" ? { ...one, observer: "edge" } : one)),
    { observers: new Map([["edge", outage(2, 3)]]) },
    "on 1 of 21 days a part of it was out of sight, as its sensors declare",
  ],
  [
    "an event of its own",
    whole,
    { cycles: [{ name: "release of shop", kind: "release", app: "shop", dates: [origin + 40] }] },
    "declared and not recorded: release of shop",
  ],
  [
    "an event without dates",
    whole,
    { cycles: [{ name: "release of shop", kind: "release", app: "shop", dates: [] }] },
    "declared without dates, so that nobody can look for it: release of shop",
  ],
])("a segment of which something is %s is unknown, and the other is not", async (_, connections, more, why) => {
  expect(words(await verdicts(connections, more))).toEqual(["unknown", billingSafe, ["shop", "unknown", why]]);
});

test("a gap of one sensor is none while another sees the same", async () => {
  const both = [...whole, ...whole.map((one) => ({ ...one, observer: "edge", record: one.record + 10_000 }))];
  expect(words(await verdicts(both, { observers: new Map([["edge", outage(2, 3)]]) }))[0]).toBe("safe");
});

test("a day without a record is an outage within the time, and before its first and behind its last only where somebody asks for it", async () => {
  const dark = whole.filter(({ first }) => Math.floor(first! / day) !== origin + 5);
  expect(words(await verdicts(dark))[1]).toEqual(["billing", "unknown", "on 1 of 21 days no sensor saw anything"]);
  expect(words(await verdicts(whole, { until: days + 2 }))[1]).toEqual(["billing", "unknown", "on 2 of 23 days no sensor saw anything"]);
  expect(words(await verdicts(whole, { since: -30 }))[1]).toEqual(["billing", "unknown", "on 30 of 51 days no sensor saw anything"]);
  const lasting = whole.map((one, at) => (at === days - 1 ? { ...one, last: one.first! + 30 * hour } : one));
  expect(words(await verdicts(lasting))[0]).toBe("safe");
});

test("a member that was never seen may need what nobody knows; one that was only knocked at was not seen, and one that is gone is no member", async () => {
  const batch = machine("batch-1", "shop", "10.0.0.9");
  const why = "1 of 3 workloads were never seen";
  expect(words(await verdicts(whole, { others: [batch] })).slice(1)).toEqual([billingSafe, ["shop", "unknown", why]]);
  const knocked = [...whole, on(3, { client: "10.0.0.3", server: "10.0.0.9", serverPort: 22, answered: false })];
  expect(words(await verdicts(knocked, { others: [batch] }))[2]).toEqual(["shop", "unknown", why]);
  const gone = { ...batch, leases: batch.leases.map((lease) => ({ ...lease, until: start })) };
  expect(words(await verdicts(whole, { others: [gone] }))[2]).toEqual(["shop", "safe"]);
});

test("what was seen before the time that is judged is not judged", async () => {
  const early = [on(1, { serverPort: 80 }), on(2, { serverPort: 80 })];
  expect(words(await verdicts([...whole, ...early], { since: 10 }))[2]).toEqual(["shop", "unknown", "1 of 2 dependencies seen before this time only"]);
});

test("a few days say nothing of what is still to come, and of a segment without traffic nothing was observed", async () => {
  const [, ...segments] = words(await verdicts(each().slice(0, 3), { until: 3 }));
  expect(segments).toEqual([
    ["billing", "unknown", "nothing of it was observed"],
    ["shop", "unknown", "nobody can say what is still to come: 3 days were watched; a week has to be seen twice, so 14 are needed"],
  ]);
});

test("what would be denied breaks the segments of both ends", async () => {
  const said = await verdicts([...whole, on(3, { server: "10.0.0.4" }), on(4, { server: "10.0.0.4" })]);
  expect([said.word, ...said.segments.map(({ word }) => word)]).toEqual(["would break", "would break", "would break"]);
});

test("an attempt that nobody answered breaks nothing when it is denied, and one of which nobody could tell may", async () => {
  const attempt = (answered: boolean | null) => verdicts([...whole, on(3, { server: "10.0.0.4", answered })]);
  const [unanswered, untold] = [await attempt(false), await attempt(null)];
  expect([unanswered.totals.denied?.connections, unanswered.word]).toEqual([1, "safe"]);
  expect([untold.totals.denied?.connections, untold.word]).toEqual([1, "would break"]);
});

// A log that is sent by UDP arrives without an answer.
test.each([
  ["udp", { protocol: "udp", serverPort: 514 }, "would break"],
  ["icmp of another type", { protocol: "icmp", serverPort: null, clientPort: null, icmpType: 13 }, "would break"],
  ["an echo of icmp", { protocol: "icmp", serverPort: null, clientPort: null, icmpType: 8 }, "safe"],
  ["sctp", { protocol: "sctp", serverPort: 514 }, "safe"],
] as const)("silence is no answer where one is due, and is none where it is not: %s", async (_, known, word) => {
  const said = await verdicts([...whole, on(3, { server: "10.0.0.4", answered: false, ...known })]);
  expect([said.totals.denied?.unanswered, said.word]).toEqual([1, word]);
});

test("what a firewall stopped already breaks nothing when it is denied, whatever its protocol", async () => {
  const stopped = { server: "10.0.0.4", protocol: "udp" as const, serverPort: 514, answered: false, verdict: "denied" as const };
  const said = await verdicts([...whole, on(3, stopped)]);
  expect([said.totals.denied, said.word]).toMatchObject([{ connections: 1, attempts: 1 }, "safe"]);
  const passed = await verdicts([...whole, on(3, stopped), on(4, { ...stopped, verdict: "allowed" })]);
  expect([passed.totals.denied, passed.word]).toMatchObject([{ connections: 2, attempts: 1 }, "would break"]);
});

test("neighbour discovery breaks nothing: it passes whatever a policy says of it", async () => {
  const asks = { server: "10.0.0.4", protocol: "icmp6" as const, serverPort: null, clientPort: null, answered: true };
  const said = await verdicts([...whole, ...each({ ...asks, icmpType: 135 })]);
  expect([said.totals.denied?.answered, said.word]).toEqual([days, "safe"]);
  expect((await verdicts([...whole, ...each({ ...asks, icmpType: 128 })])).word).toBe("would break");
});

test("with a zone or a forbid what is about no segment is guarded, too, and must have been observed", async () => {
  const ops = { client: "10.0.0.5", server: "10.0.0.6" };
  const early = [...whole, on(1, ops), on(2, ops)];
  const policies = { path: "shop.yaml", bytes: bytes(policy("shop", "db", "web")) };
  const also = (text: string) => readPolicySet([policies, { path: "also.yaml", bytes: bytes(text) }]).set;
  const zoned = also("zones:\n  - { name: production, members: { env: prod }, because: a test }\n");
  const forbidding = also("forbid:\n  - { name: never, from: { app: shop }, to: { app: billing }, because: a test }\n");
  const word = async (ruled: typeof set): Promise<readonly string[]> => words(await verdicts(early, { since: 10, ruled })).flat();
  expect(await word(also(""))).toEqual(["safe", "shop", "safe"]);
  expect(await word(zoned)).toEqual(["unknown", "shop", "safe"]);
  expect(await word(forbidding)).toEqual(["unknown", "shop", "safe"]);
});

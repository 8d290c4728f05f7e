import type { Connection } from "@bulkhead/core/model/connection";
import type { ConnectionFilter, FlowArchive } from "@bulkhead/core/outside";
import type { HolderSegment } from "@bulkhead/core/model/holder-segment";
import { Failure } from "@bulkhead/core/base/failure";
import { afterEach, beforeEach, expect, test } from "vitest";
import { memoryArchive } from "./memory/archive.ts";

/** An archive in an empty place of its own. */
export interface Trial {
  readonly archive: FlowArchive;
  end(): Promise<void>;
}

const hour = 3_600_000_000;
const start = Date.UTC(2026, 10, 25) * 1000;

/** A connection as a whole record tells it. */
export function told(known: Partial<Connection> = {}): Connection {
  return {
    source: "zeek-conn",
    file: "conn.log",
    record: 1,
    observer: "core",
    first: start,
    last: start + 1500001,
    client: "10.0.0.7",
    clientPort: 4e4,
    server: "10.0.0.9",
    serverPort: 443,
    protocol: "tcp",
    icmpType: null,
    packetsToServer: 5,
    bytesToServer: 500,
    packetsToClient: 4,
    bytesToClient: 4e3,
    direction: "handshake",
    answered: true,
    verdict: null,
    rule: null,
    reason: null,
    sampling: null,
    clientLabels: {},
    serverLabels: {},
    note: null,
    ...known,
  };
}

const silent: Connection = {
  source: "csv",
  file: "odd 'name'\n‮.csv",
  record: 9,
  observer: null,
  first: null,
  last: null,
  client: "fe80::1%site-b",
  clientPort: null,
  server: "::",
  serverPort: null,
  protocol: "47",
  icmpType: null,
  packetsToServer: null,
  bytesToServer: null,
  packetsToClient: null,
  bytesToClient: null,
  direction: "unknown",
  answered: null,
  verdict: null,
  rule: null,
  reason: null,
  sampling: null,
  clientLabels: {},
  serverLabels: {},
  note: null,
};

const full = told({
  record: 3,
  observer: "it's",
  first: -1,
  last: 2 ** 53 - 1,
  client: "2001:db8::1",
  server: "255.255.255.255",
  clientPort: 65535,
  serverPort: 0,
  icmpType: 255,
  packetsToServer: 0,
  bytesToServer: 2 ** 53 - 1,
  packetsToClient: 0,
  bytesToClient: 2 ** 32,
  answered: false,
  verdict: "denied",
  rule: "acl '5'\\",
  reason: "\0	",
  sampling: 16,
  clientLabels: {
    pod: 'web"1',
    ["__proto__"]: "x",
  },
  serverLabels: { user: "Zoë 🙂" },
  note: "n".repeat(5e3),
});

const world: readonly Connection[] = [
  told(),
  told({ record: 2, client: "10.0.1.7", first: start + hour, last: start + hour, observer: "edge" }),
  told({ record: 3, client: "10.0.0.7%site-b", first: start + 2 * hour, last: null, serverPort: 53, protocol: "udp", clientPort: 40_001 }),
  told({ record: 4, client: "2001:db8::7", server: "2001:db8::9", first: start + 3 * hour, source: "pcap", observer: null }),
  // Seen by a second observer, as two halves of one direction each.
  told({ record: 1, file: "vpc.log", source: "aws-vpc", observer: "eni", answered: null, direction: "unknown", packetsToClient: null, bytesToClient: null }),
  told({
    record: 2,
    file: "vpc.log",
    source: "aws-vpc",
    observer: "eni",
    answered: null,
    direction: "unknown",
    packetsToClient: null,
    bytesToClient: null,
    client: "10.0.0.9",
    clientPort: 443,
    server: "10.0.0.7",
    serverPort: 4e4,
  }),
  silent,
];

/** All connections that a filter finds. */
export async function all(archive: FlowArchive, filter: ConnectionFilter = {}): Promise<readonly Connection[]> {
  const found: Connection[] = [];
  for await (const portion of archive.connections(filter)) found.push(...portion);
  return found;
}

/** What every archive promises; `memory` is the specification that the others are compared with. */
export function archiveContract(open: () => Promise<Trial>): void {
  let trial: Trial;
  const archive = (): FlowArchive => trial.archive;
  beforeEach(async () => void (trial = await open()));
  afterEach(() => trial.end());

  test("every field of a connection comes back as it was, also what was null", async () => {
    await archive().add({ token: "a", connections: [silent, full] });
    expect(await all(archive(), { isOrdered: true })).toEqual([full, silent]);
  });

  test("a batch that is sent twice counts once, by its token or by its content", async () => {
    expect(await archive().add({ token: "a", connections: [told()] })).toBe(1);
    expect(await archive().add({ token: "a", connections: [told({ record: 2 })] })).toBe(0);
    expect(await archive().add({ token: null, connections: [told({ record: 3 })] })).toBe(1);
    expect(await archive().add({ token: null, connections: [told({ record: 3, file: "copy.log" })] })).toBe(0);
    expect((await all(archive(), { isOrdered: true })).map(({ record }) => record)).toEqual([1, 3]);
  });

  test("many batches at a time are all kept, and equal ones among them once", async () => {
    const kept = await Promise.all(Array.from({ length: 40 }, (_, at) => archive().add({ token: `t${at % 30}`, connections: [told({ record: at + 1 })] })));
    expect(kept.filter((one) => one === 1)).toHaveLength(30);
    expect(await all(archive())).toHaveLength(30);
  });

  test("a file that grew adds what is new, whichever of its copies comes first, also at once", async () => {
    const lines = Array.from({ length: 12 }, (_, at) => told({ record: at + 1, clientPort: 50_000 + at, observer: at % 2 ? null : "core" }));
    // Two equal records of one file are two; the last has no number of its own.
    const file = [...lines, lines[11]!];
    const grown = [5, 9, 13, 7].map((length) => ({ token: null, connections: file.slice(0, length).map((one) => ({ ...one, file: `${length}.log` })) }));
    expect(await Promise.all(grown.map((batch) => archive().add(batch)))).toEqual([5, 4, 4, 0]);
    for (const batch of grown) expect(await archive().add(batch)).toBe(0);
    expect((await all(archive())).map(({ record }) => record).sort((a, b) => a - b)).toEqual(file.map(({ record }) => record));
  });

  test("positive control: what begins otherwise, or has a token of its own, is another batch", async () => {
    const lines = [1, 2, 3].map((record) => told({ record }));
    expect(await archive().add({ token: null, connections: lines })).toBe(3);
    expect(await archive().add({ token: null, connections: lines.slice(1) })).toBe(2);
    expect(await archive().add({ token: "named", connections: lines })).toBe(3);
    expect(await all(archive())).toHaveLength(8);
  });

  const filters: readonly ConnectionFilter[] = [
    { client: "10.0.0.0/24" },
    { client: "10.0.0.7%site-b" },
    { client: "10.0.0.7", server: "10.0.0.9" },
    { server: "2001:db8::/32" },
    { server: "0.0.0.0/0" },
    { server: "::/0" },
    { protocol: "tcp", serverPort: 443 },
    { since: start + hour },
    { until: start + hour },
    { since: start + hour, until: start + 3 * hour },
    { observer: "edge" },
    { observer: "' or 1 --" },
    { source: "pcap" },
    { limit: 2 },
    { limit: 0 },
  ];

  test("each filter finds exactly what it says", async () => {
    const specified = memoryArchive();
    for (const one of [archive(), specified]) await one.add({ token: "world", connections: world });
    for (const filter of filters) {
      const asked = { ...filter, isOrdered: true };
      expect(await all(archive(), asked), JSON.stringify(filter)).toEqual(await all(specified, asked));
    }
  });

  test("positive control: a filter that is ignored finds too much", async () => {
    await archive().add({ token: "world", connections: world });
    expect((await all(archive(), {})).length).toBeGreaterThan((await all(archive(), { client: "10.0.0.0/24" })).length);
  });

  test("what is no address is refused in words", async () => {
    await expect(all(archive(), { client: "10.0.0" })).rejects.toThrow(Failure);
  });

  test("conversations are joined and attributed by the lease of their own time", async () => {
    const specified = memoryArchive();
    for (const one of [archive(), specified]) await one.add({ token: "world", connections: world });
    const segments = [
      { address: "10.0.0.7", from: null, until: start, holders: ["old"] },
      { address: "10.0.0.7", from: start, until: null, holders: ["web-1"] },
      { address: "10.0.0.9", from: null, until: start + 10, holders: ["db-1", "db's 2"] },
      { address: "10.0.0.9", from: start + hour, until: start + 2 * hour, holders: ["db-3"] },
    ];
    for (const [since, until] of [
      [null, null],
      [start, start + 3 * hour],
      [start + hour, null],
    ] as const) {
      const flows = await archive().conversations({ since, until, segments });
      expect(new Set(flows.map(canonical))).toEqual(new Set((await specified.conversations({ since, until, segments })).map(canonical)));
    }
    const [flow] = (await archive().conversations({ since: start, until: start + 1, segments })).filter(({ client }) => client.kind === "held");
    expect(flow).toMatchObject({ client: { holder: "web-1" }, server: { kind: "contested", holders: ["db-1", "db's 2"] }, observers: ["core", "eni"] });
  });

  test("the days and hours of a flow are those in which it was answered or nobody could tell, by the lease of their own time", async () => {
    const specified = memoryArchive();
    const day = 24 * hour;
    const later = [0, 1, 1, 3].map((days, at) =>
      told({ record: 100 + at, clientPort: 50_100 + at, serverPort: 8443, first: start + days * day, last: start + days * day + 10 }),
    );
    const tried = told({ record: 200, clientPort: 50_200, serverPort: 8444, answered: false, packetsToClient: 0, bytesToClient: 0 });
    for (const one of [archive(), specified]) await one.add({ token: "world", connections: [...world, ...later, tried] });
    const segments = [
      { address: "10.0.0.7", from: null, until: start + 2 * day, holders: ["old"] },
      { address: "10.0.0.7", from: start + 2 * day, until: null, holders: ["web-1"] },
    ];
    for (const [since, until] of [
      [null, null],
      [start + hour, null],
      [start, start + 2 * day],
    ] as const) {
      const found = await archive().presence({ since, until, segments });
      expect(new Set(found.map(canonical))).toEqual(new Set((await specified.presence({ since, until, segments })).map(canonical)));
    }
    const found = await archive().presence({ since: null, until: null, segments });
    const first = Math.floor(start / day);
    const at = Math.floor(start / hour) % 24;
    expect(found.filter(({ serverPort }) => serverPort === 8443).map(({ client, days, hours }) => [client, days, hours])).toEqual(
      expect.arrayContaining([
        [{ kind: "held", holder: "old" }, [first, first + 1], [at]],
        [{ kind: "held", holder: "web-1" }, [first + 3], [at]],
      ]),
    );
    expect(found.some(({ serverPort }) => serverPort === 8444)).toBe(false);
  });

  test("a day keeps its digest while others change, and has another when a record or a lease of its own comes", async () => {
    const day = 24 * hour;
    const [address, second] = ["10.0.0.7", start + day];
    const ask = (segments: readonly HolderSegment[]) => archive().outline({ since: null, until: null, segments });
    await archive().add({ token: "world", connections: [...world, told({ record: 90, first: second, clientPort: 50_090, protocol: "sctp" })] });
    const before = await ask([]);
    const first = Math.floor(start / day);
    expect(before.days.map((one) => one.day)).toEqual([null, first, first + 1]);
    expect(await ask([])).toEqual(before);
    // Earlier addresses, observers and protocols: whatever is numbered is numbered anew.
    const early = { client: "10.0.0.1", server: "10.0.0.15", observer: "a", protocol: "udp", answered: false, packetsToClient: 0, bytesToClient: 0 };
    await archive().add({ token: "third", connections: [told({ ...early, record: 91, first: second + day })] });
    const after = await ask([]);
    expect(after.days.map((one) => one.day)).toEqual([null, first, first + 1, first + 2]);
    expect(after.days.slice(0, 3)).toEqual(before.days);
    const held = await ask([{ address, from: second, until: null, holders: ["web-1"] }]);
    expect(held.days.map(({ digest }, at) => digest === after.days[at]!.digest)).toEqual([true, true, false, true]);
    await archive().add({ token: "more", connections: [told({ record: 92, first: second + hour, clientPort: 50_092 })] });
    const more = await ask([]);
    expect(more.days.map(({ digest }, at) => digest === after.days[at]!.digest)).toEqual([true, true, false, true]);
  });

  test("the outline of a window has its days, and the addresses that its flows make broadcast", async () => {
    const day = 24 * hour;
    const specified = memoryArchive();
    const silence = { protocol: "udp", answered: false, packetsToClient: 0, bytesToClient: 0 };
    const heard = ["10.0.0.15", "10.0.0.23", "10.0.0.31", "10.0.0.16", "224.0.0.251", "ff02::fb"].map((server, at) =>
      told({ ...silence, server, record: 300 + at, clientPort: 51_000 + at, first: start + at }),
    );
    const cleared = [
      told({ client: "10.0.0.23", record: 310, first: start + day }),
      told({ server: "10.0.0.31", protocol: "udp", record: 311, first: start + 2 * day }),
    ];
    for (const one of [archive(), specified]) await one.add({ token: "world", connections: [...world, ...heard, ...cleared] });
    const segments = [{ address: "10.0.0.15", from: start + 2 * day, until: null, holders: ["late"] }];
    const broadcast: string[] = [];
    for (const [since, until] of [
      [null, null],
      [start, start + day],
      [start + hour, start + 2 * day + hour],
      [null, start + 2 * day],
    ] as const) {
      const found = await archive().outline({ since, until, segments });
      const said = await specified.outline({ since, until, segments });
      expect([found.broadcast, found.days.map((one) => one.day)]).toEqual([said.broadcast, said.days.map((one) => one.day)]);
      broadcast.push(found.broadcast.join(" "));
    }
    expect(broadcast.slice(0, 2)).toEqual(["10.0.0.15 224.0.0.251 ff02::fb", "10.0.0.15 10.0.0.23 10.0.0.31 224.0.0.251 ff02::fb"]);
  });

  test("conversations of several days come apart by day as they would one by one", async () => {
    const day = 24 * hour;
    const later = [0, 1, 1, 3].map((days, at) => told({ record: 400 + at, clientPort: 52_000 + at, first: start + days * day, last: start + days * day + 10 }));
    await archive().add({ token: "world", connections: [...world, ...later] });
    const segments = [{ address: "10.0.0.7", from: start + day, until: null, holders: ["web-1"] }];
    for (const [since, until] of [
      [null, null],
      [start + hour, start + 2 * day - hour],
      [start, start + 2 * day],
    ] as const) {
      const found = await archive().conversationsByDay({ since, until, segments });
      expect(found.map((one) => one.day)).toEqual([0, 1, 3].slice(0, until === null ? 3 : 2).map((at) => Math.floor(start / day) + at));
      for (const { day: at, flows } of found) {
        const alone = { since: Math.max(since ?? 0, at * day), until: Math.min(until ?? Infinity, (at + 1) * day), segments };
        expect(new Set(flows.map(canonical))).toEqual(new Set((await archive().conversations(alone)).map(canonical)));
      }
    }
    const { days } = await archive().outline({ since: start, until: null, segments });
    expect(days[0]!.flowsMost).toBeGreaterThanOrEqual((await archive().conversationsByDay({ since: start, until: start + day, segments }))[0]!.flows.length);
  });

  test("conversations without a time can be asked for alone", async () => {
    await archive().add({ token: "world", connections: world });
    const undated = await archive().conversations({ since: null, until: null, segments: [], isUndated: true });
    expect(undated.map(({ protocol, first }) => [protocol, first])).toEqual([["47", null]]);
  });

  test("a batch that comes after a question is in the next answer", async () => {
    await archive().add({ token: "a", connections: [told()] });
    const asked = { since: null, until: null, segments: [] };
    expect((await archive().conversations(asked))[0]?.connections).toBe(1);
    await archive().add({ token: "b", connections: [told({ record: 2, clientPort: 50_000 })] });
    expect((await archive().conversations(asked))[0]?.connections).toBe(2);
  });

  test("batches that come one by one between questions say what they say together", async () => {
    const specified = memoryArchive();
    const segments = [{ address: "10.0.0.7", from: null, until: null, holders: ["web-1"] }];
    for (const [at, one] of world.toReversed().entries()) {
      for (const store of [archive(), specified]) await store.add({ token: `b${at}`, connections: [one] });
      if (at % 2 === 1) continue;
      for (const since of [null, start + hour]) {
        const asked = { since, until: null, segments };
        expect(new Set((await archive().conversations(asked)).map(canonical))).toEqual(new Set((await specified.conversations(asked)).map(canonical)));
      }
    }
  });

  test("it says which sources it knows, again after another batch", async () => {
    const specified = memoryArchive();
    expect(await archive().sources()).toEqual([]);
    for (const [at, some] of [world.slice(0, 3), world.slice(3)].entries()) {
      for (const one of [archive(), specified]) await one.add({ token: `part-${at}`, connections: some });
      expect(await archive().sources()).toEqual(await specified.sources());
    }
  });
}

// The order of keys says nothing.
const canonical = (flow: object): string =>
  JSON.stringify(flow, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value,
  );

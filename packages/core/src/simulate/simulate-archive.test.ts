import { memoryArchive } from "@bulkhead/adapters/stores/memory/archive";
import fc from "fast-check";
import { expect, test } from "vitest";
import { day } from "../base/instant.ts";
import { ipOf } from "../base/ip.ts";
import { arbitraryWorld, type RandomWorld } from "../decide/testing/random-world.ts";
import { worldOf } from "../decide/world.ts";
import { holderSegments } from "../inventory/holders.ts";
import type { Connection } from "../model/connection.ts";
import type { FlowArchive } from "../outside.ts";
import { told } from "../telemetry/testing/told.ts";
import { simulationJson } from "./json.ts";
import { type KeptPages, simulateArchive } from "./simulate-archive.ts";
import type { Observed, PairStatement, Simulation } from "./simulation.ts";

const runs = 60;

interface Case {
  readonly drawn: RandomWorld;
  readonly connections: readonly Connection[];
}

/** Questions between addresses, with a service and a time: those that a record may ask. */
const usable = ({ questions }: RandomWorld): RandomWorld["questions"] =>
  questions.filter(({ from, to, over, at }) => over !== null && at !== null && [from, to].every((end) => ipOf(end) !== undefined));

/** Traffic of a random world over some days: what lasts over midnight, what has no time, two observers, samples. */
const cases: fc.Arbitrary<Case> = arbitraryWorld.chain((drawn) =>
  fc
    .array(
      fc.record({
        question: fc.constantFrom(...usable(drawn), ...(usable(drawn).length === 0 ? drawn.questions : [])),
        days: fc.integer({ min: -3, max: 6 }),
        lasts: fc.constantFrom(0, 0, 0, day / 2, 2 * day),
        isUndated: fc.constantFrom(false, false, false, false, true),
        observer: fc.constantFrom("core", "core", "edge"),
        sampling: fc.constantFrom(null, null, 16),
      }),
      { minLength: 1, maxLength: 40 },
    )
    .map((all) => ({
      drawn,
      connections: all.flatMap(({ question: { from, to, over, at }, days, lasts, isUndated, ...seen }, index) =>
        !usable(drawn).some((one) => one.from === from && one.to === to) || over === null || at === null
          ? []
          : [
              told({
                ...seen,
                client: from,
                server: to,
                clientPort: 20_000 + index,
                serverPort: over.port,
                first: isUndated ? null : at + days * day,
                last: isUndated ? null : at + days * day + lasts,
                record: index + 1,
              }),
            ],
      ),
    })),
);

interface Place {
  readonly archive: FlowArchive;
  readonly kept?: KeptPages;
}

const simulated = ({ drawn }: Case, { archive, kept }: Place): Promise<Simulation> =>
  simulateArchive({
    archive,
    world: worldOf(drawn.set, drawn.inventory),
    workloads: drawn.inventory.workloads,
    segments: holderSegments(drawn.inventory.workloads),
    since: null,
    until: null,
    ...(kept === undefined ? {} : { kept }),
  });

async function archiveOf(connections: readonly Connection[]): Promise<FlowArchive> {
  const archive = memoryArchive();
  await archive.add({ token: null, connections });
  return archive;
}

/** The same archive, which knows of which days it was asked; what has no time is a day of its own. */
function counting(archive: FlowArchive): FlowArchive & { readonly daysRead: Set<number | null> } {
  const daysRead = new Set<number | null>();
  return {
    ...archive,
    daysRead,
    conversations(query) {
      daysRead.add(query.since === null ? null : Math.floor(query.since / day));
      return archive.conversations(query);
    },
    async conversationsByDay(query) {
      const found = await archive.conversationsByDay(query);
      for (const one of found) daysRead.add(one.day);
      return found;
    },
  };
}

/** What is kept, by name; after so many pages the program is killed. */
function shelf(most = Infinity, nameOf: (name: string) => string = (name) => name): KeptPages & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    read: (name) => texts.get(nameOf(name)) ?? null,
    write(name, text) {
      if (texts.size >= most) throw new Error("killed");
      texts.set(nameOf(name), text);
    },
  };
}

const bytes = async (one: Case, place: Place): Promise<string> => simulationJson(await simulated(one, place));

test("a simulation that was stopped and begun again says the same bytes, and reads no day twice", { timeout: 600_000 }, async () => {
  let spared = 0;
  await fc.assert(
    fc.asyncProperty(cases, fc.integer({ min: 1, max: 8 }), async (one, most) => {
      const archive = await archiveOf(one.connections);
      const [alone, stopped] = [counting(archive), shelf(most)];
      const expected = await bytes(one, { archive: alone });
      await bytes(one, { archive, kept: stopped }).catch(() => "");
      const kept = shelf();
      for (const [name, text] of stopped.texts) kept.write(name, text);
      const again = counting(archive);
      expect(await bytes(one, { archive: again, kept })).toBe(expected);
      expect(again.daysRead.size).toBe(alone.daysRead.size - stopped.texts.size);
      spared += stopped.texts.size;
      const third = counting(archive);
      expect(await bytes(one, { archive: third, kept })).toBe(expected);
      expect(third.daysRead.size).toBe(0);
    }),
    { numRuns: runs },
  );
  expect(spared).toBeGreaterThan(runs);
});

test("positive control: pages that are taken for those of another day are caught", { timeout: 60_000 }, async () => {
  let isCaught = false;
  for (const one of fc.sample(cases, { numRuns: 20, seed: 5 })) {
    const archive = await archiveOf(one.connections);
    const expected = await bytes(one, { archive });
    isCaught ||= (await bytes(one, { archive, kept: shelf(Infinity, () => "any") })) !== expected;
  }
  expect(isCaught).toBe(true);
});

test("what comes later is read, and the days before it are not", { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      const archive = await archiveOf(one.connections);
      const kept = shelf();
      await bytes(one, { archive, kept });
      const last = one.connections.reduce((most, { last: end }) => Math.max(most, end ?? 0), 0);
      await archive.add({ token: "later", connections: [told({ record: 9999, clientPort: 61_001, first: last + 3 * day, last: last + 3 * day })] });
      const again = counting(archive);
      expect(await bytes(one, { archive: again, kept })).toBe(await bytes(one, { archive }));
      expect(again.daysRead.size).toBe(1);
    }),
    { numRuns: Math.ceil(runs / 3) },
  );
});

/** The same archive as one part: everything at once. */
const undivided = (archive: FlowArchive): FlowArchive => ({
  ...archive,
  outline: async (query) => ({ ...(await archive.outline(query)), days: [{ day: null, digest: "all", flowsMost: 1 }] }),
  // `isUndated` names the only part there is; a window asked for a stretch within it stays one.
  conversations: ({ since, until, segments }) => archive.conversations({ since, until, segments }),
});

/** What adds up whatever the parts; who alone told of a flow, and what was sampled, is said day by day. */
const added = ({ pairs, rules, layers, segments }: Simulation): string =>
  JSON.stringify({ pairs: pairs.map(withoutRecords), rules: rules.map(withoutRecords), layers: layers.map(withoutRecords), segments }, (key, value: unknown) =>
    ["records", "byOneObserver", "sampled"].includes(key) ? undefined : value,
  );
const withoutRecords = <One extends { readonly observed: Observed; readonly records: PairStatement["records"] }>(one: One): object => ({ ...one });

test("day by day is the same as all at once", { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      // Among others at once, what has no time is judged at the time of the others; day by day it is unknown.
      const archive = await archiveOf(one.connections.filter(({ first }) => first !== null));
      expect(added(await simulated(one, { archive }))).toBe(added(await simulated(one, { archive: undivided(archive) })));
    }),
    { numRuns: runs },
  );
});

test("positive control: a simulation that leaves a day out is caught", { timeout: 60_000 }, async () => {
  let isCaught = false;
  for (const one of fc.sample(cases, { numRuns: 20, seed: 5 })) {
    const archive = await archiveOf(one.connections);
    const careless: FlowArchive = {
      ...archive,
      async outline(query) {
        const { days, broadcast } = await archive.outline(query);
        return { days: days.slice(1), broadcast };
      },
    };
    isCaught ||= added(await simulated(one, { archive: careless })) !== added(await simulated(one, { archive: undivided(archive) }));
  }
  expect(isCaught).toBe(true);
});

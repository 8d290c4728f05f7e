import fc from "fast-check";
import type { Facts, Question } from "../../model/question.ts";
import type { ServicePoint } from "../../model/service.ts";
import type { BorderPoint, Identity, Inventory, Lease, Tier, Workload } from "../../model/workload.ts";
import { addressNamed, addressTexts, borders, identityNames, labelValues, moments, networkNames } from "./small-pools.ts";

const address = fc.constantFrom(...addressTexts);
const mostly = <T>(usual: T, other: fc.Arbitrary<T>, weight: number): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });

const mostlySome = (values: readonly string[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 5 });
const labels: fc.Arbitrary<Workload["labels"]> = fc
  .record({ app: mostlySome(labelValues.app), env: mostlySome(labelValues.env), role: mostlySome(labelValues.role) })
  .map((written) =>
    Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined))),
  );

/** From one border to a later one, or open. */
const lease: fc.Arbitrary<Lease> = fc
  .tuple(
    address,
    mostly([null, null] as readonly (number | null)[], fc.subarray([...borders], { minLength: 2, maxLength: 2 }), 3),
    fc.constantFrom("none", "from", "until"),
  )
  .map(([text, [from = null, until = null], open]) => ({
    ip: addressNamed(text),
    from: open === "from" ? null : from,
    until: open === "until" ? null : until,
  }));

const identity: fc.Arbitrary<Identity | null> = fc.option(fc.record({ name: fc.constantFrom(...identityNames), tier: fc.constantFrom<Tier>(3, 2, 1, 0) }), {
  freq: 2,
});

const workloads: fc.Arbitrary<readonly Workload[]> = fc
  .array(
    fc.record({
      labels,
      leases: fc.oneof(fc.array(lease, { minLength: 1, maxLength: 2 }), fc.constant<Lease[]>([])),
      identity,
      point: mostly(true, fc.constant(false), 3),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((list) => list.map((workload, index) => ({ id: `w${index + 1}`, ...workload })));

const borderPoints: fc.Arbitrary<readonly BorderPoint[]> = fc
  .array(
    fc.record({
      networks: fc.uniqueArray(fc.constantFrom(...networkNames, "internet"), { minLength: 1, maxLength: 2 }),
      live: mostly(true, fc.constant(false), 4),
    }),
    { maxLength: 2 },
  )
  .map((list) => list.map((point, index) => ({ id: `b${index + 1}`, ...point })));

/** One to four workloads, border points, now and then a quarantine; leases change hands and meet. */
export const arbitraryInventory: fc.Arbitrary<Inventory> = fc.record({
  workloads,
  points: borderPoints,
  quarantined: mostly<readonly string[]>([], fc.constant(["w1"]), 7),
});

const points: readonly ServicePoint[] = [
  { protocol: 6, port: 443 },
  { protocol: 6, port: 22 },
  { protocol: 17, port: 53 },
  { protocol: 1, port: 8 },
  { protocol: 58, port: 128 },
  { protocol: 58, port: 134 },
  { protocol: 47, port: 0 },
];

/** Each fact known or not, of the right type or not. */
export const arbitraryFacts: fc.Arbitrary<Facts> = fc.record(
  {
    encrypted: fc.constantFrom<unknown>(true, false, null, "true"),
    function: fc.constantFrom<unknown>("modbus/3", "modbus/5", null, 3),
    process: fc.constantFrom<unknown>("sshd", "SSHD"),
    user: fc.constantFrom<unknown>("ann", "bob", "eve"),
    name: fc.constantFrom<unknown>("shop.example", "SHOP.example.", "other.example"),
  },
  { requiredKeys: [] },
);

/** What may be asked in a world of so many workloads: mostly about those, often about addresses, now and then about nobody. */
function arbitraryQuestion(workloadCount: number): fc.Arbitrary<Question> {
  const end = fc.oneof(
    { weight: 24, arbitrary: fc.nat({ max: workloadCount - 1 }).map((index) => `w${index + 1}`) },
    { weight: 14, arbitrary: address },
    { weight: 1, arbitrary: fc.constant("nobody") },
  );
  return fc.record({
    from: end,
    to: end,
    over: mostly<ServicePoint | null>(
      points[0]!,
      fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...points) }, { weight: 1, arbitrary: fc.constant(null) }),
      1,
    ),
    at: fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...moments) }, { weight: 1, arbitrary: fc.constant(null) }),
    facts: mostly<Facts>({}, arbitraryFacts, 1),
  });
}

const questionsFrom = (workloadCount: number, minLength: number) => fc.array(arbitraryQuestion(workloadCount), { minLength, maxLength: 12 });

/** The same questions, and again with an address at either end: what laws about addresses want to know. */
export const alsoByAddress = (questions: readonly Question[], ends: readonly [string, string]): readonly Question[] =>
  questions.flatMap((question) => [question, { ...question, from: ends[0] }, { ...question, to: ends[1] }]);
export const arbitraryAddresses = fc.tuple(address, address);

export const arbitraryQuestions = ({ workloads: list }: Inventory): fc.Arbitrary<readonly Question[]> =>
  fc.oneof({ withCrossShrink: true }, { weight: 1, arbitrary: questionsFrom(list.length, 1) }, { weight: 4, arbitrary: questionsFrom(list.length, 8) });

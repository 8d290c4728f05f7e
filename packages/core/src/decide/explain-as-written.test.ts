import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { readPolicySet } from "../language/read.ts";
import type { Answer, Question } from "../model/question.ts";
import type { Inventory } from "../model/workload.ts";
import { decide } from "./decide.ts";
import { explain, type Explanation } from "./explain.ts";
import { arbitraryWorld, type RandomWorld } from "./testing/random-world.ts";
import { filesOf } from "./testing/set-files.ts";
import { worldOf } from "./world.ts";

const runs = 25;
type Change = Explanation["changes"][number];
type Section = Record<string, unknown>;
type Named = { readonly name: string } & Section;

/** Text as it is printed, with what only a person knows filled in. */
const filled = (lines: readonly string[], number: number): Section =>
  parse(
    lines
      .map((line) => line.replace("from-date: …", "from-date: 1970-01-01").replace("until: …", "until: 9000-01-01").replace("…", `proposed-${number}`))
      .join("\n"),
  ) as Section;

/** The files of a set with every step of a change carried out; null where a step is no writing. */
function carriedOut(files: readonly Section[], { kind, steps }: Change): readonly Section[] | null {
  return steps.reduce<readonly Section[] | null>((now, { what, write }, number) => {
    if (now === null || write.length === 0) return null;
    const text = filled(write, number);
    const own = /: a rule in policy (\S+) \(/.exec(what)?.[1];
    if (own !== undefined)
      return now.map((file) => (file["policy"] === own ? { ...file, allow: [...(file["allow"] as Named[]), ...(text["allow"] as Named[])] } : file));
    if (!["date", "port", "peer"].includes(kind)) return [...now, text];
    return now.map((file) => withEdited(file, /(\S+) \(\S+\.json:\d+\)/.exec(what)![1]!, text));
  }, files);
}

const sections = { conduit: "conduits", forbid: "forbid", common: "common", exception: "exceptions" } as const;

/** A file with one rule, by its full name, rewritten. */
function withEdited(file: Section, full: string, change: Section): Section {
  const [prefix = "", name = ""] = full.split("/");
  const section = sections[prefix as keyof typeof sections];
  const keys = section !== undefined && file["policy"] === undefined ? [section] : file["policy"] === prefix ? ["allow", "exceptions"] : [];
  const edited = keys.flatMap((key) => {
    const rules = file[key] as Named[] | undefined;
    return rules === undefined ? [] : [[key, rules.map((rule) => (rule.name === name ? { ...rule, ...change } : rule))] as const];
  });
  return { ...file, ...Object.fromEntries(edited) };
}

/** The inventory with what a label step or a quarantine says. */
function inventoryAfter(inventory: Inventory, { kind, steps }: Change): Inventory {
  const what = steps[0]!.what;
  if (kind === "quarantine") return { ...inventory, quarantined: [...inventory.quarantined, /quarantine (\S+);/.exec(what)![1]!] };
  const [, id = "", terms = ""] = /labels of (\S+), if they are wrong: (.*)\. Every rule/.exec(what) ?? [];
  const changes = [...terms.matchAll(/no (\S+)|(\S+)=(\S+)/g)].map(([, gone, key, value]) => [gone ?? key!, gone === undefined ? value! : null] as const);
  const relabelled = (labels: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries({ ...labels, ...Object.fromEntries(changes) })
        .filter(([, value]) => value !== null)
        .map(([key, value]) => [key, value!]),
    );
  return { ...inventory, workloads: inventory.workloads.map((one) => (one.id === id ? { ...one, labels: relabelled(one.labels) } : one)) };
}

/** What `decide` says when somebody has done what a change says; null where it cannot be done from its text. */
function answerAfter({ set, inventory }: RandomWorld, question: Question, change: Change): Answer | string | null {
  const files = filesOf(set).map(({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)) as Section);
  const isState = change.kind === "label" || change.kind === "quarantine";
  const after = isState ? files : carriedOut(files, change);
  if (after === null) return null;
  const read = readPolicySet(after.map((file, index) => ({ path: `${index}.json`, bytes: new TextEncoder().encode(JSON.stringify(file)) })));
  // A random set may have mistakes of its own.
  const known = errorsOf(readPolicySet(filesOf(set)));
  const errors = errorsOf(read).filter((message) => !known.includes(message));
  if (errors.length > 0) return errors.join("; ");
  return decide(worldOf(read.set, isState ? inventoryAfter(inventory, change) : inventory), question);
}

const errorsOf = ({ diagnostics }: ReturnType<typeof readPolicySet>): readonly string[] =>
  diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);

/** Changes that do not do what they say; and how many of each kind there were. */
function wrongIn(world: RandomWorld, counts: Map<string, number>, broken: (change: Change) => Change = (same) => same): readonly string[] {
  const files = filesOf(world.set);
  // As it was read: then it has the places of its rules.
  const { set } = readPolicySet(files);
  return world.questions.slice(0, 8).flatMap((question) =>
    explain(set, world.inventory, question).changes.flatMap((printed): readonly string[] => {
      const change = broken(printed);
      const then = answerAfter({ ...world, set }, question, change);
      if (then === null) return [];
      counts.set(change.kind, (counts.get(change.kind) ?? 0) + 1);
      const isSo = typeof then !== "string" && then.verdict === printed.answer.verdict && then.layer === printed.answer.layer;
      return isSo ? [] : [JSON.stringify({ question, change, got: then })];
    }),
  );
}

const isAsWritten = fc.property(arbitraryWorld, (world) => {
  expect(wrongIn(world, new Map())).toEqual([]);
});

test("whoever does what an explanation says, word for word, gets the answer that it says", { timeout: 600_000 }, () => {
  fc.assert(isAsWritten, { numRuns: runs });
});

test("a world that was once told to take a type out of a rule which names all types, too, is closed as written", () => {
  fc.assert(isAsWritten, { seed: -206938715, path: "128", numRuns: 1 });
});

test("the control: changes of every kind are carried out, and one that names another service or another rule is caught", { timeout: 120_000 }, () => {
  const worlds = fc.sample(arbitraryWorld, { numRuns: 12, seed: 2 });
  const counts = new Map<string, number>();
  const isCaught = (from: RegExp, to: string): boolean =>
    worlds.some((world) => {
      const broken = (change: Change): Change => ({
        ...change,
        steps: change.steps.map(({ what, write }) => ({ what, write: write.map((line) => line.replace(from, to)) })),
      });
      return wrongIn(world, counts, broken).length > 0;
    });
  expect(isCaught(/x^/, "")).toBe(false);
  expect([...counts.keys()].sort()).toEqual(["date", "exception", "forbid", "guard", "label", "peer", "port", "quarantine", "rule"]);
  expect(isCaught(/over: \[.*\]/, "over: [tcp/9]")).toBe(true);
  expect(isCaught(/^ {4}from: .*$/, "    from: { app: nobody }")).toBe(true);
});

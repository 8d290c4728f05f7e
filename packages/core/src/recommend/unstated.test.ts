import { expect, test } from "vitest";
import { readPolicySet } from "../language/read.ts";
import { bytesOf } from "../language/utf8.ts";
import { recommend } from "./recommend.ts";
import { machine, seen, verdictsOf } from "./testing/estate.ts";
import { unstatedLines } from "./unstated.ts";
import { endText } from "../model/flow.ts";

const habits = [seen("a-prod-web", "a-prod", "tcp/5672"), seen("a-prod-web", "a-prod-db", "tcp/5432")];
const machines = ["a/prod/web", "a/prod/db", "a/prod"].map((text) => machine(text));

test("a rule that names a whole segment because a workload lacks a label says so, and so does the summary", () => {
  const { files, rules } = recommend(habits, machines);
  const { text } = files.find(({ path }) => path === "a-prod.yaml")!;
  expect(text).toContain("  # names others with it, because a-prod states no role\n  - name: web-to-a-prod\n");
  // The control: whose server states its role names nobody else.
  expect(text.match(/states no role/g)).toHaveLength(1);
  expect(unstatedLines(rules)).toEqual([
    "1 rule is wider than need be, because a-prod states no role; `bulkhead inventory suggest` says what it may be: label it, and propose again",
  ]);
});

test("beside a rule that is wide because a label is missing nobody is named for nothing", () => {
  const also = [seen("a-prod-db", "a-prod-web", "tcp/22"), seen("b-prod-web", "a-prod-web", "tcp/22"), seen("b-prod-web", "a-prod", "tcp/22")];
  const all = [...machines, machine("b/prod/web")];
  const { files } = recommend(also, all);
  const { text } = files.find(({ path }) => path === "a-prod.yaml")!;
  expect(text).toContain("from: { app: b, env: prod, role: web }\n    to: { app: a, env: prod }\n");
  expect(text).toContain("from: { app: a, env: prod, role: db }\n    to: { app: a, env: prod, role: web }\n");
  const { set } = readPolicySet(files.map(({ path, text: written }) => ({ path, bytes: bytesOf(written) })));
  expect(set.policies.flatMap(({ allow }) => allow.map(({ name }) => name))).toEqual(["a-prod/db-to-web", "a-prod/b-prod-web-to-a-prod"]);
  const verdict = verdictsOf({ files }, all);
  expect(also.map(({ client, server }) => verdict(`${endText(client)} ${endText(server)} tcp/22`))).toEqual(["allow", "allow", "allow"]);
});

test("where nobody in a segment states a label, its rules are no wider than they can be, and nothing is said", () => {
  const { files, rules } = recommend([seen("b-prod-web", "a-prod", "tcp/5672")], [machine("a/prod"), machine("b/prod/web")]);
  expect([
    files
      .map(({ text }) => text)
      .join("")
      .includes("states no"),
    unstatedLines(rules),
  ]).toEqual([false, []]);
});

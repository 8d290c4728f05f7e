import { readInventoryFile } from "@bulkhead/core/inventory/inventory-file";
import { readPolicySet } from "@bulkhead/core/language/read";
import { expect, test } from "vitest";
import { printReport } from "./difference-print.ts";
import { reportOf } from "./difference-report-of.ts";
import { secondEngineText } from "./second-engine-text.ts";

const question = { from: "web-1", to: "db-1", over: "tcp/5432", at: "2026-11-28T12:00:00Z", facts: {} };
const agreed = { verdicts: 12_000, askedAgain: 2500, sample: { how: "500 of each", seed: 1 }, disagreements: 0, examples: [] };
const disagreed = {
  ...agreed,
  disagreements: 1,
  examples: [
    {
      policy: "new" as const,
      question: { ...question, from: "web\u001b[31m" },
      published: { verdict: "allow" as const, effect: "pass" as const },
      decided: { verdict: "deny" as const, layer: "segment" as const, by: [], effect: "block" as const },
    },
  ],
};

test("how many verdicts were asked again is said with the draw, and a disagreement with the question that shows it", () => {
  expect(secondEngineText(agreed)).toBe("second engine: 2,500 of 12,000 verdicts asked again (500 of each; seed 1), 0 disagreements");
  expect(secondEngineText({ ...agreed, sample: null })).toBe("second engine: 2,500 verdicts asked again, 0 disagreements");
  const text = secondEngineText(disagreed);
  expect(text).toContain("no verdict above can be trusted");
  expect(text).toContain('published allow (pass), `decide` says deny by segment (block), under the new policy: {"from":"web');
  expect(text).not.toContain("\u001b");
});

test("a difference with a disagreement ends with 2, whatever its flags say, and in every form it says so", async () => {
  const { set } = readPolicySet([{ path: "a.yaml", bytes: new TextEncoder().encode("zones: [{ name: prod, members: { env: prod }, because: a test }]") }]);
  const { inventory } = readInventoryFile(JSON.stringify({ workloads: [{ id: "web-1", labels: { env: "prod" } }] }));
  const report = await reportOf({
    before: set,
    after: set,
    people: { before: inventory, after: inventory, isReal: true, directory: null, by: ["env"], words: "" },
    at: 0,
    since: null,
    directory: "policy",
    checks: { isNewForbidden: true, notGranted: null, isPublicForbidden: true },
  });
  async function printed(secondEngine: typeof agreed | typeof disagreed, form: { readonly json?: boolean; readonly markdown?: boolean }) {
    let [out, status] = ["", -1];
    const context = { outSlowly: async (text: string) => void (out += text), exit: (code: number) => void (status = code) };
    await printReport(context as unknown as Parameters<typeof printReport>[0], { ...report, difference: { ...report.difference, secondEngine } }, form);
    return { out, status };
  }
  expect(report.difference.secondEngine).toMatchObject({ disagreements: 0 });
  for (const form of [{}, { markdown: true }, { json: true }]) {
    // The control: without one, the flags decide.
    expect((await printed(agreed, form)).status).not.toBe(2);
    const { out, status } = await printed(disagreed, form);
    expect([status, out]).toEqual([2, expect.stringMatching(/1 disagreement:|1 disagreement&|"disagreements":1/) as string]);
  }
});

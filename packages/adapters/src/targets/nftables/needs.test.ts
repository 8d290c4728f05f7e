import { expect, test } from "vitest";
import { needs, needsText } from "./needs.ts";
import { inNamespace, missingForKernel } from "./testing/namespace.ts";

const missing = missingForKernel();
if (missing !== null) process.stderr.write(`no kernel is asked what it can do: ${missing}\n`);

test.skipIf(missing !== null)("a kernel is asked for everything that our texts need, and nothing is left behind", async () => {
  await inNamespace(({ check, nft }) => {
    for (const text of [needsText({ management: [{ protocol: "tcp", port: 22 }] }), ...needs.map((need) => need.text)]) check(text);
    expect(nft("list", "ruleset")).toBe("");
    // The control: what no kernel can do is refused.
    expect(() => check(needs[0]!.text.replace("inet", "inet no such"))).toThrow(/syntax error/);
    expect(() => check("table inet x {\n  chain in {\n    goto nowhere\n  }\n}\n")).toThrow();
  });
});

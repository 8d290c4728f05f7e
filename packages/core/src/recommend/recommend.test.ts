import { expect, test } from "vitest";
import { decide } from "../decide/decide.ts";
import { worldOf } from "../decide/world.ts";
import { formatPolicy } from "../language/format.ts";
import { readPolicySet } from "../language/read.ts";
import { protocolNumbers } from "../model/service.ts";
import { endText, type Flow, type FlowEnd } from "../model/flow.ts";
import type { ProposalWorkload } from "./dependency.ts";
import { crossingLines } from "./crossing-lines.ts";
import { heldOutLines } from "./held-out-lines.ts";
import { recommend } from "./recommend.ts";
import { recordedShop } from "./testing/shop.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const { flows, workloads, inventory } = recordedShop();

function verdicts(files: readonly { readonly path: string; readonly text: string }[]): (flow: Flow) => string {
  const { set, diagnostics } = readPolicySet(files.map(({ path, text }) => ({ path, bytes: bytesOf(text) })));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const world = worldOf(set, inventory);
  return ({ client, server, protocol, serverPort, last }) =>
    decide(world, {
      from: endText(client),
      to: endText(server),
      over: { protocol: protocolNumbers[protocol as "tcp" | "udp"], port: serverPort ?? 0 },
      at: last,
      facts: {},
    }).verdict;
}

test("everything that was seen and not held out is allowed by the first policy", () => {
  const { files, heldOut } = recommend(flows, workloads);
  const verdict = verdicts(files);
  const held = new Set(heldOut.map(({ flow }) => flow));
  const kept = flows.filter((flow) => !held.has(flow));
  expect(kept.length).toBeGreaterThan(30);
  expect(kept.filter((flow) => verdict(flow) !== "allow")).toEqual([]);
});

test("the same test catches a policy that forgot a rule", () => {
  const { files, heldOut } = recommend(flows, workloads);
  const held = new Set(heldOut.map(({ flow }) => flow));
  const broken = files.map((file) => ({ ...file, text: file.text.replace("role: lb }", "role: nobody }") }));
  const verdict = verdicts(broken);
  expect(flows.filter((flow) => !held.has(flow) && verdict(flow) !== "allow").length).toBeGreaterThan(0);
});

test("nothing of the intruder is allowed by the first policy, and it is listed", () => {
  const { files, heldOut } = recommend(flows, workloads);
  const verdict = verdicts(files);
  const intruder = heldOut.filter(({ why }) => why === "scanner").map(({ flow }) => flow);
  expect(intruder.map(({ server, serverPort }) => `${endText(server)} ${serverPort}`).sort()).toEqual([
    "10.20.2.99 22",
    "203.0.113.66 4444",
    "cache-1 6379",
    "ledger-1 22",
    "ledger-1 5432",
  ]);
  expect(intruder.map(verdict)).toEqual(["deny", "deny", "deny", "deny", "deny"]);
  const [first, second] = heldOutLines(heldOut);
  expect(first).toMatch(/^scanner: web-2 -> 203\.0\.113\.66, ledger-1, .*tcp\/4444/);
  expect(second).not.toMatch(/^scanner/);
});

test("what an honest machine of the same role does too is not held against it", () => {
  const { heldOut } = recommend(flows, workloads);
  expect(heldOut.filter(({ flow }) => endText(flow.client) === "web-2" && flow.serverPort === 8443 && flow.answered > 0)).toEqual([]);
});

test("what joins two environments is never merged with what does not, and is warned of", () => {
  const { rules, files } = recommend(flows, workloads);
  const crossing = rules.filter(({ crosses }) => crosses === "dev -> prod");
  expect(crossing.map(({ name }) => name)).toEqual(["billing-prod/shop-dev-web-to-ledger"]);
  const billing = files.find(({ path }) => path === "billing-prod.yaml")!.text;
  expect(billing).toContain("joins environments (dev -> prod): does anybody know why?");
  // The other clients of the ledger keep their rule without it.
  expect(billing).toMatch(/name: 2-roles-to-ledger\n {4}from: ?\n(?: {6}- .*env: prod.*\n){2}/);
  expect(crossingLines(rules)[0]).toContain("find out why before you approve");
  expect(crossingLines(rules).slice(1).join()).toContain("billing-prod/shop-dev-web-to-ledger: dev -> prod, 3 times");
  expect(crossingLines(rules.filter(({ crosses }) => crosses === null))).toEqual([]);
});

test("what is held out is one line for each client, and one for all that did the same, in whatever order it was seen", () => {
  const wide = Array.from({ length: 40 }, (_, n) => ({ why: "no labels" as const, flow: { ...flows[0]!, client: held("a"), server: held(`s${n}`) } }));
  const same = ["b", "c"].map((client) => ({ why: "no labels" as const, flow: { ...flows[0]!, client: held(client), server: held("s1") } }));
  const lines = heldOutLines([...wide, ...same]);
  expect(lines).toEqual([expect.stringContaining("no labels: a -> 40 machines, "), expect.stringContaining("no labels: b, c -> s1, ")]);
  expect(heldOutLines([...wide, ...same].reverse())).toEqual(lines);
});

test("the first policy says the same whatever the order of what was seen", () => {
  expect(recommend([...flows].reverse(), [...workloads].reverse()).files.map(({ path }) => path)).toEqual(
    recommend(flows, workloads).files.map(({ path }) => path),
  );
});

test("hostile labels stay text, and no two segments share a name", () => {
  const hostile = ["true", "a b", "a-b", "x: y }", "\u202eevil\u001b[31m", "]{", "# no", "conduit", "ünïcode", "'", '"', "\\", "*x", "&x", "10"];
  const strange: ProposalWorkload[] = hostile.map((app, n) => ({ id: `w${n}`, labels: { app, env: "a", role: app }, owner: app }));
  const seen = strange.map(({ id }, n) => ({ ...flows.find(({ answered }) => answered > 0)!, client: held(id), server: held(`w${(n + 1) % strange.length}`) }));
  const { files } = recommend(seen, strange);
  const { set, diagnostics } = readPolicySet(files.map(({ path, text }) => ({ path, bytes: bytesOf(text) })));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(set.policies.map(({ scope }) => scope.terms.find(({ key }) => key === "app")?.values[0]).toSorted()).toEqual(hostile.toSorted());
  for (const { text } of files) expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
});

test("formatting a proposed file changes its looks only", () => {
  for (const { path, text } of recommend(flows, workloads).files) expect(formatPolicy({ path, bytes: bytesOf(text) }).text).not.toBeNull();
});

const held = (holder: string): FlowEnd => ({ kind: "held", holder });

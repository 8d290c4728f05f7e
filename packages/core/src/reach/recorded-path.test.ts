import { expect, test } from "vitest";
import { instantOf } from "../base/instant.ts";
import { readPolicySet } from "../language/read.ts";
import { worldOf } from "../decide/world.ts";
import { judgedPath, recordedStep } from "./recorded-path.ts";

const at = instantOf("2026-11-25T08:00:00Z")!;
const stepOf = (line: object | string) => recordedStep(typeof line === "string" ? line : JSON.stringify(line), { services: [], at: null });
const record = { client: "10.0.0.1", server: "10.0.0.2", protocol: "tcp", serverPort: 445, icmpType: null, first: "2026-11-25T08:00:00Z" };

test("a question line and a record of the same step are the same step", () => {
  const { question } = stepOf({ from: "10.0.0.1", to: "10.0.0.2", over: "smb", at: "2026-11-25T08:00:00Z" });
  expect(stepOf(record).question).toEqual(question);
  expect(question).toEqual({ from: "10.0.0.1", to: "10.0.0.2", over: { protocol: 6, port: 445 }, at, facts: {} });
});

test("types of ICMP are read from records, and what a record does not tell is unknown", () => {
  expect(stepOf({ ...record, protocol: "icmp", serverPort: null, icmpType: 8 }).question.over).toEqual({ protocol: 1, port: 8 });
  expect(stepOf({ ...record, serverPort: null })).toMatchObject({ question: { over: null }, problem: null });
});

test("a line that is no step says why", () => {
  expect(stepOf("{").problem).toBe("it is not JSON");
  expect(stepOf({ from: "a" }).problem).toBe("it needs `from` and `to`");
  expect(stepOf({ from: "a", to: "b", at: "2026-11-25T08:00:00Z" }).problem).toBe("it needs `over`");
  expect(stepOf({ from: "a", to: "b", over: "dns", at: "2026-11-25T08:00:00Z" }).problem).toBe("`dns` is no single service");
  expect(stepOf({ from: "a", to: "b", over: "ssh" }).problem).toBe("it needs `at`, a time such as 2026-11-25T12:00:00Z");
});

test("another time can be asked about than the recorded one", () => {
  expect(recordedStep(JSON.stringify(record), { services: [], at: 7 }).question.at).toBe(7);
});

function worldWith(forbid: object[]) {
  const written = { zones: [{ name: "lan", networks: ["lan"], because: "a test" }], networks: { lan: ["10.0.0.0/8"] }, forbid };
  const { set, diagnostics } = readPolicySet([{ path: "a.json", bytes: new TextEncoder().encode(JSON.stringify(written)) }]);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return worldOf(set, { workloads: [], points: [], quarantined: [] });
}

test("the first step that a policy denies is named, and who denies none denies none", () => {
  const steps = [stepOf({ ...record, serverPort: 80 }), stepOf(record), stepOf({ ...record, server: "nobody" })];
  const forbid = { name: "no-smb", from: { network: "lan" }, to: { network: "lan" }, over: ["smb"], because: "a test" };
  expect(judgedPath(worldWith([forbid]), steps)).toMatchObject({ denied: 1, blocked: null, unknown: 1 });
  expect(judgedPath(worldWith([]), steps)).toMatchObject({ denied: null, blocked: null, unknown: 1 });
});

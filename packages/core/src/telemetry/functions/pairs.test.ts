import { expect, test } from "vitest";
import type { FunctionUse } from "../../model/function-use.ts";
import { cipFunction, functionOf } from "./functions.ts";
import { pairSums } from "./pairs.ts";

const use = (code: number, { source = "pcap", client = "10.0.0.1", messages = 1, at = 0 } = {}): FunctionUse => ({
  ...functionOf("modbus", code),
  source,
  client,
  server: "10.0.0.2",
  protocol: "tcp",
  serverPort: 502,
  messages,
  first: at,
  last: at,
});

function said(uses: readonly FunctionUse[], sumsMax?: number): readonly string[] {
  const sums = pairSums(sumsMax);
  for (const one of uses) sums.add(one);
  return sums.pairs().map(({ client, changes, functions }) => `${client} ${changes}: ${functions.map((one) => `${one.function} ×${one.messages}`).join(", ")}`);
}

test("a pair that reads only looks, one write makes it change something, and what nobody knows may", () => {
  expect(said([use(3), use(3, { messages: 4 })])).toEqual(["10.0.0.1 false: modbus/3 ×5"]);
  expect(said([use(16), use(3)])).toEqual(["10.0.0.1 true: modbus/3 ×1, modbus/16 ×1"]);
  expect(said([use(99), use(3)])).toEqual(["10.0.0.1 null: modbus/3 ×1, modbus/99 ×1"]);
  expect(said([use(99), use(6)])).toEqual(["10.0.0.1 true: modbus/6 ×1, modbus/99 ×1"]);
});

test("what a capture and a log tell of the same messages counts once, by the one that saw more", () => {
  expect(said([use(3, { messages: 5 }), use(3, { source: "modbus", messages: 7 }), use(3, { source: "modbus" })])).toEqual(["10.0.0.1 false: modbus/3 ×8"]);
});

test("pairs beyond the limit are counted as such, and those that are known go on", () => {
  const sums = pairSums(1);
  for (const one of [use(3), use(4), use(3), use(3, { client: "10.0.0.9" })]) sums.add(one);
  expect(sums.beyond()).toBe(2);
  expect(sums.pairs().map(({ functions }) => functions.map(({ messages }) => messages))).toEqual([[2]]);
});

test("a service of CIP above 0x31 means what its class says, and nothing else", () => {
  expect(cipFunction(0x54, 6)).toEqual({ function: "cip/84", name: "Forward Open", effect: "session" });
  expect(cipFunction(0x4d, 0x6b)).toEqual({ function: "cip/77", name: null, effect: "unknown" });
  expect(cipFunction(0x10, 6)).toEqual({ function: "cip/16", name: "Set Attribute Single", effect: "write" });
});

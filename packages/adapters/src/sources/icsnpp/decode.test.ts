import { expect, test } from "vitest";
import { decodedBy } from "../testing/decoded-by.ts";
import { recognise } from "../open.ts";
import { icsnpp } from "./decode.ts";
import { dnp3Log, modbusJson, modbusLog } from "./testing/logs.ts";

const asked = (text: string): readonly string[] =>
  decodedBy(icsnpp, text).map((one) =>
    one.kind === "use" ? `${one.use.client}>${one.use.server}:${one.use.serverPort} ${one.use.function} ${one.use.effect}` : one.kind,
  );

test("a log names what was asked, in columns and in JSON; answers are not asked for", () => {
  const told = ["10.0.0.1>10.0.0.2:502 modbus/3 read", "10.0.0.1>10.0.0.2:502 modbus/16 write"];
  expect(asked(modbusLog)).toEqual(told);
  expect(asked(modbusJson)).toEqual(told);
  expect(asked(dnp3Log)).toEqual(["10.0.0.1>10.0.0.2:20000 dnp3/1 read", "10.0.0.1>10.0.0.2:20000 dnp3/130 read"]);
});

test("a function that the specification does not know keeps its name, and nobody claims what it does", () => {
  expect(asked(modbusLog.replace("READ_HOLDING_REGISTERS", "unknown-99"))[0]).toBe("10.0.0.1>10.0.0.2:502 modbus/unknown-99 unknown");
});

test("a damaged line is a reject with its place, and the rest is read", () => {
  const damaged = decodedBy(icsnpp, modbusLog.replace("10.0.0.1", "10.0.0.999"));
  expect(damaged.flatMap((one) => (one.kind === "reject" ? [one.reject] : []))).toEqual([
    { file: "file", record: 1, line: 4, reason: "bad-address", message: "who asked whom, on which port, cannot be read" },
  ]);
  expect(damaged.filter(({ kind }) => kind === "use")).toHaveLength(1);
  expect(asked(modbusLog.replace("\t502\tREQ\tREAD", "\tREQ\tREAD"))[0]).toBe("reject");
});

test("a log is known by its header, and is no log of flows", () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  for (const text of [modbusLog, modbusJson, dnp3Log]) {
    expect(icsnpp.recognises(bytes(text), "x")).toBe(true);
    expect(recognise(bytes(text), "modbus.log")).toBeNull();
  }
  for (const text of ["", "#fields\tts", "{}", '{"func":1}', modbusLog.replace("func", "funk")])
    expect(icsnpp.recognises(bytes(text), "modbus.log")).toBe(false);
});

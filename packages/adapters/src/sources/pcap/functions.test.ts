import { expect, test } from "vitest";
import { decodedBy } from "../testing/decoded-by.ts";
import { capturedFunctions } from "./functions.ts";
import { type Bytes, classicCapture, type Ports, type Stamped, zeros } from "./testing/packets.ts";
import {
  bacnetMessage,
  cipMany,
  cipRequest,
  cyclicMessage,
  datagram,
  dnp3Frame,
  enipMessage,
  iec104Frame,
  modbusMessage,
  opcuaChunk,
  opcuaOpen,
  s7Message,
  stream,
} from "./testing/plant.ts";

/** What is asked in a capture: `10.0.0.1>10.0.0.2 tcp/502 modbus/3 ×2`. */
function asked(packets: readonly Stamped[]): readonly string[] {
  return decodedBy(capturedFunctions, classicCapture(packets, { linkType: 101 })).flatMap((one) =>
    one.kind === "use" ? [`${one.use.client}>${one.use.server} ${one.use.protocol}/${one.use.serverPort} ${one.use.function} ×${one.use.messages}`] : [],
  );
}

const pair = "10.0.0.1>10.0.0.2";
const modbus: Ports = [40_000, 502];
const [read, write] = [modbusMessage(3), modbusMessage(16)];
const both = [`${pair} tcp/502 modbus/3 ×1`, `${pair} tcp/502 modbus/16 ×1`];

test("each message counts once, however a stream is cut into segments", () => {
  expect(asked(stream(modbus, [[0, [...read, ...write]]]))).toEqual(both);
  expect(
    asked(
      stream(modbus, [
        [0, read.slice(0, 3)],
        [3, [...read.slice(3), ...write.slice(0, 9)]],
        [21, write.slice(9)],
      ]),
    ),
  ).toEqual(both);
  expect(
    asked(
      stream(
        modbus,
        [...read, ...write].map((byte, at) => [at, [byte]] as const),
      ),
    ),
  ).toEqual(both);
});

test("a segment that is sent again counts once, also when it comes with more", () => {
  expect(
    asked(
      stream(modbus, [
        [0, read],
        [0, read],
        [0, [...read, ...write]],
        [12, write],
      ]),
    ),
  ).toEqual(both);
});

test("segments out of order are put in order, over the end of the numbers too", () => {
  const begin = 0xffff_fffa;
  const parts = [0, 5, 10, 17].map((at, nth, all) => [(begin + at) % 2 ** 32, [...read, ...write].slice(at, all[nth + 1] ?? 99)] as const);
  expect(asked(stream(modbus, [parts[0]!, parts[3]!, parts[2]!, parts[1]!]))).toEqual(both);
});

test("a number exactly half of all numbers away is nowhere, and costs nothing", () => {
  const before = process.memoryUsage().arrayBuffers;
  expect(
    asked(
      stream(modbus, [
        [0, read.slice(0, 5)],
        [0x8000_0005, write],
        [5, [...read.slice(5), ...write]],
      ]),
    ),
  ).toEqual(both);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20);
});

test("behind a gap messages are read on", () => {
  expect(
    asked(
      stream(modbus, [
        [0, read],
        [5000, write],
      ]),
    ),
  ).toEqual(both);
  expect(
    asked(
      stream(modbus, [
        [0, read.slice(0, 6)],
        [5000, write],
      ]),
    ),
    "half a message before the gap",
  ).toEqual([both[1]]);
});

test("answers ask for nothing", () => {
  expect(asked(stream([502, 40_000], [[0, [...read, ...modbusMessage(0x83)]]], true))).toEqual([]);
});

test("what is no Modbus on its port asks for nothing", () => {
  expect(asked(stream(modbus, [[0, [...read.slice(0, 2), 1, ...read.slice(3)]]]))).toEqual([]);
  expect(asked(stream(modbus, [[0, zeros(50)]]))).toEqual([]);
});

test("DNP3 is known by its frames on every port, over TCP and UDP", () => {
  const ports: Ports = [30_000, 31_000];
  expect(asked(stream(ports, [[0, [...dnp3Frame(1), ...dnp3Frame(4)]]]))).toEqual([`${pair} tcp/31000 dnp3/1 ×1`, `${pair} tcp/31000 dnp3/4 ×1`]);
  expect(asked([datagram(ports, dnp3Frame(2))])).toEqual([`${pair} udp/31000 dnp3/2 ×1`]);
  const broken: Bytes = dnp3Frame(2).map((byte, at) => (at === 8 ? byte ^ 1 : byte));
  expect(asked([datagram(ports, broken)]), "a wrong sum").toEqual([]);
  expect(asked(stream(ports, [[0, dnp3Frame(4, 0x80)]])), "the last part of a longer message").toEqual([]);
});

test("what a DNP3 station sends unasked is the station's", () => {
  expect(asked(stream([20_000, 40_000], [[0, [...dnp3Frame(130), ...dnp3Frame(129)]]], true))).toEqual([`${pair} tcp/20000 dnp3/130 ×1`]);
});

test("CIP is read inside EtherNet/IP, and inside its packets of many services", () => {
  const enip: Ports = [40_000, 44_818];
  expect(asked(stream(enip, [[0, enipMessage(cipRequest(0x10))]]))).toEqual([`${pair} tcp/44818 enip/112 ×1`, `${pair} tcp/44818 cip/16 ×1`]);
  expect(asked(stream(enip, [[0, enipMessage(cipMany([cipRequest(3), cipRequest(4), cipRequest(3)]))]]))).toEqual([
    `${pair} tcp/44818 enip/112 ×1`,
    `${pair} tcp/44818 cip/10 ×1`,
    `${pair} tcp/44818 cip/3 ×2`,
    `${pair} tcp/44818 cip/4 ×1`,
  ]);
  const routed = cipRequest(0x52, 6, [5, 1, 6, 0, ...cipRequest(5)]);
  expect(asked(stream(enip, [[0, enipMessage(routed)]]))).toContain(`${pair} tcp/44818 cip/5 ×1`);
  expect(asked([datagram([2222, 2222], cyclicMessage)])).toEqual([`${pair} udp/2222 cip/io ×1`]);
});

test("OPC UA is known on every port; a message in chunks counts once, and answers not at all", () => {
  const ports: Ports = [40_000, 48_010];
  const asks = [opcuaChunk(631), opcuaChunk(673, { kind: "C" }), opcuaChunk(0, { more: 40_000 }), opcuaChunk(634), opcuaChunk(712)];
  expect(asked(stream(ports, [[0, asks.flat()]]))).toEqual([
    `${pair} tcp/48010 opcua/631 ×1`,
    `${pair} tcp/48010 opcua/673 ×1`,
    `${pair} tcp/48010 opcua/712 ×1`,
  ]);
});

test("what an encrypted channel of OPC UA asks is not guessed", () => {
  const sealed = [...opcuaOpen("http://opcfoundation.org/UA/SecurityPolicy#Basic256Sha256"), ...opcuaChunk(40_000)];
  expect(asked(stream([40_000, 4840], [[0, sealed]]))).toEqual([`${pair} tcp/4840 opcua/446 ×1`, `${pair} tcp/4840 opcua/encrypted ×1`]);
});

test("S7comm's jobs are read, its user messages and its successor are not guessed, and what else comes on its port asks for nothing", () => {
  const all = [...s7Message(4), ...s7Message(0x28), ...s7Message(0, 7), ...s7Message(4, 3), ...s7Message(4, 1, 0x72), ...s7Message(4, 1, 0x60)];
  expect(asked(stream([40_000, 102], [[0, all]]))).toEqual([
    `${pair} tcp/102 s7/4 ×1`,
    `${pair} tcp/102 s7/40 ×1`,
    `${pair} tcp/102 s7/userdata ×1`,
    `${pair} tcp/102 s7/plus ×1`,
  ]);
});

test("IEC 104 asks with its types; frames that only count or start ask for nothing, and what stations report neither", () => {
  const all = [...iec104Frame(100), ...iec104Frame(45), ...iec104Frame(45, 1), ...iec104Frame(45, 3)];
  expect(asked(stream([40_000, 2404], [[0, all]]))).toEqual([`${pair} tcp/2404 iec104/100 ×1`, `${pair} tcp/2404 iec104/45 ×1`]);
  expect(asked(stream([2404, 40_000], [[0, iec104Frame(45)]], true))).toEqual([]);
});

test("BACnet's requests are read behind routes, forwarded or in segments, confirmed or not", () => {
  const ports: Ports = [47_808, 47_808];
  const said = (message: Bytes): readonly string[] => asked([datagram(ports, message)]);
  expect(said(bacnetMessage([0, 5, 1, 15]))).toEqual([`${pair} udp/47808 bacnet/15 ×1`]);
  expect(said(bacnetMessage([8, 5, 1, 0, 4, 14]))).toEqual([`${pair} udp/47808 bacnet/14 ×1`]);
  expect(said(bacnetMessage([0x10, 8], [1, 0x28, 0, 1, 1, 9, 0, 2, 1, 8, 255]))).toEqual([`${pair} udp/47808 bacnet-unconfirmed/8 ×1`]);
  expect(said([0x81, 4, 0, 14, ...zeros(6), 1, 0, 0x10, 0])).toEqual([`${pair} udp/47808 bacnet-unconfirmed/0 ×1`]);
  expect(said(bacnetMessage([0x30, 1, 15, 0])), "an answer").toEqual([]);
  expect(said(bacnetMessage([0, 5, 1, 15], [1, 0x80])), "a message of the network").toEqual([]);
});

import type { Connection } from "@bulkhead/core/model/connection";
import type { Decoded, FlowFormat } from "@bulkhead/core/outside";
import { instantText } from "@bulkhead/core/base/instant";
import { expect, test } from "vitest";
import { connectionsBy, decodedBy, rejectsBy } from "../testing/decoded-by.ts";
import { ipfix, netflow } from "./decode.ts";
import {
  be16,
  be32,
  be64,
  type Bytes,
  exported,
  four,
  joined,
  message10,
  message5,
  message9,
  options10,
  options9,
  set,
  template10,
  template9,
  text,
  varying,
} from "./testing/messages.ts";
import { antrea, antreaFields, asaDenied, asaFields, biflow, biflowFields, record9, usual9 } from "./testing/samples.ts";

/** A record in one line: who, to whom, over what, how known. */
const line = ({ client, clientPort, server, serverPort, protocol, direction }: Connection): string =>
  `${client}:${clientPort} → ${server}:${serverPort} ${protocol} ${direction}`;
const linesBy = (format: FlowFormat, bytes: Uint8Array): readonly string[] => connectionsBy(format, bytes).map(line);
const noticesBy = (format: FlowFormat, bytes: Uint8Array): readonly string[] =>
  decodedBy(format, bytes).flatMap((one) => (one.kind === "notice" ? [`${one.count ?? 1} × ${one.reason}`] : []));

/** What several files say that are read together. */
function together(format: FlowFormat, files: readonly Uint8Array[]): readonly Decoded[] {
  const run = {};
  return files.flatMap((bytes, at) => {
    const decoder = format.decoder({ file: `file-${at + 1}`, together: run });
    return [...decoder.push(bytes), ...decoder.end()];
  });
}
const placesOf = (decoded: readonly Decoded[]): readonly string[] =>
  decoded.flatMap((one) => (one.kind === "connection" ? [`${one.connection.file} record ${one.connection.record}`] : []));

const flow = { from: "10.0.0.7", to: "10.0.0.9", ports: [40_123, 443] } as const;

test("version 5: a record with its counts one way, its times made absolute, and the other way null", () => {
  expect(connectionsBy(netflow, message5([flow]))).toEqual([
    {
      source: "netflow",
      file: "file",
      record: 1,
      observer: null,
      first: (exported - 5) * 1_000_000 + 500_000,
      last: (exported - 1) * 1_000_000 + 500_000,
      client: "10.0.0.7",
      clientPort: 40_123,
      server: "10.0.0.9",
      serverPort: 443,
      protocol: "tcp",
      icmpType: null,
      packetsToServer: 10,
      bytesToServer: 840,
      packetsToClient: null,
      bytesToClient: null,
      direction: "port",
      answered: true,
      verdict: null,
      rule: null,
      reason: null,
      sampling: null,
      clientLabels: {},
      serverLabels: {},
      note: null,
    },
  ]);
});

test("who opened: flags add up over a flow, so only a SYN that was never acknowledged is a handshake; then the ports; else nobody knows", () => {
  const rows = [
    { flow: { ...flow, ports: [443, 40_123], flags: 2 }, is: "10.0.0.7:443 → 10.0.0.9:40123 tcp handshake" },
    { flow: { ...flow, ports: [443, 40_123] }, is: "10.0.0.9:40123 → 10.0.0.7:443 tcp port" },
    { flow: { ...flow, ports: [50_001, 40_123] }, is: "10.0.0.7:50001 → 10.0.0.9:40123 tcp unknown" },
    { flow: { ...flow, to: "224.0.0.251", ports: [443, 5353], protocol: 17 }, is: "10.0.0.7:443 → 224.0.0.251:5353 udp unknown" },
    { flow: { ...flow, from: "224.0.0.251", ports: [5353, 5353], protocol: 17 }, is: "10.0.0.9:5353 → 224.0.0.251:5353 udp stated" },
    { flow: { ...flow, ports: [67, 68], protocol: 17 }, is: "10.0.0.9:68 → 10.0.0.7:67 udp port" },
    { flow: { ...flow, ports: [0, 2048], protocol: 1 }, is: "10.0.0.7:null → 10.0.0.9:null icmp unknown" },
  ] as const;
  for (const row of rows) expect(linesBy(netflow, message5([row.flow]))).toEqual([row.is]);
});

test("a SYN alone was not answered, unless packets were sampled; a reply's bytes go to the client", () => {
  expect(connectionsBy(netflow, message5([{ ...flow, flags: 2 }]))).toMatchObject([{ answered: false }]);
  expect(connectionsBy(netflow, message5([{ ...flow, flags: 2 }], { sampling: 0x4064 }))).toMatchObject([{ answered: null, sampling: 100 }]);
  expect(connectionsBy(netflow, message5([{ ...flow, ports: [443, 40_123] }]))).toMatchObject([
    { client: "10.0.0.9", bytesToClient: 840, packetsToClient: 10, bytesToServer: null },
  ]);
});

test("ICMP has no ports; its type is where version 5 put it", () => {
  expect(connectionsBy(netflow, message5([{ ...flow, ports: [0, 8 << 8], protocol: 1 }]))).toMatchObject([{ icmpType: 8, clientPort: null, serverPort: null }]);
});

test("an exporter that has been up for 49 days begins its uptime anew, and the flow is still of yesterday", () => {
  const header = [...be16(9), ...be16(2), ...be32(1000), ...be32(exported), ...be32(1), ...be32(0)];
  const record = [...four("10.0.0.7"), ...four("10.0.0.9"), ...be16(1), ...be16(2), 17, 0, ...be32(1), ...be32(1), ...be32(2 ** 32 - 4000), ...be32(500)];
  expect(connectionsBy(netflow, Uint8Array.from([...header, ...template9(256, usual9), ...set(256, record)]))).toMatchObject([
    { first: (exported - 5) * 1_000_000, last: exported * 1_000_000 - 500_000 },
  ]);
});

test("a template of one file holds in the next, and a set that came before its template waits for it", () => {
  const [template, records] = [message9([template9(256, usual9)]), message9([set(256, record9("10.0.0.7", "10.0.0.9", [40_123, 443]))], { sequence: 2 })];
  expect(placesOf(together(netflow, [template, records]))).toEqual(["file-2 record 1"]);
  expect(placesOf(together(netflow, [records, records, template]))).toEqual(["file-1 record 1", "file-2 record 1"]);
  // Alone, nobody can read it: that is said, and no record is invented.
  expect(noticesBy(netflow, records)).toEqual(["1 × a set came before its template and was kept back"]);
  expect(placesOf([records].flatMap((one) => decodedBy(netflow, one)))).toEqual([]);
});

test("templates of one observation domain say nothing about another's", () => {
  const template = message10([template10(256, biflowFields)], { domain: 1 });
  const records = (domain: number) => message10([set(256, biflow("10.0.0.7", "10.0.0.9", [40_123, 443]))], { domain });
  expect(placesOf(together(ipfix, [template, records(2), records(1)]))).toEqual(["file-3 record 1"]);
});

test("a template that comes again replaces the old one; one that is withdrawn reads nothing more", () => {
  const first = message10([template10(256, "8:4 12:4 4:1"), set(256, [...four("10.0.0.1"), ...four("10.0.0.2"), 17])]);
  const second = message10([template10(256, "4:1 12:4 8:4"), set(256, [6, ...four("10.0.0.2"), ...four("10.0.0.1")])], { sequence: 1 });
  expect(linesBy(ipfix, joined(first, second))).toEqual(["10.0.0.1:null → 10.0.0.2:null udp unknown", "10.0.0.1:null → 10.0.0.2:null tcp unknown"]);
  const withdrawn = message10([set(2, [...be16(256), ...be16(0)]), set(256, [6, ...four("10.0.0.2"), ...four("10.0.0.1")])], { sequence: 2 });
  expect(noticesBy(ipfix, joined(second, withdrawn))).toContain("1 × a set came before its template and was kept back");
  const all = message10([set(2, [...be16(2), ...be16(0)]), set(256, [6, ...four("10.0.0.2"), ...four("10.0.0.1")])], { sequence: 2 });
  expect(linesBy(ipfix, joined(second, all))).toHaveLength(1);
});

test("a biflow counts both ways, and the exporter saw its first packet; stated otherwise, it is believed", () => {
  const one = message10([template10(256, biflowFields), set(256, biflow("10.0.0.7", "10.0.0.9", [50_000, 40_123]))]);
  expect(connectionsBy(ipfix, one)).toMatchObject([
    { client: "10.0.0.7", packetsToServer: 10, bytesToServer: 840, packetsToClient: 9, bytesToClient: 4000, direction: "first-packet", answered: true },
  ]);
  const fields = "8:4 12:4 7:2 11:2 4:1 1:4 29305/1:4 239:1";
  const stated = (way: number): Uint8Array =>
    message10([
      template10(256, fields),
      set(256, [...four("10.0.0.7"), ...four("10.0.0.9"), ...be16(50_000), ...be16(40_123), 17, ...be32(5), ...be32(0), way]),
    ]);
  expect(linesBy(ipfix, stated(1))).toEqual(["10.0.0.7:50000 → 10.0.0.9:40123 udp stated"]);
  expect(connectionsBy(ipfix, stated(2))).toMatchObject([{ client: "10.0.0.9", direction: "stated", bytesToServer: 0, bytesToClient: 5, answered: false }]);
});

test("every way to tell the time gives the same instant, to the microsecond where the source has it", () => {
  const ntp = (seconds: number, fraction: number): Bytes => [...be32(exported + 2_208_988_800 + seconds), ...be32(Math.round(fraction * 2 ** 32))];
  const rows: readonly (readonly [fields: string, bytes: Bytes, first: string, last: string])[] = [
    ["150:4 151:4", [...be32(exported - 5), ...be32(exported - 1)], "11:59:55Z", "11:59:59Z"],
    ["152:8 153:8", [...be64(exported * 1000 - 4999), ...be64(exported * 1000 - 1)], "11:59:55.001Z", "11:59:59.999Z"],
    ["154:8 155:8", [...ntp(-5, 0.123456), ...ntp(-1, 0.5)], "11:59:55.123456Z", "11:59:59.5Z"],
    ["156:8 157:8", [...ntp(-5, 0.000001), ...ntp(-1, 0)], "11:59:55.000001Z", "11:59:59Z"],
    ["158:4 159:4", [...be32(5_000_000), ...be32(1)], "11:59:55Z", "11:59:59.999999Z"],
    ["22:4 21:4 160:8", [...be32(1000), ...be32(2000), ...be64(exported * 1000 - 5000)], "11:59:56Z", "11:59:57Z"],
    ["152:8 161:4", [...be64(exported * 1000 - 5000), ...be32(1500)], "11:59:55Z", "11:59:56.5Z"],
    ["153:8 162:4", [...be64(exported * 1000), ...be32(1500)], "11:59:59.9985Z", "12:00:00Z"],
    ["323:8", be64(exported * 1000 - 2000), "11:59:58Z", "11:59:58Z"],
  ];
  for (const [fields, bytes, first, last] of rows) {
    const message = message10([template10(256, `8:4 12:4 4:1 ${fields}`), set(256, [...four("10.0.0.7"), ...four("10.0.0.9"), 17, ...bytes])]);
    const times = connectionsBy(ipfix, message).map((one) => [one.first, one.last].map((at) => instantText(at!).slice(11)));
    expect(times, fields).toEqual([[first, last]]);
  }
});

test("a record without a time has that of its export, and says so", () => {
  const message = message10([template10(256, "8:4 12:4 4:1"), set(256, [...four("10.0.0.7"), ...four("10.0.0.9"), 17])]);
  expect(connectionsBy(ipfix, message)).toMatchObject([{ first: exported * 1_000_000, last: exported * 1_000_000, note: "times of the export" }]);
});

test("sampling is told by the record, its sampler, its interface, or the whole domain", () => {
  const ends = [...four("10.0.0.7"), ...four("10.0.0.9"), 17];
  const samplingOf = (...sets: readonly Bytes[]) => connectionsBy(ipfix, message10(sets)).map(({ sampling }) => sampling);
  const plain = [template10(256, "8:4 12:4 4:1"), set(256, ends)];
  expect(samplingOf(options10(300, "149:4", "34:4"), set(300, [...be32(0), ...be32(512)]), ...plain)).toEqual([512]);
  expect(samplingOf(options10(300, "149:4", "305:4 306:4"), set(300, [...be32(0), ...be32(1), ...be32(15)]), ...plain)).toEqual([16]);
  expect(samplingOf(options10(300, "149:4", "309:4 310:4"), set(300, [...be32(0), ...be32(2), ...be32(200)]), ...plain)).toEqual([100]);
  expect(samplingOf(options10(300, "149:4", "311:8"), set(300, [...be32(0), 0x3f, 0x90, 0, 0, 0, 0, 0, 0]), ...plain)).toEqual([64]);
  expect(samplingOf(template10(256, "8:4 12:4 4:1 34:4"), set(256, [...ends, ...be32(1)]))).toEqual([null]);
  const samplers = [
    options10(300, "302:4", "305:4 306:4"),
    set(
      300,
      [7, 8].flatMap((id) => [...be32(id), ...be32(1), ...be32(id - 1)]),
    ),
  ];
  expect(samplingOf(...samplers, template10(256, "8:4 12:4 4:1 302:4"), set(256, [...ends, ...be32(7), ...ends, ...be32(8)]))).toEqual([7, 8]);
  const interfaces = message9([
    options9(300, "2:4", "34:4 35:1"),
    set(300, [...be32(3), ...be32(10), 2, ...be32(4), ...be32(20), 2]),
    template9(256, "8:4 12:4 4:1 10:4"),
    set(256, [...ends, ...be32(4), ...ends, ...be32(3)]),
  ]);
  expect(connectionsBy(netflow, interfaces).map(({ sampling }) => sampling)).toEqual([20, 10]);
});

test("a firewall's denial is a verdict with its reason, rule and user; its translation is a note; the end of a connection is no verdict", () => {
  const message = message9([template9(257, asaFields), set(257, asaDenied)]);
  expect(connectionsBy(netflow, message)).toMatchObject([
    {
      verdict: "denied",
      answered: false,
      reason: "ingress access list",
      rule: "0x8ed66b60 0xf8852875 0x00000000",
      clientLabels: { user: "mary" },
      note: "source translated to 192.0.2.1 port 1024",
      first: (exported - 2) * 1_000_000,
    },
  ]);
  const event = (number: number) =>
    connectionsBy(netflow, message9([template9(257, "8:4 12:4 4:1 233:1"), set(257, [...four("10.0.0.7"), ...four("10.0.0.9"), 6, number])]))[0]?.verdict;
  expect([0, 1, 2, 3, 4, 5].map(event)).toEqual([null, "allowed", null, "denied", null, "allowed"]);
});

test("a router's drop is a verdict when a list decided it, and a reason in any case", () => {
  const status = (number: number) =>
    connectionsBy(netflow, message9([template9(257, "8:4 12:4 4:1 89:1"), set(257, [...four("10.0.0.7"), ...four("10.0.0.9"), 6, number])])).map(
      ({ verdict, reason }) => `${verdict} ${reason}`,
    )[0];
  expect([64, 129, 131].map(status)).toEqual(["null null", "denied ACL deny", "null unroutable"]);
});

test("Antrea names pods and the policy that denied", () => {
  expect(connectionsBy(ipfix, message10([template10(257, antreaFields), set(257, antrea)]))).toMatchObject([
    { clientLabels: { pod: "web-1", namespace: "shop" }, serverLabels: { pod: "api-1", namespace: "shop" }, verdict: "denied", rule: "only-web" },
  ]);
});

test("fields of no fixed length are skipped by their own, short and long", () => {
  const fields = "95:v 8:4 12:4 4:1 96:v 1:4";
  const record = (name: string): Bytes => [
    ...varying([13, 0, 1]),
    ...four("10.0.0.7"),
    ...four("10.0.0.9"),
    6,
    ...varying(text(name, name.length)),
    ...be32(name.length),
  ];
  // The long form is allowed for short texts, too.
  const long = [...varying([1]), ...four("10.0.0.7"), ...four("10.0.0.9"), 6, 255, 0, 2, 65, 66, ...be32(77)];
  const message = message10([template10(256, fields), set(256, [...record(""), ...record("x".repeat(300)), ...record("ssl"), ...long, 0, 0])]);
  expect(connectionsBy(ipfix, message).map(({ bytesToServer }) => bytesToServer)).toEqual([0, 300, 3, 77]);
});

test("YAF tells the flags of the first packet in a list of its own, record by record", () => {
  const fields = "8:4 12:4 7:2 11:2 4:1 85:4 29305/85:4 293:v";
  const record = (list: Bytes): Bytes => [
    ...four("10.0.0.7"),
    ...four("10.0.0.9"),
    ...be16(50_000),
    ...be16(40_123),
    6,
    ...be32(60),
    ...be32(60),
    ...varying(list),
  ];
  const tcp = (flags: number): Bytes => [3, ...be16(999), ...be16(8), 1, 2, 3, 4, ...be16(300), ...be16(10), ...be32(7), flags, 0x1a];
  const message = message10([
    template10(300, "184:4 6871/14:1 6871/15:1"),
    template10(256, fields),
    set(256, [...record(tcp(2)), ...record([]), ...record(tcp(0x12)), ...record([3, ...be16(300), ...be16(5000)])]),
  ]);
  expect(linesBy(ipfix, message)).toEqual([
    "10.0.0.7:50000 → 10.0.0.9:40123 tcp handshake",
    "10.0.0.7:50000 → 10.0.0.9:40123 tcp first-packet",
    "10.0.0.9:40123 → 10.0.0.7:50000 tcp handshake",
    "10.0.0.7:50000 → 10.0.0.9:40123 tcp first-packet",
  ]);
});

test("numbers may be sent in any number of bytes; a count that no double holds is unknown", () => {
  const message = message10([
    template10(256, "8:4 12:4 4:1 2:3 1:8"),
    set(256, [...four("10.0.0.7"), ...four("10.0.0.9"), 6, 0, 1, 2, ...be32(2 ** 31), ...be32(0)]),
  ]);
  expect(connectionsBy(ipfix, message)).toMatchObject([{ packetsToServer: 258, bytesToServer: null }]);
});

test("a template with room for both families means the one that is not zero; a mapped address is what it maps", () => {
  const fields = "8:4 12:4 27:16 28:16 4:1";
  const six = (last: number): Bytes => [0x20, 1, 0xd, 0xb8, ...be64(0), 0, 0, 0, last];
  const none = [...be64(0), ...be64(0)];
  const mapped = (address: string): Bytes => [...be64(0), 0, 0, 0xff, 0xff, ...four(address)];
  const body = [
    ...four("0.0.0.0"),
    ...four("0.0.0.0"),
    ...six(7),
    ...six(9),
    17,
    ...four("10.0.0.7"),
    ...four("10.0.0.9"),
    ...none,
    ...none,
    17,
    ...four("0.0.0.0"),
    ...four("0.0.0.0"),
    ...mapped("10.0.0.1"),
    ...mapped("10.0.0.2"),
    17,
  ];
  expect(connectionsBy(ipfix, message10([template10(256, fields), set(256, body)])).map(({ client, server }) => `${client} ${server}`)).toEqual([
    "2001:db8::7 2001:db8::9",
    "10.0.0.7 10.0.0.9",
    "10.0.0.1 10.0.0.2",
  ]);
});

test("inside VMware's VXLAN it is the inner conversation that counts", () => {
  const fields = "8:4 12:4 7:2 11:2 4:1 6876/880:1 6876/881:4 6876/882:4 6876/886:2 6876/887:2";
  const record = [
    ...four("10.1.0.1"),
    ...four("10.1.0.2"),
    ...be16(50_000),
    ...be16(4789),
    17,
    6,
    ...four("10.0.0.7"),
    ...four("10.0.0.9"),
    ...be16(40_123),
    ...be16(443),
  ];
  expect(connectionsBy(ipfix, message10([template10(256, fields), set(256, record)]))).toMatchObject([
    { client: "10.0.0.7", server: "10.0.0.9", serverPort: 443, protocol: "tcp", note: "VXLAN inner; times of the export" },
  ]);
});

test("bytes that are no IP bytes are said to be something else", () => {
  const fields = "8:4 12:4 4:1 150:4";
  const body = [...four("10.0.0.7"), ...four("10.0.0.9"), 6, ...be32(exported)];
  const noteOf = (more: string, bytes: Bytes) =>
    connectionsBy(ipfix, message10([template10(256, `${fields} ${more}`), set(256, [...body, ...bytes])])).map((one) => [
      one.bytesToServer,
      one.bytesToClient,
      one.note,
    ]);
  expect(noteOf("231:4 232:4", [...be32(5), ...be32(7)])).toEqual([[5, 7, "payload bytes"]]);
  expect(noteOf("352:4", be32(99))).toEqual([[99, null, "frame bytes"]]);
  expect(noteOf("1:4 352:4", [...be32(85), ...be32(99)])).toEqual([[85, null, null]]);
});

test("the head of a sampled packet is read where a record carries it", () => {
  const packet = [
    0x45,
    0,
    ...be16(60),
    0,
    0,
    0x40,
    0,
    64,
    6,
    0,
    0,
    ...four("10.0.0.9"),
    ...four("10.0.0.7"),
    ...be16(443),
    ...be16(40_123),
    ...be64(0),
    0x50,
    0x12,
  ];
  const message = message10([template10(256, "313:v 323:8"), set(256, [...varying(packet), ...be64(exported * 1000)])]);
  expect(connectionsBy(ipfix, message)).toMatchObject([
    { client: "10.0.0.7", clientPort: 40_123, server: "10.0.0.9", direction: "handshake", packetsToClient: 1, bytesToClient: 60, first: exported * 1_000_000 },
  ]);
});

test("sequence numbers say what was lost on the way; an exporter that started anew lost nothing", () => {
  const five = (sequence: number) => message5([flow, flow], { sequence });
  expect(noticesBy(netflow, joined(five(1), five(3), five(10)))).toEqual(["5 × lost on the way, by the sequence numbers"]);
  const nine = (sequence: number) => message9([template9(256, usual9)], { sequence });
  expect(noticesBy(netflow, joined(nine(1), nine(2), nine(4)))).toEqual(["1 × lost on the way, by the sequence numbers"]);
  expect(noticesBy(netflow, joined(nine(50), nine(1)))).toEqual(["1 × the sequence numbers began anew"]);
  const ten = (sequence: number) => message10([template10(256, "8:4 12:4 4:1"), set(256, [...four("10.0.0.7"), ...four("10.0.0.9"), 17])], { sequence });
  expect(noticesBy(ipfix, joined(ten(0), ten(1), ten(4)))).toEqual(["2 × lost on the way, by the sequence numbers"]);
});

test("a padded datagram is no damage; what a message of version 9 does not count is not believed", () => {
  const records = set(256, record9("10.0.0.7", "10.0.0.9", [40_123, 443]));
  const padded = joined(message9([template9(256, usual9), records]), new Uint8Array(600));
  expect(decodedBy(netflow, padded).map(({ kind }) => kind)).toEqual(["connection"]);
  expect(rejectsBy(netflow, message9([template9(256, usual9), records, records, records], { count: 2 })).map(({ reason }) => reason)).toEqual(["beyond-count"]);
});

test("damage is told with its place, and what comes behind it in IPFIX is read", () => {
  const good = message10([template10(256, "8:4 12:4 4:1"), set(256, [...four("10.0.0.7"), ...four("10.0.0.9"), 17])]);
  const bad = message10([[...be16(256), ...be16(3), 1, 2, 3, 4]], { sequence: 1 });
  expect(decodedBy(ipfix, joined(good, bad, good)).map((one) => (one.kind === "reject" ? `${one.reject.reason} ${one.reject.record}` : one.kind))).toEqual([
    "connection",
    "bad-set 2",
    "connection",
  ]);
  const reasons = (bytes: Uint8Array) => rejectsBy(netflow, bytes).map(({ reason }) => reason);
  expect(reasons(message5([flow, flow]).subarray(0, 100))).toEqual(["truncated"]);
  expect(reasons(Uint8Array.from([...be16(8), ...be16(1), ...be64(0), ...be64(0), ...be64(0)]))).toEqual(["version-8"]);
  expect(reasons(Uint8Array.from([...be16(77), 1, 2, 3]))).toEqual(["no-message"]);
  expect(reasons(message9([set(0, [...be16(256), ...be16(500), 0, 8, 0, 4])]))).toEqual(["bad-template"]);
  expect(reasons(message9([template9(256, "8:0 12:0")]))).toEqual(["bad-template"]);
  expect(reasons(message10([template10(256, "96:v 8:4"), set(256, [200, 1, 2, 3, 4])]))).toEqual(["bad-record"]);
  expect(reasons(Uint8Array.from([...be16(10), ...be16(3), ...be64(0), ...be32(0)]))).toEqual(["absurd-length"]);
});

test("nobody fills memory with templates or with records that wait for them", () => {
  const wide = Array.from({ length: 1000 }, (_, at) => `${at + 1000}:4`).join(" ");
  const files = Array.from({ length: 510 }, (_, domain) => message10([template10(256, wide)], { domain }));
  const decoded = together(ipfix, files);
  expect(decoded.some((one) => one.kind === "notice" && one.reason.startsWith("more templates than are kept"))).toBe(true);
  const waiting = Array.from({ length: 40 }, (_, at) => message10([set(999, Array<number>(60_000).fill(at))]));
  const given = together(ipfix, waiting).flatMap((one) => (one.kind === "notice" && one.reason.includes("never came") ? [one.count ?? 1] : []));
  // 17 sets of 60,000 bytes are a mebibyte; the rest had to go.
  expect(given.reduce((sum, count) => sum + count, 0)).toBe(40 - 17);
});

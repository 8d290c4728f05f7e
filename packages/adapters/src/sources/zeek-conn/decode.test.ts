import type { Connection } from "@bulkhead/core/model/connection";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodedBy, connectionsBy, rejectsBy } from "../testing/decoded-by.ts";
import { zeekConn } from "./decode.ts";

const fields =
  "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes".split(
    " ",
  );
const headerOf = (names: readonly string[]): string =>
  `#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\t${names.join("\t")}\n#types\t${names.map(() => "x").join("\t")}\n`;
const header = headerOf(fields);

const usual: Readonly<Record<string, string>> = {
  ts: "1540889767.459844",
  uid: "Crhj8t4",
  "id.orig_h": "192.168.168.100",
  "id.orig_p": "61183",
  "id.resp_h": "83.135.95.78",
  "id.resp_p": "22",
  proto: "tcp",
  service: "ssh",
  duration: "22.601556",
  orig_bytes: "1557",
  resp_bytes: "1649",
  conn_state: "SF",
  local_orig: "-",
  local_resp: "-",
  missed_bytes: "0",
  history: "ShADadFf",
  orig_pkts: "15",
  orig_ip_bytes: "2349",
  resp_pkts: "12",
  resp_ip_bytes: "2281",
};
const rowOf = (changed: Readonly<Record<string, string>> = {}): string => `${fields.map((name) => ({ ...usual, ...changed })[name]).join("\t")}\n`;
const connectionOfRow = (changed: Readonly<Record<string, string>> = {}): Connection | undefined => connectionsBy(zeekConn, header + rowOf(changed))[0];

const golden: Connection = {
  source: "zeek-conn",
  file: "file",
  record: 1,
  observer: null,
  first: 1_540_889_767_459_844,
  last: 1_540_889_790_061_400,
  client: "192.168.168.100",
  clientPort: 61_183,
  server: "83.135.95.78",
  serverPort: 22,
  protocol: "tcp",
  icmpType: null,
  packetsToServer: 15,
  bytesToServer: 2349,
  packetsToClient: 12,
  bytesToClient: 2281,
  direction: "handshake",
  answered: true,
  verdict: null,
  rule: null,
  reason: null,
  sampling: null,
  clientLabels: {},
  serverLabels: {},
  note: null,
};

test("a line of conn.log says who spoke with whom", () => {
  expect(connectionOfRow()).toEqual(golden);
});

test("JSON lines say the same, with epoch and ISO times, nested and flattened names", () => {
  const { ts: _ts, "id.orig_h": origH, "id.orig_p": origP, "id.resp_h": respH, "id.resp_p": respP, ...others } = usual;
  const values = Object.fromEntries(
    Object.entries(others)
      .filter(([, value]) => value !== "-")
      .map(([name, value]) => [name, /^[\d.]+$/.test(value) ? Number(value) : value]),
  );
  const ends = { orig_h: origH, orig_p: Number(origP), resp_h: respH, resp_p: Number(respP) };
  const prefixed = (before: string) => Object.fromEntries(Object.entries(ends).map(([name, value]) => [before + name, value]));
  for (const ts of [1_540_889_767.459844, "2018-10-30T08:56:07.459844Z"])
    for (const id of [prefixed("id."), prefixed("id_"), { id: ends }])
      expect(connectionsBy(zeekConn, `${JSON.stringify({ ts, ...id, ...values })}\n`)).toEqual([golden]);
});

test("what Zeek leaves out is null, never 0", () => {
  const silent = connectionOfRow({ duration: "-", orig_pkts: "-", orig_ip_bytes: "-", resp_pkts: "-", resp_ip_bytes: "-", orig_bytes: "-", resp_bytes: "-" });
  expect(silent).toMatchObject({ packetsToServer: null, bytesToServer: null, packetsToClient: null, bytesToClient: null, last: golden.first });
});

test("payload bytes are named so where Zeek wrote no IP bytes", () => {
  expect(connectionOfRow({ orig_ip_bytes: "-", resp_ip_bytes: "-" })).toMatchObject({ bytesToServer: 1557, note: "payload bytes" });
});

test("the history tells how it is known who opened", () => {
  const directions = {
    ShADadFf: "handshake",
    hADad: "handshake",
    "^hADad": "handshake",
    "^dDa": "stated",
    Dd: "stated",
    sH: "stated",
    "S^dD": "stated",
    "-": "stated",
  };
  for (const [history, direction] of Object.entries(directions)) expect([history, connectionOfRow({ history })?.direction]).toEqual([history, direction]);
  expect(connectionOfRow({ proto: "udp", history: "Dd" })?.direction).toBe("first-packet");
  expect(connectionOfRow({ proto: "udp", history: "^Dd" })?.direction).toBe("stated");
});

test("an attempt that nobody took is not answered", () => {
  const answers = { SF: true, S1: true, RSTO: true, SHR: true, S0: false, REJ: false, RSTOS0: false, RSTRH: false, SH: false, OTH: true };
  for (const [state, answered] of Object.entries(answers)) expect([state, connectionOfRow({ conn_state: state })?.answered]).toEqual([state, answered]);
  expect(connectionOfRow({ conn_state: "OTH", resp_pkts: "0" })?.answered).toBe(false);
  expect(connectionOfRow({ proto: "udp", resp_pkts: "-" })?.answered).toBeNull();
});

test("ICMP has a type and no ports, and is ICMPv6 between IPv6 addresses", () => {
  expect(connectionOfRow({ proto: "icmp", "id.orig_p": "8", "id.resp_p": "0" })).toMatchObject({
    protocol: "icmp",
    icmpType: 8,
    clientPort: null,
    serverPort: null,
  });
  expect(connectionOfRow({ proto: "icmp", "id.orig_h": "FE80:0::1", "id.resp_h": "fe80::2" })).toMatchObject({ protocol: "icmp6", client: "fe80::1" });
});

test("several headers may stand in one file, each with its own columns", () => {
  const turned = [...fields].reverse();
  const other = headerOf(turned) + `${turned.map((name) => usual[name]).join("\t")}\n`;
  const connections = connectionsBy(zeekConn, header + rowOf() + other);
  expect(connections).toEqual([golden, { ...golden, record: 2 }]);
});

test("another separator and other marks for nothing are obeyed", () => {
  const semicolons = `#separator \\x3b\n#set_separator;,\n#empty_field;none\n#unset_field;?\n#path;conn\n#fields;${fields.join(";")}\n`;
  const row = rowOf({ local_orig: "?", local_resp: "?", history: "none", orig_pkts: "?" }).replaceAll("\t", ";");
  expect(connectionsBy(zeekConn, semicolons + row)).toEqual([{ ...golden, packetsToServer: null, direction: "stated" }]);
});

test("a damaged line is rejected with its place, and the others are kept", () => {
  const text =
    header +
    rowOf() +
    "cut\toff\n" +
    rowOf({ "id.orig_h": "\u001b[31mevil" }) +
    rowOf({ "id.resp_p": "99999" }) +
    rowOf({ ts: "yesterday" }) +
    rowOf({ orig_pkts: "-5" }) +
    rowOf();
  expect(connectionsBy(zeekConn, text).map(({ record }) => record)).toEqual([1, 7]);
  expect(rejectsBy(zeekConn, text).map(({ reason, record, line }) => [reason, record, line])).toEqual([
    ["columns", 2, 9],
    ["bad-address", 3, 10],
    ["bad-port", 4, 11],
    ["bad-time", 5, 12],
    ["bad-number", 6, 13],
  ]);
});

test("times that no calendar holds are rejected, not printed", () => {
  expect(rejectsBy(zeekConn, header + rowOf({ ts: "9999999999.0" }))).toHaveLength(1);
});

test("the other logs of Zeek are not taken for connections", () => {
  expect(zeekConn.recognises(new TextEncoder().encode(header), "x")).toBe(true);
  expect(zeekConn.recognises(new TextEncoder().encode(headerOf(["ts", "uid", "host"])), "conn.log")).toBe(false);
  expect(connectionsBy(zeekConn, `{"_path":"dns","ts":1.5,"id.orig_h":"10.0.0.1","id.resp_h":"10.0.0.2","proto":"udp"}\n`)).toEqual([]);
});

// A separator that is no tab puts the quick reader aside, so the same rows go through the slow one.
const slowHeader = header.replaceAll("\t", "|").replace("\\x09", "\\x7c");
const values = fc.constantFrom(
  "-",
  "(empty)",
  "",
  "0",
  "7",
  "65535",
  "65536",
  "1.5",
  "0.000001",
  "0.1234567",
  "9999999999",
  "99999999999999999",
  "10.0.0.7",
  "010.0.0.1",
  "1.2.3.4.",
  "1.2.3.256",
  "::1",
  "::ffff:10.0.0.9",
  "tcp",
  "udp",
  "icmp",
  "SF",
  "S0",
  "OTH",
  "Sh",
  "^h",
  "-1",
  "é",
);
const changes = fc.dictionary(fc.constantFrom(...fields), values, { maxKeys: 4 });

test("the quick reader of columns and the slow one agree on every line", () => {
  fc.assert(
    fc.property(fc.array(changes, { minLength: 1, maxLength: 4 }), (rows) => {
      const text = rows.map(rowOf).join("");
      expect(decodedBy(zeekConn, header + text)).toEqual(decodedBy(zeekConn, slowHeader + text.replaceAll("\t", "|")));
    }),
    { numRuns: 500 },
  );
});

test("the quick reader of JSON and the slow one agree on every line", () => {
  const jsonValues = fc.oneof(
    values,
    fc.constantFrom(0, 7, 443, 65_536, 1.5, 0.000_001, 0.001_528_024_673_461_914, -1, 1e21, true, false, null),
    fc.constant({}),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...fields, "_path", "@system", "id", "id_orig_h"), jsonValues, { maxKeys: 4 }), (changed) => {
      const line = JSON.stringify({ ...usual, ...changed });
      // A space after the brace is JSON all the same, and nothing that the quick reader takes.
      expect(decodedBy(zeekConn, `${line}\n`)).toEqual(decodedBy(zeekConn, `{ ${line.slice(1)}\n`));
    }),
    { numRuns: 1000 },
  );
});

test("the quick reader of JSON takes no line that JSON refuses", () => {
  const { local_orig: _1, local_resp: _2, ...told } = usual;
  const line = JSON.stringify({ ...told, ts: 1.5, "id.orig_p": 7, local_orig: true, orig_pkts: 12 });
  const wild = fc.constantFrom('"', "{", "}", ":", ",", "\\", "0", "01", ".", "-", "e5", "true", "\u0001", "é", " ", "", '"ts":2,');
  fc.assert(
    fc.property(fc.nat(line.length - 2), fc.nat(3), wild, (at, length, text) => {
      const changed = line.slice(0, at + 1) + text + line.slice(at + 1 + length);
      expect(decodedBy(zeekConn, `${changed}\n`)).toEqual(decodedBy(zeekConn, `{ ${changed.slice(1)}\n`));
    }),
    { numRuns: 2000 },
  );
});

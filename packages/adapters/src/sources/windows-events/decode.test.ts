import { expect, test } from "vitest";
import { toldLines } from "../testing/told-lines.ts";
import { windowsEvents } from "./decode.ts";
import { evtxFile, type EvtxEvent, text, u32, type Value } from "./testing/evtx.ts";

const platform = {
  Application: "\\device\\harddiskvolume2\\windows\\system32\\svchost.exe",
  Direction: "%%14593",
  SourceAddress: "10.0.0.7",
  SourcePort: "40123",
  DestAddress: "10.0.0.9",
  DestPort: "445",
  Protocol: "6",
  FilterRTID: "72408",
};
const golden =
  "tcp 10.0.0.7:40123 → 10.0.0.9:445 (stated) · allowed · at 2026-11-25T12:00:00Z · seen by web-1 · rule filter 72408 · client process=\\device\\harddiskvolume2\\windows\\system32\\svchost.exe host=web-1";

/** The event as each of the tools writes it. */
const dresses: Readonly<Record<string, unknown>> = {
  "NXLog, flat": { EventID: 5156, Channel: "Security", Hostname: "web-1", EventTime: "2026-11-25 14:00:00", "@timestamp": "2026-11-25T12:00:00Z", ...platform },
  "winlogbeat 7": {
    "@timestamp": "2026-11-25T12:00:00.000Z",
    event: { code: 5156, action: "Filtering Platform Connection" },
    network: { direction: "inbound", protocol: "smb" },
    winlog: { channel: "Security", event_id: 5156, computer_name: "web-1", event_data: platform },
  },
  "winlogbeat 6": {
    "@timestamp": "2026-11-25T12:00:00.000Z",
    log_name: "Security",
    provider_name: "x",
    event_id: 5156,
    computer_name: "web-1",
    event_data: platform,
  },
  evtx_dump: {
    Event: {
      "#attributes": { xmlns: "http://schemas.microsoft.com/win/2004/08/events/event" },
      System: {
        Provider: { "#attributes": { Name: "Microsoft-Windows-Security-Auditing" } },
        EventID: 5156,
        TimeCreated: { "#attributes": { SystemTime: "2026-11-25T12:00:00.000000Z" } },
        Channel: "Security",
        Computer: "web-1",
      },
      EventData: platform,
    },
  },
  "python-evtx": {
    Event: {
      System: {
        EventID: { "@Qualifiers": "0", "#text": "5156" },
        TimeCreated: { "@SystemTime": "2026-11-25 12:00:00.000000+00:00" },
        Channel: "Security",
        Computer: "web-1",
      },
      EventData: { Data: Object.entries(platform).map(([name, value]) => ({ "@Name": name, "#text": value })) },
    },
  },
  Velociraptor: {
    System: { EventID: { Value: 5156 }, TimeCreated: { SystemTime: 1_795_608_000.0 }, Channel: "Security", Computer: "web-1" },
    EventData: platform,
  },
  "Get-WinEvent, by position": {
    Id: 5156,
    LogName: "Security",
    MachineName: "web-1",
    TimeCreated: "/Date(1795608000000)/",
    Properties: ["996", platform.Application, "%%14593", "10.0.0.7", "40123", "10.0.0.9", "445", 6, 72_408].map((Value) => ({ Value })),
  },
  "Get-WinEvent, by its message": {
    Id: 5156,
    ProviderName: "Microsoft-Windows-Security-Auditing",
    MachineName: "web-1",
    TimeCreated: "2026-11-25T12:00:00Z",
    Message: `The Windows Filtering Platform has permitted a connection.\r\n\r\nApplication Information:\r\n\tProcess ID:\t\t996\r\n\tApplication Name:\t${platform.Application}\r\n\r\nNetwork Information:\r\n\tDirection:\t\tOutbound\r\n\tSource Address:\t\t10.0.0.7\r\n\tSource Port:\t\t40123\r\n\tDestination Address:\t10.0.0.9\r\n\tDestination Port:\t\t445\r\n\tProtocol:\t\t6\r\n\r\nFilter Information:\r\n\tFilter Run-Time ID:\t72408`,
  },
};

for (const [tool, event] of Object.entries(dresses))
  test(`an event is the same however ${tool} writes it`, () => {
    // A message has no name for the filter that a record could keep.
    const expected = tool.endsWith("message") ? golden.replace(" · rule filter 72408", "") : golden;
    for (const written of [`${JSON.stringify(event)}\n`, JSON.stringify([event], null, 2)]) {
      expect(windowsEvents.recognises(new TextEncoder().encode(written), "x"), tool).toBe(true);
      expect(toldLines(windowsEvents, written)).toEqual([expected]);
    }
  });

const xml = (id: number, body: Readonly<Record<string, string>>): string =>
  `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P' Guid='{1}'/><EventID Qualifiers=''>${id}</EventID><TimeCreated SystemTime='2026-11-25T12:00:00.0000000Z'/><Channel>Security</Channel><Computer>web-1</Computer></System><EventData>${Object.entries(
    body,
  )
    .map(([name, value]) => `<Data Name='${name}'>${value}</Data>`)
    .join("")}</EventData></Event>`;

test("XML is read one event after the other, in UTF-8 and in UTF-16", () => {
  const content = `<?xml version="1.0" encoding="utf-8"?><Events>${xml(5156, platform)}\r\n${xml(4624, { SubjectUserName: "ann" })}</Events>`;
  expect(toldLines(windowsEvents, content)).toEqual([golden, "notice: event 4624, which is no flow"]);
  const wide = Uint8Array.from([0xff, 0xfe, ...[...content].flatMap((letter) => [letter.charCodeAt(0) & 255, letter.charCodeAt(0) >> 8])]);
  expect(windowsEvents.recognises(wide, "x")).toBe(true);
  expect(toldLines(windowsEvents, wide)).toEqual([golden, "notice: event 4624, which is no flow"]);
  expect(toldLines(windowsEvents, xml(5156, { ...platform, Application: "a &amp; b &#60;c&#x3e;" }))[0]).toContain("process=a & b <c>");
});

test("an inbound connection's process is the server's; a blocked packet may be an answer", () => {
  const inbound = { ...platform, Direction: "%%14592" };
  expect(
    toldLines(
      windowsEvents,
      xml(5157, inbound) +
        xml(5152, { ...inbound, SourcePort: "443", DestPort: "50000" }) +
        xml(5157, { ...inbound, Protocol: "1", SourcePort: "0", DestPort: "8" }),
    ),
  ).toEqual([
    `tcp 10.0.0.7:40123 → 10.0.0.9:445 (stated) · denied · unanswered · at 2026-11-25T12:00:00Z · seen by web-1 · rule filter 72408 · server process=${platform.Application} host=web-1`,
    `tcp 10.0.0.7:443 → 10.0.0.9:50000 (unknown) · denied · at 2026-11-25T12:00:00Z · seen by web-1 · rule filter 72408 · server process=${platform.Application} host=web-1`,
    `icmp type 8 10.0.0.7 → 10.0.0.9 (stated) · denied · unanswered · at 2026-11-25T12:00:00Z · seen by web-1 · rule filter 72408 · server process=${platform.Application} host=web-1`,
  ]);
});

test("frames, bindings and listeners are no connections", () => {
  const content =
    xml(5150, { ...platform, SourceAddress: "00:11:22:33:44:55", DestAddress: "00:11:22:33:44:56" }) +
    xml(5158, { SourceAddress: "0.0.0.0", SourcePort: "1", Protocol: "6" }) +
    xml(3, { Nothing: "here" });
  expect(toldLines(windowsEvents, content)).toEqual([
    "notice: event 5150, which is no flow",
    "notice: event 5158, which is no flow",
    "notice: event 3, which is no flow",
  ]);
});

const sysmon = {
  UtcTime: "2026-11-25 12:00:03.500",
  Image: "C:\\a.exe",
  User: "CORP\\ann",
  Protocol: "tcp",
  Initiated: "true",
  SourceIp: "10.0.0.7",
  SourceHostname: "-",
  SourcePort: "40123",
  DestinationIp: "10.0.0.9",
  DestinationHostname: "files",
  DestinationPort: "445",
};
const at = "at 2026-11-25T12:00:03.5Z · seen by web-1";

test("Sysmon names process and user of the local end, and a UDP answer's sender as its source", () => {
  const content = [
    xml(3, sysmon),
    xml(3, { ...sysmon, Initiated: "false" }),
    xml(3, { ...sysmon, Initiated: "false", Protocol: "udp", SourcePort: "53", DestinationPort: "50000" }),
    xml(3, {
      ...sysmon,
      Initiated: "false",
      Protocol: "udp",
      SourcePort: "5355",
      DestinationIp: "224.0.0.252",
      DestinationPort: "5355",
      DestinationHostname: "-",
    }),
  ].join("\n");
  expect(toldLines(windowsEvents, content)).toEqual([
    `tcp 10.0.0.7:40123 → 10.0.0.9:445 (stated) · ${at} · client process=C:\\a.exe user=CORP\\ann host=web-1 · server host=files`,
    `tcp 10.0.0.7:40123 → 10.0.0.9:445 (stated) · ${at} · server process=C:\\a.exe user=CORP\\ann host=files`,
    `udp 10.0.0.9:50000 → 10.0.0.7:53 (stated) · ${at} · client host=files · server process=C:\\a.exe user=CORP\\ann host=web-1`,
    `udp 10.0.0.7:5355 → 224.0.0.252:5355 (unknown) · ${at} · client process=C:\\a.exe user=CORP\\ann host=web-1`,
  ]);
});

const body = (values: Readonly<Record<string, string>>): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value)]));
const event = (id: number, values: Readonly<Record<string, Value>>): EvtxEvent => ({
  id,
  provider: "Microsoft-Windows-Security-Auditing",
  channel: "Security",
  computer: "web-1",
  time: "2026-11-25T12:00:00Z",
  body: values,
});

test("an EVTX file says what its XML says; the second event uses the template that the first wrote", () => {
  const file = evtxFile([
    event(5156, { ...body(platform), Protocol: u32(6), FilterRTID: { type: "u64", number: 72_408 } }),
    event(5156, { ...body(platform), Protocol: u32(6), FilterRTID: { type: "u64", number: 72_408 } }),
    event(4624, { Sid: { type: "sid", parts: [18] }, LogonId: { type: "hex64", number: 999 } }),
    event(3, { ...body(sysmon), SourcePort: { type: "u16", number: 40_123 } }),
  ]);
  expect(windowsEvents.recognises(file, "x")).toBe(true);
  expect(toldLines(windowsEvents, file)).toEqual([
    golden,
    golden,
    "notice: event 4624, which is no flow",
    `tcp 10.0.0.7:40123 → 10.0.0.9:445 (stated) · ${at} · client process=C:\\a.exe user=CORP\\ann host=web-1 · server host=files`,
  ]);
});

test("chunks that were never written are passed over, others that are none are told, and the rest is read", () => {
  const file = evtxFile([event(5156, body(platform))]);
  const chunk = file.subarray(4096);
  const parts = [file.subarray(0, 4096), new Uint8Array(65_536), new Uint8Array(65_536).fill(7), chunk, chunk.subarray(0, 3000)];
  const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
  expect(toldLines(windowsEvents, whole)).toEqual(["reject bad-chunk", golden, "reject truncated", golden]);
});

test("a record that is damaged is told, and the next one is read", () => {
  const file = evtxFile([event(5156, body(platform)), event(5156, body({ ...platform, DestPort: "135" }))]);
  file[4096 + 512] = 0;
  const told = toldLines(windowsEvents, file);
  expect(told[0]).toBe("reject bad-record");
  expect(told.length).toBe(2);
});

test("a template that contains itself ends", () => {
  const file = evtxFile([event(5156, body(platform))]);
  const view = new DataView(file.buffer, 4096);
  // The body's own template is made to point at the outer one, which is made to hold it again.
  const outer = 512 + 24 + 4 + 6 + 4;
  for (let at = outer + 30; at < 4000; at += 1)
    if (view.getUint8(at) === 0x0c && view.getUint8(at + 1) === 1 && view.getUint32(at + 6, true) === at + 10) view.setUint32(at + 6, outer, true);
  expect(toldLines(windowsEvents, file).length).toBe(1);
});

test("broken JSON and XML are rejected, with the line where there is one", () => {
  expect(
    toldLines(windowsEvents, '{"EventID":5156,"Channel":"Security"\n{"EventID":5156,"Channel":"Security","SourceAddress":"here","DestAddress":"there"}\n').map(
      (line) => line.split(",")[0],
    ),
  ).toEqual(["reject json", "reject bad-address"]);
  expect(toldLines(windowsEvents, xml(5156, platform).slice(0, 200))).toEqual(["reject truncated"]);
  expect(toldLines(windowsEvents, xml(5156, { ...platform, Application: "x".repeat(1_100_000) }) + xml(5156, platform))).toEqual([
    "reject event-too-long",
    golden,
  ]);
});

import type { Fed } from "@bulkhead/adapters/feeds/fed";
import type { Feed } from "@bulkhead/adapters/feeds/feeds";
import { expect, test } from "vitest";
import { sourcesJson, sourcesText, toldByFiles } from "./feed-text.ts";

const minute = 60_000_000;
const fed = (known: Partial<Fed>): Fed => ({
  name: "netflow 192.0.2.1",
  format: "netflow",
  since: 0,
  heard: 10 * minute,
  usual: minute,
  records: 5,
  latest: 9 * minute,
  rejects: 0,
  notices: {},
  dropped: 0,
  ...known,
});
const feed = (sources: readonly Fed[], known: Partial<Feed> = {}): Feed => ({
  feed: "listen netflow 127.0.0.1:2055 udp",
  started: 0,
  beat: 10 * minute,
  kernelDrops: {},
  fed: sources,
  isRunning: true,
  spooledBytes: 0,
  damaged: [],
  ...known,
});

test("a silent source is told with how often it usually speaks; of a feed that does not run nobody is silent", () => {
  expect(sourcesText([feed([fed({})])], [], 12 * minute)).not.toContain("silent");
  expect(sourcesText([feed([fed({})])], [], 20 * minute)).toContain("silent since 1970-01-01T00:10:00Z; it usually speaks every 60 s");
  expect(sourcesText([feed([fed({})], { isRunning: false })], [], 20 * minute)).not.toContain("silent");
  expect(sourcesJson([feed([fed({})])], [], 20 * minute)).toMatchObject({ feeds: [{ sources: [{ silentSince: "1970-01-01T00:10:00Z", usualSeconds: 60 }] }] });
});

test("every loss is told where it happened, and names from outside are made safe", () => {
  const losses = fed({ name: "syslog \u001b[2J", format: "suricata-eve", rejects: 2, dropped: 3, notices: { "lost on the way, by the sequence numbers": 7 } });
  const text = sourcesText([feed([losses], { kernelDrops: { "netflow 127.0.0.1:2055 udp": 9 }, damaged: ["/x.damaged"], spooledBytes: 12 })], [], 0);
  for (const said of [
    "2 records could not be read",
    "3 found no room in our queue",
    "7 × lost on the way, by the sequence numbers",
    "the kernel dropped 9 datagrams",
    "damaged: /x.damaged",
    "12 bytes wait in the spool",
    "cannot tell which rule decided",
  ])
    expect(text).toContain(said);
  expect(text).not.toContain("\u001b");
});

test("files are summed by format and observer, and what feeds told is not told twice", () => {
  const one = { source: "zeek-conn", observer: "sensor-1", records: 5, first: 1 * minute, last: 2 * minute };
  const told = toldByFiles(
    [
      { ...one, file: "a.log" },
      { ...one, file: "b.log", first: null, last: 9 * minute },
      { ...one, file: "netflow 192.0.2.1", source: "netflow" },
    ],
    [feed([fed({})])],
  );
  expect(told).toEqual([{ format: "zeek-conn", observer: "sensor-1", files: 2, records: 10, first: minute, last: 9 * minute }]);
  expect(sourcesText([], told, 0)).toContain("2 files of zeek-conn, observer sensor-1: 10 records from 1970-01-01T00:01:00Z to 1970-01-01T00:09:00Z");
});

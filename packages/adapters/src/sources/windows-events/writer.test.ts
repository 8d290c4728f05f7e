import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toldLines } from "../testing/told-lines.ts";
import { windowsEvents } from "./decode.ts";
import { evtxFile, text, u32 } from "./testing/evtx.ts";

const hasReader = spawnSync("evtxexport", ["-V"]).status === 0;

/** What libevtx's evtxexport reads in a file. */
function exported(file: Uint8Array): string {
  const directory = mkdtempSync(join(tmpdir(), "bulkhead-evtx-"));
  try {
    writeFileSync(join(directory, "a.evtx"), file);
    return spawnSync("evtxexport", ["-f", "xml", join(directory, "a.evtx")], { encoding: "utf8" }).stdout;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

test.skipIf(!hasReader)("libevtx reads in our test files what we read in them (skipped where its evtxexport is not installed)", () => {
  const body = {
    Application: text("a.exe"),
    Direction: text("%%14593"),
    SourceAddress: text("10.0.0.7"),
    SourcePort: text("40123"),
    DestAddress: text("10.0.0.9"),
    DestPort: text("135"),
    Protocol: u32(6),
  };
  const event = (id: number, time: string) => ({ id, provider: "Microsoft-Windows-Security-Auditing", channel: "Security", computer: "web-1", time, body });
  const file = evtxFile([event(5157, "2026-11-25T12:00:00.123456Z"), event(5156, "2026-11-25T12:00:01Z")]);
  const theirs = exported(file);
  const records = theirs.slice(theirs.indexOf("<Event"));
  expect(records.match(/<Event /g)).toHaveLength(2);
  expect(toldLines(windowsEvents, records)).toEqual(toldLines(windowsEvents, file));
  // The control: a chunk whose checksum is wrong is damaged to them.
  const broken = file.slice();
  broken[4096 + 600] = broken[4096 + 600]! ^ 1;
  expect(exported(broken)).not.toBe(theirs);
});

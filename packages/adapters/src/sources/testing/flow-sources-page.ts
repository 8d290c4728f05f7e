import type { FlowFormat, Tells } from "@bulkhead/core/outside";

/** The reference page of what each source can and cannot tell. */
export function flowSourcesPage(formats: readonly FlowFormat[]): string {
  const sorted = [...formats].sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    "# What each flow source can tell",
    "",
    "No source knows everything. What a source cannot tell is null in its records, never 0 and never a guess. This page is made from the code and held against samples of",
    "every format; `npx vitest run packages/adapters/src/sources/tells.test.ts -u` writes it anew.",
    "",
    ...table(["source", "reads"], sorted, ({ reads }) => [reads]),
    "## Who, and with what success",
    "",
    "Who opened is known by a `handshake`, the `first-packet`, because the source has `stated` it, by its `port` alone, or is `unknown` (then client and server are source",
    "and destination). A verdict is whether the packet was let through, where the source stood in its way.",
    "",
    ...table(["source", "who opened", "answered", "verdict", "rule", "reason of a drop", "labels"], sorted, (tells) => [
      tells.opener.join(", "),
      tells.answered,
      tells.verdict,
      tells.rule,
      tells.reason,
      tells.labels.length === 0 ? "none" : tells.labels.join(", "),
    ]),
    "## How much, and when",
    "",
    "IP bytes include the IP header; a record that counts something else says so in its note. Sampling: the `whole` traffic counts; or the record has `said` N of its 1 in",
    "N; or it leaves it `unsaid` whether packets are missing, and only whoever runs the sensor knows (`--sensors` of `bulkhead ingest` takes it down).",
    "",
    "A time that names no zone is read as UTC, and the record's note says so; `--zone +01:00` of `bulkhead ingest` and `bulkhead decode` says what it is. A time that names",
    "no year is no time; `--year 2026` says the year of the first one in each file.",
    "",
    ...table(["source", "counts", "bytes", "sampling", "times"], sorted, (tells) => [
      tells.counts.map((ways) => countsInWords[ways]).join(", "),
      tells.bytes.join(", "),
      tells.sampling,
      tells.times,
    ]),
    "## What counts as one connection",
    "",
    "The map's `connections` are never more than what the observer that told most has told, and what they are depends on the source:",
    "",
    "- `records`: each record is one.",
    "- `windows`: records that count one direction are windows of one connection, as long as they have the same addresses and ports and no silence of eleven minutes between them.",
    "- `beginnings`: a record that goes on with a connection or ends it is none of its own. Where only later parts were recorded, they are one, and after eleven minutes of silence one more.",
    "- `intervals`: each sum over a time is one, whether one connection, several, or a part of a long one is in it.",
    "- `events`: each event is one; of one connection there may be several, so that the number says how busy two ends are, not how often they connect.",
    "",
    ...table(["source", "one connection is one of its"], sorted, ({ connections }) => [connections.join(", ")]),
    "## What is missing",
    "",
    ...table(["source", "gaps"], sorted, ({ gaps }) => [gaps]),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

const countsInWords: Readonly<Record<Tells["counts"][number], string>> = { both: "both ways", one: "one way", none: "nothing" };

function table(head: readonly string[], formats: readonly FlowFormat[], cells: (tells: Tells) => readonly string[]): readonly string[] {
  const row = (words: readonly string[]): string => `| ${words.join(" | ")} |`;
  return [row(head), `|${head.map(() => "---").join("|")}|`, ...formats.map(({ name, tells }) => row([`\`${name}\``, ...cells(tells)])), ""];
}

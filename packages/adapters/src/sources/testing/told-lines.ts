import { instantText } from "@bulkhead/core/base/instant";
import type { Connection } from "@bulkhead/core/model/connection";
import type { FlowFormat } from "@bulkhead/core/outside";
import { decodedBy } from "./decoded-by.ts";

/** What a format reads in a text, a line each, for people: what is not told is left out. */
export function toldLines(format: FlowFormat, content: string | Uint8Array): readonly string[] {
  return decodedBy(format, content).map((one) => {
    if (one.kind === "notice") return `notice: ${one.reason}`;
    if (one.kind === "use") return "use of a function";
    return one.kind === "reject" ? `reject ${one.reject.reason}${one.reject.line === null ? "" : `, line ${one.reject.line}`}` : lineOf(one.connection);
  });
}

function lineOf(one: Connection): string {
  const icmp = one.icmpType === null ? "" : ` type ${one.icmpType}`;
  const words = [
    `${one.protocol}${icmp} ${endText(one.client, one.clientPort)} → ${endText(one.server, one.serverPort)} (${one.direction})`,
    one.verdict,
    one.answered === null ? null : one.answered ? "answered" : "unanswered",
    countsText("there", one.packetsToServer, one.bytesToServer),
    countsText("back", one.packetsToClient, one.bytesToClient),
    one.first === null ? null : `at ${instantText(one.first)}${one.last === null || one.last === one.first ? "" : ` to ${instantText(one.last)}`}`,
    one.observer === null ? null : `seen by ${one.observer}`,
    one.rule === null ? null : `rule ${one.rule}`,
    one.reason === null ? null : `because ${one.reason}`,
    labelsText("client", one.clientLabels),
    labelsText("server", one.serverLabels),
    one.note === null ? null : `note ${one.note}`,
  ];
  return words.filter((word) => word !== null).join(" · ");
}

const endText = (address: string, port: number | null): string => (port === null ? address : `${address.includes(":") ? `[${address}]` : address}:${port}`);

const countsText = (way: string, packets: number | null, bytes: number | null): string | null =>
  packets === null && bytes === null ? null : `${way} ${packets ?? "?"}/${bytes ?? "?"}`;

function labelsText(side: string, labels: Readonly<Record<string, string>>): string | null {
  const words = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return words.length === 0 ? null : `${side} ${words.join(" ")}`;
}

import { instantText } from "@bulkhead/core/base/instant";
import type { Connection } from "@bulkhead/core/model/connection";
import { printable } from "./context.ts";
import type { HeldConnection } from "./held-connection.ts";

const timeText = (at: number | null): string | null => (at === null ? null : instantText(at));

/** A connection, with its workloads where they are asked for, as one line of JSON, its fields in a fixed order; times as text, null for what the source cannot tell. */
export function connectionJson(connection: Connection): string {
  // JSON itself leaves some controls of terminals as they are; escaped, they are the same JSON.
  return `${printable(JSON.stringify({ ...connection, first: timeText(connection.first), last: timeText(connection.last) }))}\n`;
}

const heads = ["first", "client", "server", "service", "packets", "bytes", "how known", "verdict"];
const least = [27, 25, 25, 15, 15, 15, 13, 8];
// A cell that is longer stands out of its column, and the rest of its line after it.
const widest = 70;

/** Lays connections out as a table, a portion at a time: the head comes before the first, and columns grow with what is in them. */
export function connectionTable(): (connections: readonly (Connection & Partial<HeldConnection>)[]) => string {
  const widths = [...least];
  let isBegun = false;
  const line = (cells: readonly string[], note: string): string =>
    `${cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .concat(note)
      .join(" ")
      .trimEnd()}\n`;
  return (connections) => {
    const rows = connections.map((one) => ({ cells: cellsOf(one).map(printable), note: printable(one.note ?? "") }));
    for (const { cells } of rows) for (const [at, cell] of cells.entries()) if (cell.length <= widest) widths[at] = Math.max(widths[at] ?? 0, cell.length);
    const head = isBegun ? "" : line(heads, "");
    isBegun = true;
    return head + rows.map(({ cells, note }) => line(cells, note)).join("");
  };
}

/** The cells of a line, with the workloads beside the addresses where they are known. */
function cellsOf(connection: Connection & Partial<HeldConnection>): readonly string[] {
  const { client, clientPort, server, serverPort, protocol, packetsToServer, packetsToClient, bytesToServer, bytesToClient, direction, verdict } = connection;
  const { clientWorkloads = [], serverWorkloads = [] } = connection;
  const beside = (workloads: readonly string[]): string => (workloads.length === 0 ? "" : ` ${workloads.join(" or ")}`);
  const both = (there: number | null, back: number | null): string => `${there ?? "?"} / ${back ?? "?"}`;
  return [
    evenTime(connection.first),
    `${client}${clientPort === null ? "" : ` :${clientPort}`}${beside(clientWorkloads)}`,
    `${server}${beside(serverWorkloads)}`,
    serverPort === null ? protocol : `${protocol}/${serverPort}`,
    both(packetsToServer, packetsToClient),
    both(bytesToServer, bytesToClient),
    direction,
    verdict ?? "-",
  ];
}

/** A time with all six digits, so that times stand under each other. */
function evenTime(at: number | null): string {
  if (at === null) return "-";
  const [whole = "", digits = ""] = instantText(at).slice(0, -1).split(".");
  return `${whole}.${digits.padEnd(6, "0")}Z`;
}

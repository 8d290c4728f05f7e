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

/** The head of the readable table. */
export const lineHead =
  "first                       client                    server                    service         packets         bytes           how known     verdict\n";

/** A connection as one readable line, with the workloads beside the addresses where they are known. */
export function connectionLine(connection: Connection & Partial<HeldConnection>): string {
  const { client, clientPort, server, serverPort, protocol, packetsToServer, packetsToClient, bytesToServer, bytesToClient, direction, verdict, note } =
    connection;
  const { clientWorkloads = [], serverWorkloads = [] } = connection;
  const beside = (workloads: readonly string[]): string => (workloads.length === 0 ? "" : ` ${workloads.join(" or ")}`);
  const both = (there: number | null, back: number | null): string => `${there ?? "?"} / ${back ?? "?"}`;
  const cells: readonly (readonly [string, number])[] = [
    [timeText(connection.first) ?? "-", 27],
    [`${client}${clientPort === null ? "" : ` :${clientPort}`}${beside(clientWorkloads)}`, 25],
    [`${server}${beside(serverWorkloads)}`, 25],
    [serverPort === null ? protocol : `${protocol}/${serverPort}`, 15],
    [both(packetsToServer, packetsToClient), 15],
    [both(bytesToServer, bytesToClient), 15],
    [direction, 13],
    [verdict ?? "-", 8],
  ];
  return `${printable(`${cells.map(([text, width]) => text.padEnd(width)).join(" ")}${note === null ? "" : ` ${note}`}`.trimEnd())}\n`;
}

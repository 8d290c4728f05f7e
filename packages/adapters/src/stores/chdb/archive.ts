import type { Connection } from "@bulkhead/core/model/connection";
import type { ArchivedSource, Batch, ConnectionFilter, ConversationQuery, FlowArchive, Outline } from "@bulkhead/core/outside";
import { digestOf } from "../../digest.ts";
import { type FlowBytes, flowDaysIn, flowsByDayIn, flowsIn } from "../flow-rows.ts";
import { openEnd, openStart } from "../flows-query.ts";
import { StoreClient } from "./client.ts";
import { prefixNamed } from "../named-prefix.ts";
import type { FlowsAsked } from "./engine.ts";
import type { Frame } from "./frame.ts";
import { decodeRows, encodeRows, rowsIn } from "./rows.ts";

// How long the process outlives its last client: long enough for the next verb of a script, short enough for nobody to notice.
const graceMs = 2000;

/** The archive of a data directory in the embedded engine. */
export async function chdbArchive(dataDirectory: string, { graceMs: grace = graceMs } = {}): Promise<FlowArchive> {
  const client = new StoreClient(dataDirectory, grace);
  await client.hold();
  return {
    async add({ token, connections }: Batch) {
      if (connections.length === 0) return 0;
      const { files, rows } = encodeRows(connections);
      const named = token === null ? { token: digestOf(rows), head: digestOf(rowsIn(rows, "number").next().value!.row) } : { token };
      let value: unknown = 0;
      for await (const { header } of client.ask({ ask: "add", ...named, count: connections.length, files }, rows)) value = header["value"];
      return Number(value);
    },
    connections: (filter) => found(client, filter),
    conversations: async (query) => flowsIn(await flowBytes(client, "conversations", query)),
    conversationsByDay: async (query) => flowsByDayIn(await flowBytes(client, "conversationsByDay", query)),
    presence: async (query) => flowDaysIn(await flowBytes(client, "presence", query)),
    async outline({ since, until, segments }) {
      return JSON.parse(await textOf(client.ask({ ask: "outline", since, until }, segmentLines(segments)))) as Outline;
    },
    async sources() {
      return JSON.parse(await textOf(client.ask({ ask: "sources" }))) as readonly ArchivedSource[];
    },
    close: async () => client.close(),
  };
}

const segmentLines = (segments: ConversationQuery["segments"]): Buffer =>
  Buffer.from(segments.map((one) => JSON.stringify({ ...one, from: one.from ?? openStart, until: one.until ?? openEnd })).join("\n"));

async function flowBytes(client: StoreClient, ask: FlowsAsked, { segments, ...window }: ConversationQuery): Promise<FlowBytes> {
  const parts: Record<string, Buffer[]> = { flows: [], ends: [], words: [] };
  for await (const { header, body } of client.ask({ ask, ...window }, segmentLines(segments))) parts[String(header["part"])]?.push(body);
  const [flows, ends, words] = ["flows", "ends", "words"].map((part) => Buffer.concat(parts[part]!));
  return { flows: flows!, ends: ends!, words: words! };
}

async function textOf(frames: AsyncIterable<Frame>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const { body } of frames) parts.push(body);
  return Buffer.concat(parts).toString("utf8");
}

async function* found(client: StoreClient, filter: ConnectionFilter): AsyncGenerator<readonly Connection[]> {
  for (const end of [filter.client, filter.server]) if (end !== undefined) prefixNamed(end);
  let rest: Buffer = Buffer.alloc(0);
  for await (const { body } of client.ask({ ask: "connections", filter })) {
    const { connections, rest: cut } = decodeRows(rest.length === 0 ? body : Buffer.concat([rest, body]));
    rest = cut;
    if (connections.length > 0) yield connections;
  }
}

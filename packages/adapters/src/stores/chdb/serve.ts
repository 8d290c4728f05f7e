import { Failure } from "@bulkhead/core/base/failure";
import type { ConnectionFilter } from "@bulkhead/core/outside";
import { once } from "node:events";
import { createReadStream, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { noHead } from "./batch-log.ts";
import { type Engine, type FlowFile, type FlowWindow, isFlowsAsked } from "./engine.ts";
import { type Frame, frameHead, framesOf } from "./frame.ts";

const filesMax = 10_000;

/** Answers the requests of one client until it leaves; what it sends wrong ends the conversation with it, never the process. */
export async function serve(socket: Socket, engine: Engine): Promise<void> {
  socket.on("error", () => socket.destroy());
  try {
    await send(socket, { kind: "hello" });
    for await (const frame of framesOf(socket as AsyncIterable<Buffer>)) await answer(socket, engine, frame);
  } catch {
    // Who left before the greeting, or a cut or malformed message: there is nobody to tell it to.
  }
  socket.destroy();
}

async function answer(socket: Socket, engine: Engine, { header, body }: Frame): Promise<void> {
  try {
    if (header["ask"] === "add") {
      const { token, head = noHead, count, files } = header;
      if (typeof token !== "string" || !/^[\x21-\x7e]{1,200}$/.test(token))
        throw new Failure("a batch needs a token of up to 200 visible characters", "name it so");
      if (typeof head !== "string" || !/^([0-9a-f]{64}|-)$/.test(head)) throw new Failure("the head of a batch is a digest", "send 64 hexadecimal digits");
      if (typeof count !== "number" || !Number.isSafeInteger(count)) throw new Failure("a batch says how many rows it has", "send their number");
      if (!isTextList(files)) throw new Failure("a batch names its files", "send at most ten thousand");
      await send(socket, { kind: "end", value: await engine.add({ token, head, files, rows: body, count }) });
    } else if (header["ask"] === "connections") {
      await sendFile(socket, await engine.connections(filterOf(header["filter"])));
      await send(socket, { kind: "end" });
    } else if (isFlowsAsked(header["ask"])) {
      await sendFlows(socket, await engine.flows(header["ask"], windowOf(header), body));
      await send(socket, { kind: "end" });
    } else if (header["ask"] === "outline") {
      await send(socket, { kind: "end" }, Buffer.from(JSON.stringify(await engine.outline(windowOf(header), body))));
    } else if (header["ask"] === "sources") {
      const rows = Buffer.from(JSON.stringify(await engine.sources()));
      await send(socket, { kind: "end" }, rows);
    } else throw new Failure("the archive was asked something it does not know", "use one version of bulkhead for one data directory");
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const next = error instanceof Failure ? error.next : "what was acknowledged is kept; look for free disk and memory, then run again";
    await send(socket, { kind: "failed", message: message.slice(0, 2000), next });
  }
}

async function sendFlows(socket: Socket, files: readonly FlowFile[]): Promise<void> {
  try {
    for (const { part, path } of files) await sendFile(socket, path, part);
  } finally {
    for (const { path } of files) rmSync(path, { force: true });
  }
}

async function sendFile(socket: Socket, path: string, part = "all"): Promise<void> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) await send(socket, { kind: "rows", part }, chunk as Buffer);
  } finally {
    rmSync(path, { force: true });
  }
}

async function send(socket: Socket, header: object, body: Buffer = Buffer.alloc(0)): Promise<void> {
  if (socket.destroyed) throw new Error("the client has left");
  socket.write(frameHead(header, body.length));
  if (!socket.write(body)) await Promise.race([once(socket, "drain"), once(socket, "close")]);
}

const isTextList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length <= filesMax && value.every((one) => typeof one === "string");

const windowOf = ({ since, until, isUndated }: Frame["header"]): FlowWindow => ({
  since: instantOrNull(since),
  until: instantOrNull(until),
  isUndated: isUndated === true,
});
const instantOrNull = (value: unknown): number | null => (Number.isSafeInteger(value) ? (value as number) : null);

const textKeys = ["client", "server", "protocol", "observer", "source"] as const;
const numberKeys = ["serverPort", "since", "until", "limit"] as const;

function filterOf(value: unknown): ConnectionFilter {
  const asked = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
  return {
    ...Object.fromEntries(textKeys.flatMap((key) => (typeof asked[key] === "string" ? [[key, asked[key]]] : []))),
    ...Object.fromEntries(numberKeys.flatMap((key) => (typeof asked[key] === "number" ? [[key, asked[key]]] : []))),
    isOrdered: asked["isOrdered"] === true,
  };
}

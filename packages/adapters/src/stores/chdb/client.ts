import { Failure } from "@bulkhead/core/base/failure";
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Frame, frameHead, framesOf } from "./frame.ts";
import { type Place, placeOf } from "./place.ts";

const startMs = 20_000;
const otherMs = 2000;
const lastWordsMax = 2000;
// Node 20 does not run TypeScript: tests, too, start what is built.
const program = fileURLToPath(new URL("../../../dist/stores/chdb/store-process.js", import.meta.url));

/** A conversation with the store process. */
export interface Line {
  readonly socket: Socket;
  readonly frames: AsyncGenerator<Frame>;
}

/** Asks the store process of a data directory, which is started when it is not there and stays as long as a client does. */
export class StoreClient {
  private readonly place: Place;
  private held: Line | null = null;

  constructor(
    dataDirectory: string,
    private readonly graceMs: number,
  ) {
    this.place = placeOf(dataDirectory);
  }

  /** Sends one request; gives the bodies of its answer, and last the header of its end. */
  async *ask(header: object, body: Uint8Array = new Uint8Array(0)): AsyncGenerator<Frame> {
    await this.hold();
    const line = (await lineTo(this.place.socket)) ?? (await this.secondLine());
    try {
      line.socket.write(frameHead(header, body.length));
      line.socket.write(body);
      for (;;) {
        const frame = await nextOf(line);
        if (frame === null) throw gone();
        if (frame.header["kind"] === "failed") throw new Failure(String(frame.header["message"]), String(frame.header["next"]));
        yield frame;
        if (frame.header["kind"] === "end") return;
      }
    } finally {
      line.socket.destroy();
    }
  }

  // The process was killed and the news has not reached us: nothing was asked yet, so another may answer.
  private async secondLine(): Promise<Line> {
    this.close();
    await this.hold();
    const line = await lineTo(this.place.socket);
    if (line === null) throw gone();
    return line;
  }

  /** Sees to it that the process is there and stays. */
  async hold(): Promise<void> {
    if (this.held !== null && !this.held.socket.destroyed) return;
    this.held = (await lineTo(this.place.socket)) ?? (await this.started());
    // A verb that forgets to close must still end.
    this.held.socket.unref();
    this.held.socket.resume();
  }

  close(): void {
    this.held?.socket.destroy();
    this.held = null;
  }

  /** Starts the process. One that dies without a word (the engine is native code) is started once more. */
  private async started(): Promise<Line> {
    const line = (await this.attempted()) ?? (this.isSilent() ? await this.attempted() : null);
    if (line === null) throw this.notStarted();
    return line;
  }

  private readonly isSilent = (): boolean => readFileSync(this.place.lastWords, "utf8") === "";

  private async attempted(): Promise<Line | null> {
    const words = openSync(this.place.lastWords, "w", 0o600);
    const child = spawn(process.execPath, [program, this.place.directory.replace(/.archive$/, ""), String(this.graceMs)], {
      detached: true,
      stdio: ["ignore", "ignore", words],
      cwd: this.place.directory,
    });
    closeSync(words);
    let deadline = Date.now() + startMs;
    // Another client may have started one in the same instant: of two processes one ends, and the other needs a moment.
    const onEnd = () => (deadline = Date.now() + otherMs);
    child.on("exit", onEnd);
    child.on("error", onEnd);
    child.unref();
    for (; Date.now() < deadline; await sleep(10)) {
      const line = await lineTo(this.place.socket);
      if (line !== null) {
        rmSync(this.place.lastWords, { force: true });
        return line;
      }
    }
    return null;
  }

  private notStarted(): Failure {
    const [message = "", next = ""] = readFileSync(this.place.lastWords, "utf8").slice(0, lastWordsMax).split("\n");
    if (message === "") return new Failure("the archive's process does not start", "run again; if it stays so, look at free memory and disk");
    if (next !== "" && !/^\s/.test(next) && message.startsWith("the archive")) return new Failure(message, next);
    return new Failure(`the archive's process could not start: ${message}`, "is another program using this data directory, or is the disk full?");
  }
}

const gone = (): Failure => new Failure("the archive's process ended while it was asked", "run again: what was acknowledged is kept");

/** A line to whoever listens; null when nobody does. It counts only when the other side has said hello: one that ends does not. */
export async function lineTo(path: string): Promise<Line | null> {
  const socket = createConnection(path);
  socket.on("error", () => socket.destroy());
  const line = { socket, frames: framesOf(socket as AsyncIterable<Buffer>) };
  const hello = await nextOf(line);
  if (hello?.header["kind"] === "hello") return line;
  socket.destroy();
  return null;
}

async function nextOf({ frames }: Line): Promise<Frame | null> {
  try {
    const { value, done } = await frames.next();
    return done === true ? null : value;
  } catch {
    return null;
  }
}

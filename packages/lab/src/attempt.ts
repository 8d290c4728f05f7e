import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { environment } from "./command.ts";
import type { Attempt, Outcome } from "./door-line.ts";

const slices = 25;
const sliceMs = 100;

/** Calls `done` when the time of an attempt is over. After a pause of the process Node runs late timers before it reads sockets: a single one would call "silent" what has answered. */
function patience(eachSlice: () => void, done: () => void): () => void {
  let left = slices;
  const timer = setInterval(() => {
    left -= 1;
    if (left > 0) return eachSlice();
    clearInterval(timer);
    setImmediate(done);
  }, sliceMs);
  return () => clearInterval(timer);
}

/** Tries to open one conversation from this host, and says a word in it. */
export function attempted({ address, over }: Attempt, word: string): Promise<Outcome> {
  if (over === "icmp/echo") return echoed(address);
  const port = Number(over.split("/")[1]);
  return over.startsWith("tcp") ? overTcp(address, port, word) : overUdp(address, port, word);
}

function overTcp(host: string, port: number, word: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (outcome: Outcome): void => {
      stop();
      socket.destroy();
      resolve(outcome);
    };
    const stop = patience(
      () => undefined,
      () => end("silent"),
    );
    socket.on("connect", () => socket.write(`${word}\n`));
    socket.on("data", () => end("answered"));
    socket.on("end", () => end("refused"));
    socket.on("error", () => end("refused"));
  });
}

function overUdp(address: string, port: number, word: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    let isOver = false;
    const end = (outcome: Outcome): void => {
      if (isOver) return;
      isOver = true;
      stop();
      socket.close();
      resolve(outcome);
    };
    const ask = (): void => {
      if (isOver) return;
      try {
        socket.send(word, (error) => error !== null && end("refused"));
      } catch {
        end("refused");
      }
    };
    // A datagram may be lost while neighbours find each other; it is said again, never instead.
    const stop = patience(ask, () => end("silent"));
    socket.on("error", () => end("refused"));
    socket.on("message", () => end("answered"));
    // Connected, so that a refusal comes back as an error.
    socket.connect(port, address, ask);
  });
}

function echoed(address: string): Promise<Outcome> {
  const words = ["-n", "-q", "-c", "1", "-W", "1", address.includes(":") ? "-6" : "-4", address];
  return new Promise((resolve) => {
    execFile("ping", words, { env: environment(), timeout: 5000 }, (error, out) => {
      if (error === null) resolve("answered");
      else resolve(/\+\d+ errors/.test(out) ? "refused" : "silent");
    });
  });
}

// The two ends of enforce.bench: `serve ADDRESS PORT` answers with one byte, or swallows a stream; `ask ADDRESS PORT SECONDS SOURCES` opens connections as fast as it can, then sends one stream.
import { connect, createServer } from "node:net";

const [role, host, port, seconds, sources] = process.argv.slice(2);
const tell = (said) => process.stdout.write(`${JSON.stringify(said)}\n`);

if (role === "serve") serve();
else await ask();

function serve() {
  // Of the connections alone: noted when the stream begins.
  let systemMicros = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", (first) => {
      if (first[0] === 1) socket.end("x");
      else {
        systemMicros = process.cpuUsage().system;
        socket.resume();
      }
    });
  });
  server.listen({ port: Number(port), host, backlog: 4096 }, () => tell("listening"));
  // The measurement is over when whoever started us closes our input.
  process.stdin.resume().once("end", () => {
    tell({ systemMicros });
    process.exit(0);
  });
}

async function ask() {
  const from = sources.split(",");
  const until = performance.now() + Number(seconds) * 1000;
  const start = performance.now();
  const before = process.cpuUsage().system;
  let made = 0;
  const one = async (source) => {
    while (performance.now() < until) {
      await new Promise((resolve, reject) => {
        const socket = connect({ host, port: Number(port), localAddress: source, noDelay: true }, () => socket.write(Buffer.of(1)));
        socket.once("data", () => socket.resetAndDestroy());
        socket.once("close", resolve);
        socket.once("error", reject);
      });
      made += 1;
    }
  };
  await Promise.all(from.map(one));
  const connections = made / ((performance.now() - start) / 1000);
  const systemMicros = process.cpuUsage().system - before;
  tell({ connections, made, systemMicros, bytes: await streamed(from[0]) });
  process.exit(0);
}

/** Bytes a second of one stream. */
async function streamed(localAddress) {
  const chunk = Buffer.alloc(1 << 20, 2);
  const socket = connect({ host, port: Number(port), localAddress });
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  const start = performance.now();
  while (performance.now() - start < Number(seconds) * 1000) if (!socket.write(chunk)) await new Promise((resolve) => socket.once("drain", resolve));
  const bytes = socket.bytesWritten - socket.writableLength;
  const rate = bytes / ((performance.now() - start) / 1000);
  socket.destroy();
  return rate;
}

// One host of the recording: runs inside its own network namespace and does what world.mjs says, with real sockets. Ends when its parent's pipe closes.
import { createSocket } from "node:dgram";
import { connect, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { inside, outside, resolver } from "./world.mjs";

const self = [...inside, outside].find(({ id }) => id === process.argv[2]);
const start = Number(process.argv[3]);
const turns = new Map();

/** A DNS question for the A record of a name, as RFC 1035 writes it. */
function question(name) {
  const labels = name.split(".").map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  const head = Buffer.from([Math.random() * 256, Math.random() * 256, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([head, ...labels, Buffer.from([0, 0, 1, 0, 1])]);
}

function resolve(name) {
  return new Promise((done) => {
    const socket = createSocket("udp4");
    const end = () => (clearTimeout(patience), socket.close(), done());
    const patience = setTimeout(end, 1000);
    socket.once("message", end);
    socket.send(question(name), 53, resolver);
  });
}

/** Opens one conversation, says `ask` bytes, reads the answer, closes. An attempt that nobody answers is given up after a second. */
async function open({ to, over, ask, from, dns }) {
  if (dns !== undefined) await resolve(dns);
  const choices = [to].flat();
  const turn = turns.get(over) ?? 0;
  turns.set(over, turn + 1);
  await new Promise((done) => {
    const socket = connect({ host: choices[turn % choices.length], port: Number(over.split("/")[1]), localAddress: from });
    const patience = setTimeout(() => socket.destroy(), 1000);
    socket.on("connect", () => (ask === 0 ? socket.destroy() : socket.write(Buffer.alloc(ask, 0x61))));
    socket.on("data", () => socket.end());
    socket.on("error", () => undefined);
    socket.on("close", () => (clearTimeout(patience), done()));
  });
}

function listenTcp({ over, on, answer, next = [] }) {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", async () => {
      for (const one of next) await open(one);
      socket.write(Buffer.alloc(answer, 0x62));
    });
  });
  server.listen(Number(over.split("/")[1]), on ?? "0.0.0.0");
}

function listenDns() {
  const socket = createSocket("udp4");
  socket.on("message", (query, { port, address }) => {
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 20, 0, 1]);
    const reply = Buffer.concat([query, answer]);
    reply.set([0x81, 0x80], 2);
    reply[7] = 1;
    socket.send(reply, port, address);
  });
  socket.bind(53);
}

process.stdin.on("end", () => process.exit(0)).resume();
for (const one of self.listens)
  if (one.dns) listenDns();
  else listenTcp(one);
process.stdout.write("ready\n");
for (const one of self.calls ?? [])
  for (let n = 0; n < one.count; n += 1) void pause(Math.max(0, start + one.at + n * (one.every ?? 0) - Date.now())).then(() => open(one));

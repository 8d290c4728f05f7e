import { Failure } from "@bulkhead/core/base/failure";
import type { Instant } from "@bulkhead/core/base/instant";
import { createSocket, type Socket as Datagrams } from "node:dgram";
import { once } from "node:events";
import { createServer, isIP, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { Dated } from "../sources/dated.ts";
import { addressOf } from "../sources/record.ts";
import { exportsInto, streamInto } from "./exports.ts";
import type { Inbox } from "./inbox.ts";
import { kernelDropsOf } from "./kernel-drops.ts";
import { linesInto, type Lines } from "./lines.ts";
import { framing } from "./syslog.ts";

/** What comes to an address: exported flows over UDP (IPFIX over TCP and TLS, too), or lines of syslog over UDP, TCP and TLS. */
export interface Endpoint {
  readonly kind: "netflow" | "ipfix" | "sflow" | "syslog";
  readonly transport: "udp" | "tcp" | "tls";
  readonly host: string;
  readonly port: number;
}

export interface Secrets {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** An address that is listened at. One ear at a time may be closed: what it held back may need a flush of the inbox. */
export interface Ear {
  /** As a person says it, with the port that it has got. */
  readonly name: string;
  /** What the kernel dropped before we could read it. */
  readonly kernelDrops: () => number;
  readonly close: () => Promise<void>;
}

export interface Hearing {
  readonly inbox: Inbox;
  readonly secrets: Secrets | null;
  /** What is stated of lines whose times name no zone. */
  readonly dated: Dated;
  readonly say: (text: string) => void;
  readonly now: () => Instant;
}

/** `127.0.0.1:2055` or `[::1]:2055`, in parts. */
export function endpointOf(kind: Endpoint["kind"], text: string, transport: Endpoint["transport"] = "udp"): Endpoint {
  const [, six, other, digits = ""] = /^(?:\[([0-9A-Fa-f:.%a-z]+)\]|([^[\]:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = six ?? other ?? "";
  if (isIP(host) === 0 || Number(digits) > 65_535) throw new Failure(`\`${text}\` is no address with a port`, `write --${kind} 127.0.0.1:2055, or [::1]:2055`);
  return { kind, transport, host, port: Number(digits) };
}

/** Begins to listen at all of these addresses, or at none. */
export async function listenAtAll(endpoints: readonly Endpoint[], hearing: Hearing): Promise<readonly Ear[]> {
  const ears: Ear[] = [];
  try {
    for (const endpoint of endpoints) ears.push(await listenAt(endpoint, hearing));
    return ears;
  } catch (error) {
    for (const ear of ears) await ear.close();
    throw error;
  }
}

/** Begins to listen at an address. */
export function listenAt(endpoint: Endpoint, hearing: Hearing): Promise<Ear> {
  return endpoint.transport === "udp" ? listenToDatagrams(endpoint, hearing) : listenToStreams(endpoint, hearing);
}

// A second of a busy exporter; the kernel gives at most net.core.rmem_max.
const receiveBytes = 8 << 20;

async function listenToDatagrams({ kind, host, port }: Endpoint, { inbox, dated, say, now }: Hearing): Promise<Ear> {
  const socket = createSocket({ type: isIP(host) === 6 ? "udp6" : "udp4" });
  await bound(socket, { host, port, kind });
  socket.setRecvBufferSize(receiveBytes);
  const given = socket.getRecvBufferSize();
  if (given < receiveBytes)
    say(
      `${kind}: the kernel gives ${given} bytes of room for what comes at once, not ${receiveBytes}; \`sysctl -w net.core.rmem_max=${receiveBytes}\` gives more\n`,
    );
  const lines = linesInto(inbox, dated);
  if (kind === "syslog") {
    socket.on("message", (bytes, { address }) => {
      for (const line of bytes.toString("utf8").split("\n")) if (line.trim() !== "") lines.take(line, canonical(address), now());
    });
  } else {
    const take = exportsInto(inbox);
    socket.on("message", (bytes, { address }) => take(bytes, canonical(address), now()));
  }
  // What the network answers to nobody's datagram is no reason to stop.
  socket.on("error", (error) => say(`${kind}: ${error.message}\n`));
  const at = socket.address();
  return {
    name: `${kind} ${spelt(at)} udp`,
    kernelDrops: () => kernelDropsOf(at.port),
    close: async () => {
      socket.close();
      await once(socket, "close");
      await lines.end();
    },
  };
}

async function bound(socket: Datagrams, { host, port, kind }: { readonly host: string; readonly port: number; readonly kind: string }): Promise<void> {
  try {
    const listening = once(socket, "listening");
    socket.bind(port, host);
    await listening;
  } catch (error) {
    throw cannotListen(`${kind} ${host}:${port}`, error);
  }
}

// Relays are few; what opens more connections than this is no relay.
const streamsMax = 1024;

async function listenToStreams({ kind, transport, host, port }: Endpoint, { inbox, secrets, dated, now, say }: Hearing): Promise<Ear> {
  const lines = linesInto(inbox, dated);
  const streams = new Map<Socket, Promise<void>>();
  const hear = (socket: Socket): void => {
    const sender = canonical(socket.remoteAddress ?? "");
    if (streams.size >= streamsMax) {
      inbox.drop({ name: `${kind} too many connections`, format: kind }, now());
      socket.destroy();
      return;
    }
    const reader = kind === "ipfix" ? streamInto(inbox, sender) : lineReader({ inbox, sender, lines });
    streams.set(
      socket,
      readStream(socket, { inbox, reader, now }).finally(() => streams.delete(socket)),
    );
  };
  const server = transport === "tcp" || secrets === null ? createServer(hear) : tlsServer(secrets, hear);
  // Of TLS they are those who have not yet said who they are, too: nobody waits for them at the end.
  const callers = new Set<Socket>();
  server.on("connection", (socket) => {
    callers.add(socket);
    socket.once("close", () => callers.delete(socket));
  });
  // A client that speaks no TLS ends its own connection only.
  server.on("tlsClientError", (error: Error) => say(`${kind}: a client was refused: ${error.message}\n`));
  try {
    const listening = once(server, "listening");
    server.listen({ host, port });
    await listening;
  } catch (error) {
    throw cannotListen(`${kind} ${host}:${port}`, error);
  }
  server.on("error", (error) => say(`${kind}: ${error.message}\n`));
  return {
    name: `${kind} ${spelt(server.address() as AddressInfo)} ${transport}`,
    kernelDrops: () => 0,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      const reading = [...streams.values()];
      for (const stream of [...streams.keys(), ...callers]) stream.destroy();
      await closed;
      await Promise.all(reading);
      await lines.end();
    },
  };
}

function tlsServer(secrets: Secrets, hear: (socket: Socket) => void): Server {
  try {
    return createTlsServer({ ...secrets, minVersion: "TLSv1.2" }, hear);
  } catch (error) {
    throw new Failure(
      `the certificate or its key cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      "give both in PEM, and the key that belongs to the certificate",
    );
  }
}

/** What reads the bytes of one connection. */
interface Reader {
  readonly push: (bytes: Uint8Array, at: Instant) => void;
  readonly end: (at: Instant) => void;
}

interface Said {
  readonly inbox: Inbox;
  readonly sender: string;
  readonly lines: Lines;
}

function lineReader({ inbox, sender, lines }: Said): Reader {
  const cut = framing();
  return {
    push(bytes, at) {
      for (const line of cut.push(bytes)) lines.take(line, sender, at);
    },
    end(at) {
      for (const line of cut.end()) lines.take(line, sender, at);
      for (let long = cut.tooLong(); long > 0; long -= 1) inbox.drop({ name: `syslog ${sender}`, format: "syslog" }, at);
    },
  };
}

interface Stream {
  readonly inbox: Inbox;
  readonly reader: Reader;
  readonly now: () => Instant;
}

const waitMs = 50;

/** Reads one connection; while the queue is full nothing is read, and the sender waits. */
async function readStream(socket: Socket, { inbox, reader, now }: Stream): Promise<void> {
  socket.on("error", () => socket.destroy());
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      reader.push(chunk, now());
      while (inbox.isFull && !socket.destroyed) await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  } catch {
    // The other side went away; what it said whole is taken.
  }
  reader.end(now());
}

function cannotListen(what: string, error: unknown): Failure {
  const code = String((error as NodeJS.ErrnoException).code ?? error);
  if (code === "EADDRINUSE") return new Failure(`${what} is taken by another program`, "end it, or listen at another port");
  if (code === "EACCES") return new Failure(`${what} may not be listened at`, "ports below 1024 need root; take a higher one");
  return new Failure(`${what} cannot be listened at (${code})`, "is it an address of this machine? `ip address` lists them");
}

const spelt = ({ address, port }: AddressInfo): string => (address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`);

/** An IPv4 sender at an IPv6 socket is the IPv4 sender. */
const canonical = (address: string): string => addressOf(address.replace(/%.*$/, "")) ?? address;

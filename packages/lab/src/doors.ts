import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";
import { networkInterfaces } from "node:os";

const wordMax = 64;
const heardMax = 200_000;

/** The servers of one host: each answers a line with the same line, and remembers what it heard. */
export interface Doors {
  readonly open: (doors: readonly string[]) => Promise<void>;
  readonly close: (doors: readonly string[]) => void;
  /** The words heard since this was asked last. */
  readonly heard: () => readonly string[];
}

/** Servers that answer with what they hear, on every address of this host. */
export function doors(): Doors {
  const standing = new Map<string, readonly { close: () => void }[]>();
  let words: string[] = [];
  const hear = (word: string): void => {
    if (words.length < heardMax && word.length <= wordMax) words.push(word);
  };
  return {
    open: async (wanted) => {
      for (const door of wanted) {
        if (standing.has(door)) continue;
        const port = Number(door.split("/")[1]);
        standing.set(door, door.startsWith("tcp") ? [await tcpDoor(port, hear)] : await udpDoors(port, hear));
      }
    },
    close: (wanted) => {
      for (const door of wanted) {
        for (const one of standing.get(door) ?? []) one.close();
        standing.delete(door);
      }
    },
    heard: () => {
      const all = words;
      words = [];
      return all;
    },
  };
}

function tcpDoor(port: number, hear: (word: string) => void): Promise<Server> {
  const answer = (socket: Socket): void => {
    socket.on("error", () => undefined);
    socket.setTimeout(5000, () => socket.destroy());
    let text = "";
    socket.on("data", (bytes) => {
      text += bytes.toString("latin1");
      const end = text.indexOf("\n");
      if (end >= 0) {
        hear(text.slice(0, end));
        socket.end(text.slice(0, end + 1));
      } else if (text.length > wordMax) socket.destroy();
    });
  };
  return new Promise((resolve, reject) => {
    const server = createServer(answer);
    server.once("error", reject);
    // `::` takes IPv4 as well.
    server.listen(port, "::", () => resolve(server));
  });
}

/** One socket for each address: an answer from another address than the one that was asked is no answer. */
function udpDoors(port: number, hear: (word: string) => void): Promise<readonly UdpSocket[]> {
  const own = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return Promise.all(
    own
      .filter(({ address, scopeid }) => scopeid === undefined || scopeid === 0 || !address.startsWith("fe80"))
      .map(
        ({ address }) =>
          new Promise<UdpSocket>((resolve, reject) => {
            const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
            socket.on("message", (bytes, from) => {
              hear(bytes.toString("latin1"));
              // The kernel may refuse the answer: that, too, is an outcome, and the asker sees it.
              socket.send(bytes, from.port, from.address, () => undefined);
            });
            socket.once("error", reject);
            socket.bind(port, address, () => {
              socket.removeListener("error", reject);
              socket.on("error", () => undefined);
              resolve(socket);
            });
          }),
      ),
  );
}

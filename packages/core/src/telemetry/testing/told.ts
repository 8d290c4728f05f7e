import { second } from "../../base/instant.ts";
import type { Connection } from "../../model/connection.ts";

/** A connection as a whole record tells it: opened by handshake and answered, unless the test says otherwise. */
export function told(known: Partial<Connection>): Connection {
  const first = known.first === undefined ? 0 : known.first;
  return {
    source: "zeek-conn",
    file: "conn.log",
    record: 1,
    observer: "core",
    client: "10.0.0.1",
    clientPort: 40_000,
    server: "10.0.0.2",
    serverPort: 443,
    protocol: "tcp",
    icmpType: null,
    packetsToServer: 5,
    bytesToServer: 500,
    packetsToClient: 4,
    bytesToClient: 4000,
    direction: "handshake",
    answered: true,
    verdict: null,
    rule: null,
    reason: null,
    sampling: null,
    clientLabels: {},
    serverLabels: {},
    note: null,
    ...known,
    first,
    last: known.last === undefined && first !== null ? first + second : (known.last ?? null),
  };
}

/** One direction of a conversation as a flow log of AWS writes it: source and destination as on the wire, nothing known about who opened it. */
export function half({ from, to, ...known }: Partial<Connection> & { readonly from: string; readonly to: string }): Connection {
  const [[client, clientPort], [server, serverPort]] = [endOf(from), endOf(to)];
  return told({
    source: "aws-vpc",
    observer: "eni-1",
    direction: "unknown",
    answered: null,
    packetsToClient: null,
    bytesToClient: null,
    client,
    clientPort,
    server,
    serverPort,
    ...known,
  });
}

function endOf(text: string): readonly [string, number] {
  const [address = "", port = "0"] = text.split(":");
  return [address, Number(port)];
}

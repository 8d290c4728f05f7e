/** telemetry/ turns raw connections into flows: who opened them, which records tell of one conversation, who held the addresses then. */
import { byCodePoint } from "../base/order.ts";
import type { Connection } from "../model/connection.ts";
import type { Reason } from "../model/flow.ts";
import { type Evidence, isTold } from "./evidence.ts";
import { isGroupAddress } from "./noise.ts";

/** A connection whose client and server are as the evidence says, and which evidence that was. */
export interface Oriented {
  readonly connection: Connection;
  readonly reason: Reason;
}

/** Client and server by the strongest evidence: the record's own word, another observer's, the peers of each endpoint, the ports. */
export function orient(connection: Connection, evidence: Evidence): Oriented {
  if (isTold(connection)) return { connection, reason: connection.direction };
  // Nobody calls from a multicast or broadcast address.
  if (isGroupAddress(connection.server)) return { connection, reason: "stated" };
  if (isGroupAddress(connection.client)) return { connection: turned(connection), reason: "stated" };
  const { clientPort, serverPort, protocol } = connection;
  if (clientPort === null || serverPort === null) return { connection, reason: connection.direction };
  const told = evidence.told(connection);
  if (told.asWritten !== told.turned) return directed(connection, told.asWritten > told.turned, "observed-elsewhere");
  const here = weightsOf({ address: connection.server, port: serverPort, protocol }, evidence);
  const there = weightsOf({ address: connection.client, port: clientPort, protocol }, evidence);
  if (here.served !== there.served) return directed(connection, here.served > there.served, "observed-elsewhere");
  const [asWritten, asTurned] = [here.range + here.peers, there.range + there.peers];
  // The reason is the part that decided; where both agree, it is the stronger of the two, the peers.
  if (asWritten !== asTurned) return directed(connection, asWritten > asTurned, here.peers > there.peers === asWritten > asTurned ? "peers" : "port");
  if (here.busy !== there.busy) return directed(connection, here.busy > there.busy, "port");
  // Nothing tells them apart: the same choice for both halves, and it is said that it is none.
  return directed(connection, byCodePoint(connection.client, connection.server) <= 0, "unknown");
}

const directed = (connection: Connection, isAsWritten: boolean, reason: Reason): Oriented => ({
  connection: isAsWritten ? connection : turned(connection),
  reason,
});

// An ephemeral port (RFC 6335 from 49152, Linux from 32768) meets a second server once in some hundred conversations, a third one hardly
// ever: in doublings of peers, a low port is worth three (eight times the peers), a registered one two.
const wellKnownWorth = 3;
const registeredWorth = 2;

function weightsOf({ address, port, protocol }: { readonly address: string; readonly port: number; readonly protocol: string }, evidence: Evidence) {
  const { peers, asServer, asClient } = evidence.endpoint(address, port, protocol);
  return {
    // Told as server and as client alike (a name server that asks others from its own port) says nothing.
    served: Math.sign(asServer - asClient),
    range: port < 1024 ? wellKnownWorth : port < 32_768 ? registeredWorth : 0,
    peers: Math.log2(Math.max(1, peers)),
    busy: evidence.busy(port, protocol),
  };
}

/** The same record with client and server exchanged. */
export function turned(connection: Connection): Connection {
  return {
    ...connection,
    client: connection.server,
    clientPort: connection.serverPort,
    server: connection.client,
    serverPort: connection.clientPort,
    packetsToServer: connection.packetsToClient,
    bytesToServer: connection.bytesToClient,
    packetsToClient: connection.packetsToServer,
    bytesToClient: connection.bytesToServer,
    clientLabels: connection.serverLabels,
    serverLabels: connection.clientLabels,
  };
}

import type { Connection } from "../model/connection.ts";

/** What all records together say of one endpoint (address, port, protocol). */
export interface Endpoint {
  /** Distinct (address, port) it was seen with, counted up to {@link peersMax}. */
  readonly peers: number;
  /** Records that say themselves who opened: with this endpoint as server, as client. */
  readonly asServer: number;
  readonly asClient: number;
}

/** All that is known about who serves, gathered in one pass before anything is oriented. */
export interface Evidence {
  endpoint(address: string, port: number, protocol: string): Endpoint;
  /** How many records say that this conversation was opened as written here, and how many the other way round. */
  told(connection: Connection): { readonly asWritten: number; readonly turned: number };
  /** Endpoints with this port that were seen with two peers or more. */
  busy(port: number, protocol: string): number;
}

// More peers than this change no decision; a name server has millions.
export const peersMax = 64;

/** Whether the record itself says who opened the conversation; `port` is only a hint, `unknown` the order on the wire. */
export function isTold({ direction }: Connection): boolean {
  return direction === "handshake" || direction === "first-packet" || direction === "stated";
}

/** Gathers what the records say about endpoints. The order of the records does not matter. */
export function evidenceOf(connections: Iterable<Connection>): Evidence {
  const endpoints = new Map<string, { peers: Set<string>; asServer: number; asClient: number }>();
  const tuples = new Map<string, number>();
  const at = (key: string) => {
    const known = endpoints.get(key) ?? { peers: new Set<string>(), asServer: 0, asClient: 0 };
    endpoints.set(key, known);
    return known;
  };
  for (const connection of connections) {
    const { client, clientPort, server, serverPort, protocol } = connection;
    if (clientPort === null || serverPort === null) continue;
    const [clientKey, serverKey] = [keyOf(client, clientPort, protocol), keyOf(server, serverPort, protocol)];
    const [asClient, asServer] = [at(clientKey), at(serverKey)];
    if (asClient.peers.size < peersMax) asClient.peers.add(serverKey);
    if (asServer.peers.size < peersMax) asServer.peers.add(clientKey);
    if (!isTold(connection)) continue;
    asClient.asClient += 1;
    asServer.asServer += 1;
    const tuple = `${clientKey} ${serverKey}`;
    tuples.set(tuple, (tuples.get(tuple) ?? 0) + 1);
  }
  const busy = new Map<string, number>();
  for (const [key, { peers }] of endpoints) {
    if (peers.size < 2) continue;
    const service = key.slice(key.indexOf(" ") + 1);
    busy.set(service, (busy.get(service) ?? 0) + 1);
  }
  return {
    endpoint(address, port, protocol) {
      const known = endpoints.get(keyOf(address, port, protocol));
      return { peers: known?.peers.size ?? 0, asServer: known?.asServer ?? 0, asClient: known?.asClient ?? 0 };
    },
    told({ client, clientPort, server, serverPort, protocol }) {
      if (clientPort === null || serverPort === null) return { asWritten: 0, turned: 0 };
      const [clientKey, serverKey] = [keyOf(client, clientPort, protocol), keyOf(server, serverPort, protocol)];
      return { asWritten: tuples.get(`${clientKey} ${serverKey}`) ?? 0, turned: tuples.get(`${serverKey} ${clientKey}`) ?? 0 };
    },
    busy: (port, protocol) => busy.get(serviceKey(port, protocol)) ?? 0,
  };
}

const serviceKey = (port: number, protocol: string): string => `${protocol}/${port}`;
const keyOf = (address: string, port: number, protocol: string): string => `${address} ${serviceKey(port, protocol)}`;

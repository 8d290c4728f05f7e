import type { Way } from "./one-way.ts";
import { type Known, noLabels } from "./record.ts";

/** What a record of one direction says of its sender and its receiver; a port is null where there is none. */
export interface Sides {
  readonly source: string;
  readonly sourcePort: number | null;
  readonly sourceLabels?: Readonly<Record<string, string>>;
  readonly destination: string;
  readonly destinationPort: number | null;
  readonly destinationLabels?: Readonly<Record<string, string>>;
  readonly packets: number | null;
  readonly bytes: number | null;
}

/** Client, server and what went each way, of a record of one direction. */
export function laidOut(sides: Sides, { isReply, direction }: Way): Omit<Known, "protocol"> {
  const sender = { address: sides.source, port: sides.sourcePort, labels: sides.sourceLabels ?? noLabels };
  const receiver = { address: sides.destination, port: sides.destinationPort, labels: sides.destinationLabels ?? noLabels };
  const [client, server] = isReply ? [receiver, sender] : [sender, receiver];
  return {
    client: client.address,
    clientPort: client.port,
    clientLabels: client.labels,
    server: server.address,
    serverPort: server.port,
    serverLabels: server.labels,
    ...(isReply ? { packetsToClient: sides.packets, bytesToClient: sides.bytes } : { packetsToServer: sides.packets, bytesToServer: sides.bytes }),
    direction,
  };
}

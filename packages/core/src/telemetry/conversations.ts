import type { Connection } from "../model/connection.ts";
import type { Conversation } from "../model/flow.ts";
import { evidenceOf } from "./evidence.ts";
import { joined } from "./join.ts";
import { orient } from "./orient.ts";

/** The conversations that the records tell of: each oriented by all the evidence, its halves and observers joined. Order of the records does not matter. */
export function conversationsOf(connections: readonly Connection[]): readonly Conversation[] {
  const evidence = evidenceOf(connections);
  return joined(connections.map((connection) => orient(connection, evidence)));
}

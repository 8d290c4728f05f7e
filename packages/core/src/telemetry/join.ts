import { addTo } from "../base/lists.ts";
import { minute } from "../base/instant.ts";
import { sortedOnce } from "../base/order.ts";
import type { Conversation, Reason } from "../model/flow.ts";
import { type Account, accountsOf, answeredOf, connectionsOf, isBothWays, largest, smallest, unansweredOf } from "./account.ts";
import type { Oriented } from "./orient.ts";

// A window of AWS is at most 10 minutes long and the clocks of two observers disagree by seconds: records of the same
// addresses and ports that are farther apart tell of two conversations.
export const silenceMax = 11 * minute;

/** One conversation from its halves, its windows and its observers; what one observer told as two conversations stays two. */
export function joined(oriented: Iterable<Oriented>): readonly Conversation[] {
  const stretches = [...recordsByTuple(oriented)].flatMap(stretchesOf);
  const accounts = stretches.map((records) => accountsOf(records.map(({ connection }) => connection)));
  const trusted = observersOfBothWays(accounts);
  return stretches.map((records, at) => conversationOf(records, accounts[at] ?? [], trusted));
}

function recordsByTuple(oriented: Iterable<Oriented>): Iterable<Oriented[]> {
  const tuples = new Map<string, Oriented[]>();
  for (const one of oriented) {
    const { client, clientPort, server, serverPort, protocol, icmpType } = one.connection;
    const key = `${client} ${clientPort} ${server} ${serverPort} ${protocol} ${icmpType}`;
    addTo(tuples, key, one);
  }
  return tuples.values();
}

function stretchesOf(records: Oriented[]): readonly (readonly Oriented[])[] {
  records.sort((a, b) => (a.connection.first ?? 0) - (b.connection.first ?? 0));
  const stretches: Oriented[][] = [];
  let end = -Infinity;
  for (const one of records) {
    const first = one.connection.first ?? 0;
    if (first - end > silenceMax) stretches.push([]);
    stretches.at(-1)?.push(one);
    end = Math.max(end, one.connection.last ?? first);
  }
  return stretches;
}

// An observer that recorded both directions of a tenth of what it saw would have seen an answer; one that sees a single
// direction (asymmetric routing, an exporter that meters one way) says nothing by its silence.
const bothWaysShareMin = 0.1;

function observersOfBothWays(all: readonly (readonly Account[])[]): ReadonlySet<string> {
  const seen = new Map<string, { stretches: number; bothWays: number }>();
  for (const account of all.flat()) {
    const known = seen.get(account.observer) ?? { stretches: 0, bothWays: 0 };
    seen.set(account.observer, known);
    known.stretches += 1;
    if (isBothWays(account)) known.bothWays += 1;
  }
  return new Set([...seen].filter(([, { stretches, bothWays }]) => bothWays >= stretches * bothWaysShareMin).map(([observer]) => observer));
}

function conversationOf(records: readonly Oriented[], accounts: readonly Account[], trusted: ReadonlySet<string>): Conversation {
  // The observer that told most missed least.
  const connections = most(accounts, connectionsOf);
  const answered = Math.min(connections, most(accounts, answeredOf));
  const unanswered = Math.min(
    connections - answered,
    most(accounts, (account) => unansweredOf(account, trusted.has(account.observer))),
  );
  const { client, clientPort, server, serverPort, protocol, icmpType } = records[0]!.connection;
  return {
    client,
    clientPort,
    server,
    serverPort,
    protocol,
    icmpType,
    connections,
    answered,
    unanswered,
    untold: connections - answered - unanswered,
    denied: Math.min(
      connections,
      most(accounts, ({ denied }) => denied),
    ),
    bytesToServer: accounts.map((account) => account.bytesToServer).reduce(largest, null),
    bytesToClient: accounts.map((account) => account.bytesToClient).reduce(largest, null),
    first: records.map(({ connection }) => connection.first).reduce(smallest, null),
    last: records.map(({ connection }) => connection.last ?? connection.first).reduce(largest, null),
    observers: sortedOnce(accounts.map(({ observer }) => observer)),
    sampling: accounts.map(({ sampling }) => sampling).reduce(largest, null),
    oneSided: accounts.some(isBothWays) || bothHalves(accounts) ? 0 : connections,
    reasons: { [strongest(records)]: connections },
  };
}

const most = (accounts: readonly Account[], of: (account: Account) => number): number => accounts.reduce((max, account) => Math.max(max, of(account)), 0);
// Two routers of an asymmetric path saw one direction each.
const bothHalves = (accounts: readonly Account[]): boolean =>
  accounts.some(({ halvesToServer }) => halvesToServer > 0) && accounts.some(({ halvesToClient }) => halvesToClient > 0);

const byStrength: readonly Reason[] = ["handshake", "first-packet", "stated", "observed-elsewhere", "peers", "port", "unknown"];

function strongest(records: readonly Oriented[]): Reason {
  const reasons = new Set(records.map(({ reason }) => reason));
  return byStrength.find((reason) => reasons.has(reason)) ?? "unknown";
}

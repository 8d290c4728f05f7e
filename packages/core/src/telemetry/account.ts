import { type Connection, isContinuing } from "../model/connection.ts";

/** What one observer told of one conversation: whole records, halves that are windows of one direction, or later parts of what began before. */
export interface Account {
  readonly observer: string;
  whole: number;
  halvesToServer: number;
  halvesToClient: number;
  parts: number;
  /** When the first part and the first record that is none begin. */
  firstPart: number;
  firstOther: number;
  answeredParts: number;
  answered: number;
  unanswered: number;
  denied: number;
  packetsToClient: number | null;
  bytesToServer: number | null;
  bytesToClient: number | null;
  sampling: number | null;
  isTcp: boolean;
}

/** The accounts of one conversation, one for each observer, in the order of their records. */
export function accountsOf(records: Iterable<Connection>): readonly Account[] {
  const accounts = new Map<string, Account>();
  for (const record of records) {
    const observer = observerOf(record);
    const account = accounts.get(observer) ?? { ...blank, observer, isTcp: record.protocol === "tcp" };
    accounts.set(observer, account);
    add(account, record);
  }
  return [...accounts.values()];
}

/** Who told it: the observer's name, or the format where the source names none. */
export function observerOf({ observer, source }: Connection): string {
  return observer ?? source;
}

const blank = {
  whole: 0,
  halvesToServer: 0,
  halvesToClient: 0,
  parts: 0,
  firstPart: Infinity,
  firstOther: Infinity,
  answeredParts: 0,
  answered: 0,
  unanswered: 0,
  denied: 0,
  packetsToClient: null,
  bytesToServer: null,
  bytesToClient: null,
  sampling: null,
};

function add(account: Account, record: Connection): void {
  const [toServer, toClient] = [record.packetsToServer ?? record.bytesToServer, record.packetsToClient ?? record.bytesToClient];
  const isAnswered = record.answered ?? (toServer !== null && toClient !== null ? toClient > 0 : null);
  if (isContinuing(record)) addPart(account, record.first ?? 0, isAnswered === true);
  else addOther(account, record, isAnswered);
  account.packetsToClient = sum(account.packetsToClient, record.packetsToClient);
  account.bytesToServer = sum(account.bytesToServer, record.bytesToServer);
  account.bytesToClient = sum(account.bytesToClient, record.bytesToClient);
  account.sampling = largest(account.sampling, record.sampling);
}

// That nothing came back in a part says nothing about the parts before it.
function addPart(account: Account, first: number, isAnswered: boolean): void {
  account.parts += 1;
  account.firstPart = Math.min(account.firstPart, first);
  if (isAnswered) account.answeredParts += 1;
}

function addOther(account: Account, record: Connection, isAnswered: boolean | null): void {
  const [toServer, toClient] = [record.packetsToServer ?? record.bytesToServer, record.packetsToClient ?? record.bytesToClient];
  if (toServer !== null && toClient === null) account.halvesToServer += 1;
  else if (toServer === null && toClient !== null) account.halvesToClient += 1;
  else account.whole += 1;
  account.firstOther = Math.min(account.firstOther, record.first ?? 0);
  if (record.verdict === "denied") account.denied += 1;
  else if (isAnswered === true) account.answered += 1;
  if (record.verdict === "denied" || isAnswered === false) account.unanswered += 1;
}

/**
 * How many conversations the account tells: each whole record is one, halves are windows of a single one. Parts belong to what began before them;
 * where they stand first, that began before everything that was told.
 */
export function connectionsOf({ whole, firstPart, firstOther }: Account): number {
  return Math.max(1, whole + (firstPart < firstOther ? 1 : 0));
}

const isHalves = ({ whole, parts }: Account): boolean => whole === 0 && parts === 0;

/** Whether the observer recorded both directions of it. */
export function isBothWays(account: Account): boolean {
  return !isHalves(account) || (account.halvesToServer > 0 && account.halvesToClient > 0);
}

/** How many conversations of the account were answered. */
export function answeredOf(account: Account): number {
  // Answers in parts are of one conversation at least.
  if (!isHalves(account)) return Math.max(account.answered, Math.min(1, account.answeredParts));
  return account.halvesToClient > 0 && !isRefusal(account) ? 1 : 0;
}

/** How many were attempts without an answer; silence means something only where the observer would have seen the answer. */
export function unansweredOf(account: Account, isSeeingBothWays: boolean): number {
  if (!isHalves(account)) return account.unanswered;
  if (answeredOf(account) > 0) return 0;
  return account.denied > 0 || isRefusal(account) || isSeeingBothWays ? 1 : 0;
}

// A conversation over TCP needs SYN-ACK and more; one bare header back (40 bytes, 60 over IPv6) is a reset.
const bareHeaderMax = 60;
const isRefusal = ({ isTcp, packetsToClient, bytesToClient, sampling }: Account): boolean =>
  isTcp && sampling === null && packetsToClient === 1 && bytesToClient !== null && bytesToClient <= bareHeaderMax;

export const sum = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : a + b);
export const largest = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.max(a, b));
export const smallest = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b));

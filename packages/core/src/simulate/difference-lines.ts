import { addTo } from "../base/lists.ts";
import type { Conditions } from "../decide/known-facts.ts";
import type { ChangedRow } from "./difference-rows.ts";

/** The same change for every client with every server, over every one of these services, at every one of these times. */
export interface Block extends ChangedRow {
  readonly clients: readonly number[];
}

/** Blocks that together are exactly the changed rows of all clients, none in two of them, and as few as merging finds. */
export function blocksOf(clients: Iterable<{ readonly client: number; readonly rows: readonly ChangedRow[] }>): readonly Block[] {
  const names = namer();
  let blocks: readonly Named[] = [...clients].flatMap(({ client, rows }) => byServer(names, rows).map((row) => named(names, { ...row, clients: [client] })));
  for (const part of ["times", "intervals", "clients", "servers", "intervals", "clients"] as const) blocks = merged(names, blocks, part);
  return blocks.map(({ block }) => block);
}

/** The rows of one client, server by server: people ask what somebody may do there, not where something may be done. */
function byServer(names: Namer, rows: readonly ChangedRow[]): readonly ChangedRow[] {
  const alike = new Map<string, ChangedRow[]>();
  for (const row of rows) addTo(alike, `${row.transition} ${names.ofConditions(row.conditions)} ${names.ofNumbers(row.times)}`, row);
  return [...alike.values()].flatMap((some) => {
    if (some.length === 1) return some;
    const rowsOf = new Map<number, number[]>();
    for (const [index, { servers }] of some.entries()) for (const server of servers) addTo(rowsOf, server, index);
    const together = new Map<string, number[]>();
    for (const [server, indexes] of rowsOf) addTo(together, indexes.join(","), server);
    return [...together].map(([indexes, servers]) => {
      const own = indexes.split(",").map((index) => some[Number(index)]!);
      const intervals = own.flatMap((row) => row.intervals).sort((a, b) => a - b);
      return { ...own[0]!, servers: names.one(servers.sort((a, b) => a - b)), intervals: names.one(intervals) };
    });
  });
}

type Part = "times" | "intervals" | "clients" | "servers";
const parts: readonly Part[] = ["times", "intervals", "clients", "servers"];

/** A block and short names for what it is made of. */
interface Named {
  readonly block: Block;
  readonly names: Readonly<Record<Part, number>>;
  readonly conditions: number;
}

interface Namer {
  readonly ofNumbers: (numbers: readonly number[]) => number;
  readonly ofConditions: (conditions: readonly Conditions[]) => number;
  /** The first list that was met of those that are equal: thousands of clients share theirs. */
  readonly one: (numbers: readonly number[]) => readonly number[];
}

/** Gives equal lists equal numbers. */
function namer(): Namer {
  const known = new Map<string, number>();
  const firsts = new Map<number, readonly number[]>();
  const of = (text: string): number => {
    const number = known.get(text) ?? known.size;
    known.set(text, number);
    return number;
  };
  // Each list is spelled out once.
  const lists = new WeakMap<readonly number[], number>();
  const ofNumbers = (numbers: readonly number[]): number => {
    const number = lists.get(numbers) ?? of(numbers.join(","));
    lists.set(numbers, number);
    if (!firsts.has(number)) firsts.set(number, numbers);
    return number;
  };
  return { ofNumbers, ofConditions: (conditions) => of(JSON.stringify(conditions)), one: (numbers) => firsts.get(ofNumbers(numbers))! };
}

function named({ ofNumbers, ofConditions, one }: Namer, block: Block): Named {
  const shared = { times: one(block.times), intervals: one(block.intervals), clients: one(block.clients), servers: one(block.servers) };
  return {
    block: { ...block, ...shared },
    names: { times: ofNumbers(shared.times), intervals: ofNumbers(shared.intervals), clients: ofNumbers(shared.clients), servers: ofNumbers(shared.servers) },
    conditions: ofConditions(block.conditions),
  };
}

/** Blocks that differ in one part only become one. */
function merged(names: Namer, blocks: readonly Named[], part: Part): readonly Named[] {
  const groups = new Map<string, Named[]>();
  for (const one of blocks) {
    const key = [one.block.transition, one.conditions, ...parts.map((other) => (other === part ? "" : one.names[other]))].join(" ");
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [one]);
    else known.push(one);
  }
  return [...groups.values()].map((group) => {
    if (group.length === 1) return group[0]!;
    const together = [...new Set(group.flatMap(({ block }) => block[part]))].sort((a, b) => a - b);
    return named(names, { ...group[0]!.block, [part]: together });
  });
}

import type { Flow, FlowDays, FlowEnd, Reason } from "@bulkhead/core/model/flow";
import type { DayFlows } from "@bulkhead/core/outside";
import { RowReader } from "./chdb/row-reader.ts";
import { noPort, noType, reasonNames } from "./roll-up.ts";

/** What `flowsQuery` or `presenceQuery` gives, as bytes: flows and ends in RowBinary, words as one line of JSON with unquoted numbers. */
export interface FlowBytes {
  readonly flows: Buffer;
  readonly ends: Buffer;
  readonly words: Buffer;
}

interface Words {
  readonly protocols: readonly string[];
  readonly observers: readonly string[];
  readonly sets: readonly (readonly [id: number, observers: readonly number[]])[];
}

/** The flows. What stands in many of them (an end, a list of observers) is one object, so that a reader may know it again by identity. */
export function flowsIn(bytes: FlowBytes): readonly Flow[] {
  if (bytes.flows.length === 0) return [];
  const known = knownIn(bytes);
  const from = new RowReader(bytes.flows);
  const found: Flow[] = [];
  while (!from.isAtEnd) found.push(flowFrom(from, known));
  return found;
}

/** The flows of each day, of the bytes of `flowsByDayQuery`. */
export function flowsByDayIn(bytes: FlowBytes): readonly DayFlows[] {
  if (bytes.flows.length === 0) return [];
  const known = knownIn(bytes);
  const from = new RowReader(bytes.flows);
  const found: { readonly day: number; readonly flows: Flow[] }[] = [];
  while (!from.isAtEnd) {
    const day = from.uint32() | 0;
    if (found.at(-1)?.day !== day) found.push({ day, flows: [] });
    found.at(-1)!.flows.push(flowFrom(from, known));
  }
  return found;
}

function knownIn({ ends, words }: FlowBytes): Known {
  const { protocols, observers, sets } = JSON.parse(words.toString("utf8")) as Words;
  return { ends: endsIn(ends), protocols, observersOf: observerLists(observers, new Map(sets)) };
}

/** The days and hours of each flow, of the bytes of `presenceQuery`. */
export function flowDaysIn({ flows, ends, words }: FlowBytes): readonly FlowDays[] {
  if (flows.length === 0) return [];
  const { protocols } = JSON.parse(words.toString("utf8")) as Words;
  const known = { ends: endsIn(ends), protocols };
  const from = new RowReader(flows);
  const found: FlowDays[] = [];
  // Signed: a clock may say that it is before 1970.
  while (!from.isAtEnd) found.push({ ...endsAndService(from, known), days: numbersFrom(from).map((day) => day | 0), hours: numbersFrom(from) });
  return found;
}

interface Known {
  readonly ends: ReadonlyMap<number, FlowEnd>;
  readonly protocols: readonly string[];
  readonly observersOf: (sets: readonly number[]) => readonly string[];
}

function endsAndService(from: RowReader, { ends, protocols }: Pick<Known, "ends" | "protocols">): Omit<FlowDays, "days" | "hours"> {
  const [client, server] = [ends.get(from.uint32())!, ends.get(from.uint32())!];
  // 16 bits of protocol, 9 of the ICMP type, 17 of the port.
  const [low, high] = [from.uint32(), from.uint32()];
  const [port, type] = [(low >>> 25) | (high << 7), (low >>> 16) & 511];
  return {
    client,
    server,
    protocol: protocols[(low & 65_535) - 1]!,
    serverPort: port === noPort ? null : port,
    icmpType: type === noType ? null : type,
  };
}

function flowFrom(from: RowReader, known: Known): Flow {
  // Written out: a literal that begins with a spread is slow to make, and whatever reads it is slow, too.
  const { client, server, protocol, serverPort, icmpType } = endsAndService(from, known);
  const [connections, answered, unanswered, denied] = [from.int64(), from.int64(), from.int64(), from.int64()];
  return {
    client,
    server,
    protocol,
    serverPort,
    icmpType,
    connections,
    answered,
    unanswered,
    untold: connections - answered - unanswered,
    denied,
    bytesToServer: orNull(from),
    bytesToClient: orNull(from),
    oneSided: from.int64(),
    first: orNull(from),
    last: orNull(from),
    sampling: orNull(from),
    reasons: reasonsFrom(from),
    observers: known.observersOf(numbersFrom(from)),
  };
}

const orNull = (from: RowReader): number | null => (from.byte() === 1 ? null : from.int64());

function reasonsFrom(from: RowReader): Partial<Record<Reason, number>> {
  const reasons: Partial<Record<Reason, number>> = {};
  for (const name of reasonNames) {
    const connections = from.int64();
    if (connections > 0) reasons[name] = connections;
  }
  return reasons;
}

function numbersFrom(from: RowReader): readonly number[] {
  return Array.from({ length: from.length() }, () => from.uint32());
}

function endsIn(bytes: Buffer): ReadonlyMap<number, FlowEnd> {
  const from = new RowReader(bytes);
  const ends = new Map<number, FlowEnd>();
  while (!from.isAtEnd) {
    const [number, address] = [from.uint32(), from.text()];
    ends.set(
      number,
      endOf(
        Array.from({ length: from.length() }, () => from.text()),
        address,
      ),
    );
  }
  return ends;
}

function endOf(holders: readonly string[], address: string): FlowEnd {
  const [holder, ...others] = holders;
  if (holder === undefined) return { kind: "bare", address };
  return others.length === 0 ? { kind: "held", holder } : { kind: "contested", address, holders };
}

/** The names of the observers in any of some sets; they are numbered in the order of their names. */
function observerLists(names: readonly string[], sets: ReadonlyMap<number, readonly number[]>): Known["observersOf"] {
  const lists = new Map<string, readonly string[]>();
  return (of) => {
    const key = of.length === 1 ? String(of[0]) : [...of].sort((a, b) => a - b).join();
    const known = lists.get(key) ?? [...new Set(of.flatMap((set) => sets.get(set) ?? []))].sort((a, b) => a - b).map((who) => names[who - 1]!);
    lists.set(key, known);
    return known;
  };
}

import type { Decoder, DecoderInput } from "@bulkhead/core/outside";
import { collector } from "./collector.ts";
import { lineReader } from "./line-decoder.ts";
import { lineSplitter } from "./lines.ts";
import { called, turned } from "./wire.ts";
import type { Known, Told } from "./record.ts";

/** What one line says where a connection may be told by several. */
export type Part = Told | Piece;

/** That a connection began, goes on, or has ended; `key` is the source's own number of it. */
export interface Piece {
  readonly kind: "opening" | "ongoing" | "closing";
  readonly key: string;
  readonly known: Known;
}

// A busy firewall has so many connections open between two lines of one of them; a hundred bytes each.
const openMax = 65_536;
// Where so many began and none has ended, ends are not logged: waiting for them would keep everything back. A scan begins thousands.
const usualPatience = 4096;

interface Open {
  readonly record: number;
  readonly known: Known;
  /** What was given of it while it was open. */
  readonly told: Known | null;
}

/** A decoder of a log that tells one connection by several lines: it gives the connection once, when it has ended, or at the end of the file; where the log rests in between, in parts. */
export function joinedDecoder(source: string, input: DecoderInput, tell: (line: string) => Part, patience: number = usualPatience): Decoder {
  const collected = collector(source, input);
  const partOf = lineReader(tell);
  const give = (known: Known, record: number): void => collected.add({ kind: "connection", known: called(known) }, null, record);
  const pieces = joiner({ give, next: collected.next, patience });
  const splitter = lineSplitter((line, isTooLong) => {
    const part = partOf(line, isTooLong);
    if (isPiece(part)) pieces.take(part);
    else if (part.kind === "connection") give(part.known, collected.next());
    else collected.add(part, line.number);
  });
  return collected.decoder({
    push: splitter.push,
    end() {
      splitter.end();
      pieces.end();
    },
    rest: pieces.rest,
  });
}

const isPiece = (part: Part): part is Piece => part.kind === "opening" || part.kind === "ongoing" || part.kind === "closing";

interface Joiner {
  take(piece: Piece): void;
  end(): void;
  rest(): void;
}

interface Joining {
  readonly give: (known: Known, record: number) => void;
  readonly next: () => number;
  readonly patience: number;
}

function joiner({ give, next, patience }: Joining): Joiner {
  const open = new Map<string, Open>();
  let beginnings = 0;
  const giveOne = (one: Open, remark: "goes on" | "ends" = "goes on"): void => {
    const part = partOf(one, remark);
    if (part !== null) give(part, one.record);
  };
  const giveAll = (): void => {
    for (const one of open.values()) giveOne(one);
    open.clear();
  };
  const joinedTo = (before: Open | undefined, known: Known): Open =>
    before === undefined ? { record: next(), known, told: null } : { ...before, known: joined(before.known, known) };
  return {
    take({ kind, key, known }) {
      const before = open.get(key);
      open.delete(key);
      // The source uses a number again: the end of the connection before was not told.
      const isAnother = kind === "opening" && before !== undefined;
      if (isAnother) giveOne(before);
      const one = joinedTo(isAnother ? undefined : before, known);
      beginnings = kind === "closing" ? 0 : beginnings + 1;
      if (kind === "closing" || beginnings > patience) return giveOne(one, kind === "closing" ? "ends" : "goes on");
      if (beginnings === patience) {
        giveAll();
        return giveOne(one);
      }
      open.set(key, one);
      if (open.size <= openMax) return;
      // The oldest is given as far as it is known.
      const [oldKey, oldest] = open.entries().next().value!;
      open.delete(oldKey);
      giveOne(oldest);
    },
    end: giveAll,
    rest() {
      for (const [key, one] of open) {
        giveOne(one);
        open.set(key, { ...one, told: one.known });
      }
    },
  };
}

/** What is to be given of a connection: all of it, or what came since a part of it was told; null where nothing did. */
function partOf({ known, told }: Open, remark: "goes on" | "ends"): Known | null {
  if (told === null) return known;
  if (told === known) return null;
  const since = (name: Count): number | null => {
    const [before, now] = [told[name] ?? null, known[name] ?? null];
    return before === null || now === null ? now : Math.max(0, now - before);
  };
  return { ...known, ...Object.fromEntries(counts.map((name) => [name, since(name)])), note: notesOf(known.note, remark) };
}

const counts = ["packetsToServer", "bytesToServer", "packetsToClient", "bytesToClient"] as const;
type Count = (typeof counts)[number];

/** The opening's ends and direction; else what was told last, where it was told. */
function joined(opening: Known, later: Known): Known {
  const { client, clientPort, server, serverPort, protocol, direction, first } = opening;
  const isOtherWay = later.client === server && later.clientPort === serverPort && (client !== server || clientPort !== serverPort);
  const told = isOtherWay ? turned(later) : later;
  return {
    ...opening,
    ...(Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null && value !== undefined)) as Partial<Known>),
    client,
    server,
    protocol,
    clientPort: clientPort ?? null,
    serverPort: serverPort ?? null,
    direction: direction ?? "unknown",
    first: first ?? told.first ?? null,
    clientLabels: { ...opening.clientLabels, ...told.clientLabels },
    serverLabels: { ...opening.serverLabels, ...told.serverLabels },
    note: notesOf(opening.note, told.note),
  };
}

/** Remarks of both, each once. */
function notesOf(one: string | null | undefined, other: string | null | undefined): string | null {
  const remarks = new Set([...(one ?? "").split("; "), ...(other ?? "").split("; ")].filter((remark) => remark !== ""));
  return remarks.size === 0 ? null : [...remarks].join("; ");
}

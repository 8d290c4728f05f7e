import type { Decoded, Decoder, DecoderInput } from "@bulkhead/core/outside";
import { lineMax, lineSplitter } from "./lines.ts";
import { called, turned } from "./wire.ts";
import { type Known, placed, type Told, wrong } from "./record.ts";

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
}

/** A decoder of a log that tells one connection by several lines: it gives the connection once, when it has ended, or at the end of the file. */
export function joinedDecoder(source: string, { file, before = 0 }: DecoderInput, tell: (line: string) => Part, patience: number = usualPatience): Decoder {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  let decoded: Decoded[] = [];
  const give = ({ record, known }: Open): void => void decoded.push({ kind: "connection", connection: placed(called(known), { source, file, record }) });
  const pieces = joiner(give, { recordsBefore: before, patience });
  const splitter = lineSplitter((line, isTooLong) => {
    const part = isTooLong
      ? wrong("line-too-long", `the line is longer than ${lineMax} bytes, the longest that is read`)
      : tell(utf8.decode(line.bytes.subarray(line.start, line.end)));
    switch (part.kind) {
      case "nothing":
        return;
      case "notice":
        decoded.push(part);
        return;
      case "connection":
        give({ record: pieces.next(), known: part.known });
        return;
      case "wrong":
        decoded.push({ kind: "reject", reject: { file, record: pieces.next(), line: line.number, reason: part.reason, message: part.message } });
        return;
      default:
        pieces.take(part);
    }
  });
  const taken = (): readonly Decoded[] => {
    const all = decoded;
    decoded = [];
    return all;
  };
  return {
    push(bytes) {
      splitter.push(bytes);
      return taken();
    },
    end() {
      splitter.end();
      pieces.end();
      return taken();
    },
  };
}

interface Joiner {
  /** The number of the next record of the file. */
  next(): number;
  take(piece: Piece): void;
  end(): void;
}

function joiner(give: (one: Open) => void, { recordsBefore, patience }: { readonly recordsBefore: number; readonly patience: number }): Joiner {
  const open = new Map<string, Open>();
  let record = recordsBefore;
  let beginnings = 0;
  const giveAll = (): void => {
    for (const one of open.values()) give(one);
    open.clear();
  };
  const next = (): number => (record += 1);
  const joinedTo = (before: Open | undefined, known: Known): Open =>
    before === undefined ? { record: next(), known } : { record: before.record, known: joined(before.known, known) };
  return {
    next,
    take({ kind, key, known }) {
      const before = open.get(key);
      open.delete(key);
      // The source uses a number again: the end of the connection before was not told.
      const isAnother = kind === "opening" && before !== undefined;
      if (isAnother) give(before);
      const one = joinedTo(isAnother ? undefined : before, known);
      beginnings = kind === "closing" ? 0 : beginnings + 1;
      if (kind === "closing" || beginnings > patience) return give(one);
      if (beginnings === patience) {
        giveAll();
        return give(one);
      }
      open.set(key, one);
      if (open.size <= openMax) return;
      // The oldest is given as far as it is known.
      const [oldKey, oldest] = open.entries().next().value!;
      open.delete(oldKey);
      give(oldest);
    },
    end: giveAll,
  };
}

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

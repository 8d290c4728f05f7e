import { addTo } from "../base/lists.ts";
import type { Layer, Verdict } from "../model/question.ts";
import { addBits, addMasked, type Bits, bitsAt, bitsWhere, wordsFor } from "./bits.ts";
import type { EndClass } from "./end-class.ts";

/** What an answer code stands for; bit 3 of a code says that the wire blocks. */
export const outcomes: readonly { readonly verdict: Verdict; readonly layer: Layer }[] = [
  { verdict: "allow", layer: "open" },
  { verdict: "allow", layer: "boundary" },
  { verdict: "allow", layer: "segment" },
  { verdict: "allow", layer: "exception" },
  { verdict: "deny", layer: "segment" },
  { verdict: "deny", layer: "boundary" },
  { verdict: "deny", layer: "forbid" },
];
const [open, boundary, segment, exception, noSegment, noBoundary, forbidden, blocked] = [0, 1, 2, 3, 4, 5, 6, 8];

/** What is true of the server classes, whoever asks: rows of bits. */
export interface ServerSide {
  readonly count: number;
  readonly guarded: Bits;
  readonly quarantined: Bits;
  readonly hostPoint: Bits;
  readonly boundaryEnforced: Bits;
  readonly inEnforced: Bits;
  readonly zones: ReadonlyMap<string, Bits>;
  readonly members: ReadonlyMap<string, Bits>;
  readonly coveredBy: readonly Bits[];
  readonly touchedBy: readonly Bits[];
}

/** The rows of all server classes. */
export function serverSide(classes: readonly EndClass[]): ServerSide {
  const count = classes.length;
  const where = (isSet: (one: EndClass) => boolean): Bits => bitsWhere(count, (index) => isSet(classes[index]!));
  const borders = classes[0]?.coveredBy.length ?? 0;
  return {
    count,
    guarded: where(({ isGuarded }) => isGuarded),
    quarantined: where(({ isQuarantined }) => isQuarantined),
    hostPoint: where(({ hasHostPoint }) => hasHostPoint),
    boundaryEnforced: where(({ enforces }) => enforces.boundary),
    inEnforced: where(({ enforces }) => enforces.in),
    zones: bitsBy(classes, ({ zone }) => zone),
    members: bitsBy(classes, ({ policy }) => policy),
    coveredBy: Array.from({ length: borders }, (_, border) => where(({ coveredBy }) => coveredBy[border]!)),
    touchedBy: Array.from({ length: borders }, (_, border) => where(({ touchedBy }) => touchedBy[border]!)),
  };
}

/** The classes of each name, in one pass: a thousand policies have a thousand. */
function bitsBy(classes: readonly EndClass[], of: (one: EndClass) => string | null): ReadonlyMap<string, Bits> {
  const named = new Map<string, number[]>();
  for (const [index, one] of classes.entries()) {
    const name = of(one);
    if (name !== null) addTo(named, name, index);
  }
  return new Map([...named].map(([name, indexes]) => [name, bitsAt(classes.length, indexes)]));
}

/** What matched for one client class and one service: for each kind of rule, the server classes it reaches. */
export interface Reached {
  readonly forbids: Bits;
  readonly conduits: Bits;
  readonly exceptions: Bits;
  readonly commons: Bits;
  readonly serverAllows: Bits;
  readonly serverExceptions: Bits;
  readonly clientAllows: Bits;
  readonly clientExceptions: Bits;
}

export function nothingReached(count: number): Reached {
  const none = (): Bits => new Uint32Array(wordsFor(count));
  return {
    forbids: none(),
    conduits: none(),
    exceptions: none(),
    commons: none(),
    serverAllows: none(),
    serverExceptions: none(),
    clientAllows: none(),
    clientExceptions: none(),
  };
}

/** Adds what a rule of a policy reaches: as the server's own among its members, as the client's own everywhere. */
export function reachByPolicy(
  reached: Reached,
  servers: Bits,
  { kind, members, isClients }: { readonly kind: "Allows" | "Exceptions"; readonly members: Bits | undefined; readonly isClients: boolean },
): void {
  if (members !== undefined) addMasked(reached[`server${kind}`], servers, members);
  if (isClients) addBits(reached[`client${kind}`], servers);
}

/** The codes of one row, four bits a server class, eight classes a word: MEANING §2 and §3 for 32 classes at a time. */
export function writeRow(
  row: Uint32Array,
  client: EndClass,
  {
    side,
    reached,
    hasBoundaries,
    isDiscovery,
  }: { readonly side: ServerSide; readonly reached: Reached; readonly hasBoundaries: boolean; readonly isDiscovery: boolean },
): void {
  for (let word = 0; word < wordsFor(side.count); word += 1) {
    const codes = codesOf(word, client, { side, reached, hasBoundaries });
    for (let part = 0; part < 4; part += 1) {
      let packed = 0;
      for (let bit = 0; bit < 8; bit += 1) packed |= codeAt(codes, part * 8 + bit, isDiscovery) << (bit * 4);
      row[word * 4 + part] = packed >>> 0;
    }
  }
}

/** For the 32 server classes of a word: which deny, and which the wire blocks. What `decide` says, without its layer. */
export function denialsAt(
  word: number,
  client: EndClass,
  reaching: { readonly side: ServerSide; readonly reached: Reached; readonly hasBoundaries: boolean },
): { readonly denied: number; readonly blocked: number } {
  const { forbidden, noBoundary, noSegment, blocked: onWire } = codesOf(word, client, reaching);
  return { denied: forbidden | noBoundary | noSegment, blocked: onWire };
}

interface Codes {
  readonly forbidden: number;
  readonly noBoundary: number;
  readonly noSegment: number;
  readonly exception: number;
  readonly segment: number;
  readonly boundary: number;
  readonly blocked: number;
}

function codeAt(codes: Codes, bit: number, isDiscovery: boolean): number {
  const has = (bits: number): boolean => ((bits >>> bit) & 1) !== 0;
  const effect = has(codes.blocked) && !isDiscovery ? blocked : 0;
  if (has(codes.forbidden)) return forbidden | effect;
  if (has(codes.noBoundary)) return noBoundary | effect;
  if (has(codes.noSegment)) return noSegment | effect;
  if (has(codes.exception)) return exception | effect;
  if (has(codes.segment)) return segment | effect;
  return (has(codes.boundary) ? boundary : open) | effect;
}

const all = 0xffff_ffff;
const whole = (is: boolean): number => (is ? all : 0);

function codesOf(
  word: number,
  client: EndClass,
  { side, reached, hasBoundaries }: { readonly side: ServerSide; readonly reached: Reached; readonly hasBoundaries: boolean },
): Codes {
  const at = (bits: Bits): number => bits[word]!;
  const [forbids, conduits, exceptions, commons] = [at(reached.forbids), at(reached.conduits), at(reached.exceptions), at(reached.commons)];
  const quarantine = client.isQuarantined ? all : at(side.quarantined);
  const isForbidden = forbids | quarantine;
  const differ = hasBoundaries ? ~(side.zones.get(client.zone)?.[word] ?? 0) : 0;
  const guards = at(side.guarded);
  const guarded = whole(client.isGuarded) | guards;
  const egress = whole(client.isEgressClosed);
  const [serverPlain, clientPlain] = [at(reached.serverAllows), at(reached.clientAllows)];
  const [serverOwn, clientOwn] = [serverPlain | at(reached.serverExceptions), clientPlain | at(reached.clientExceptions)];

  const closed = differ & ~(conduits | exceptions);
  const shut = (wide: number, server: number, own: number): number => guarded & ~wide & (~((guards & server) | (~guards & own)) | (egress & ~own));
  const needsException = (differ & ~conduits) | shut(commons, serverPlain, clientPlain);
  const wide = commons | exceptions;
  return {
    forbidden: isForbidden,
    noBoundary: closed,
    noSegment: shut(wide, serverOwn, clientOwn),
    exception: needsException,
    segment: guarded,
    boundary: differ,
    blocked: blockedOf(word, client, { side, isForbidden, quarantine, closed, wide, serverOwn, clientOwn }),
  };
}

interface Alone {
  readonly side: ServerSide;
  readonly isForbidden: number;
  readonly quarantine: number;
  readonly closed: number;
  readonly wide: number;
  readonly serverOwn: number;
  readonly clientOwn: number;
}

/** Each layer alone, at each end with a live point whose stage enforces. */
function blockedOf(word: number, client: EndClass, { side, isForbidden, quarantine, closed, wide, serverOwn, clientOwn }: Alone): number {
  const at = (bits: Bits): number => bits[word]!;
  const { enforces } = client;
  let [clientPoint, serverPoint] = [whole(client.hasHostPoint), at(side.hostPoint)];
  for (let border = 0; border < side.coveredBy.length; border += 1) {
    if (client.coveredBy[border] === true) clientPoint |= ~at(side.touchedBy[border]!);
    if (client.touchedBy[border] !== true) serverPoint |= at(side.coveredBy[border]!);
  }
  const byZone = (clientPoint & whole(enforces.boundary)) | (serverPoint & at(side.boundaryEnforced));
  const byForbid = isForbidden & (byZone | (quarantine & (clientPoint | serverPoint)));
  const guards = at(side.guarded);
  const byServer = guards & ~wide & ~serverOwn & at(side.hostPoint) & at(side.inEnforced);
  const needsCount = ~guards | ~at(side.inEnforced);
  const byClient = whole(client.isGuarded && client.hasHostPoint && enforces.out) & ~wide & ~serverOwn & ~(needsCount & clientOwn);
  const byEgress = whole(client.isEgressClosed && client.hasHostPoint && enforces.egress) & ~wide & ~clientOwn;
  return byForbid | (closed & byZone) | byServer | byClient | byEgress;
}

/** feeds/ takes in what comes by itself, over the network or into directories: fed.ts says what is known of each source, spool.ts keeps what it told until the archive has it. */
import type { Instant } from "@bulkhead/core/base/instant";
import type { Decoded } from "@bulkhead/core/outside";

/** How far a watched file has been read. */
export interface FilePosition {
  /** Which file it is, whatever it is called now. */
  readonly inode: string;
  readonly bytes: number;
  /** Records that it told and that are kept, also where another name or a copy of it told them. */
  readonly counted: number;
  /** The digest of its first bytes, and of how many: a copy of it or its gzip is known by them. */
  readonly head: string;
  readonly headBytes: number;
  readonly isEnded: boolean;
  /** Up to where it had been read when it rested and what was open was told, and how many records that were beside those that are counted. */
  readonly rested?: { readonly bytes: number; readonly told: number };
}

/** One source of a feed: an exporter, a program on a host, or a file; and how complete what it told is. */
export interface Fed {
  readonly name: string;
  readonly format: string;
  /** When it was first heard, and last. */
  readonly since: Instant;
  readonly heard: Instant;
  /** How often it usually speaks, in microseconds; null when it has not spoken often enough. */
  readonly usual: number | null;
  readonly records: number;
  /** The latest time of its records. */
  readonly latest: Instant | null;
  readonly rejects: number;
  /** What it says of its gaps, and how many of them. */
  readonly notices: Readonly<Record<string, number>>;
  /** What came and found no room in our queue: datagrams or lines. */
  readonly dropped: number;
  readonly position?: FilePosition;
}

export function newFed({ name, format }: Pick<Fed, "name" | "format">, at: Instant): Fed {
  return { name, format, since: at, heard: at, usual: null, records: 0, latest: null, rejects: 0, notices: {}, dropped: 0 };
}

// Whatever comes within a second is one speaking: a datagram seldom comes alone.
const oneSpeaking = 1_000_000;
// Each interval counts an eighth, as in TCP's measure of round trips.
const weight = 8;

/** The source after it spoke again. */
export function heardAgain(fed: Fed, at: Instant): Fed {
  const interval = at - fed.heard;
  if (interval < oneSpeaking) return fed;
  const usual = fed.usual === null ? interval : fed.usual + (interval - fed.usual) / weight;
  return { ...fed, heard: at, usual: Math.round(usual) };
}

const noticesMax = 50;

/** The source with what was decoded of it. */
export function withDecoded(fed: Fed, decoded: readonly Decoded[]): Fed {
  let { records, rejects, latest } = fed;
  let notices: Record<string, number> | null = null;
  for (const one of decoded) {
    if (one.kind === "connection") {
      records += 1;
      const { last } = one.connection;
      if (last !== null && (latest === null || last > latest)) latest = last;
    } else if (one.kind === "reject") rejects += 1;
    else if (one.kind === "notice") {
      notices ??= { ...fed.notices };
      const reason = one.reason in notices || Object.keys(notices).length < noticesMax ? one.reason : "others";
      notices[reason] = (notices[reason] ?? 0) + (one.count ?? 1);
    }
  }
  return { ...fed, records, rejects, latest, notices: notices ?? fed.notices };
}

/** Since when a source has been silent, when that is unusual for it; null otherwise. */
export function silentSince({ heard, usual }: Fed, now: Instant): Instant | null {
  return usual !== null && now - heard > Math.max(3 * usual, silenceMin) ? heard : null;
}

const silenceMin = 60_000_000;

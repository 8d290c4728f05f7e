import { slot } from "./elements.ts";
import type { Message } from "./memory.ts";
import { absent, type Values } from "./template.ts";

const { startSeconds, startMillis, startMicros, startNanos, startBefore, startUptime } = slot;
const { endSeconds, endMillis, endMicros, endNanos, endBefore, endUptime } = slot;
const { eventSeconds, eventMillis, eventMicros, eventNanos, bootMillis, lastingMillis, lastingMicros } = slot;

interface Clock {
  readonly seconds: number;
  readonly millis: number;
  readonly micros: number;
  readonly nanos: number;
  /** Microseconds before the export. */
  readonly before: number;
  readonly uptime: number;
}

const start: Clock = { seconds: startSeconds, millis: startMillis, micros: startMicros, nanos: startNanos, before: startBefore, uptime: startUptime };
const end: Clock = { seconds: endSeconds, millis: endMillis, micros: endMicros, nanos: endNanos, before: endBefore, uptime: endUptime };

/** First and last instant of a record, and whether they are only the time of its export. */
export interface Times {
  first: number;
  last: number;
  isOfExport: boolean;
}

export const emptyTimes = (): Times => ({ first: 0, last: 0, isOfExport: false });

/** Reads when a record's flow began and ended: what it lacks of the two follows from its length, from its event, or is the other. */
export function readTimes(times: Times, { numbers }: Values, message: Message): void {
  const lasting = lastingOf(numbers);
  let first = instantOf(numbers, start, message);
  let last = instantOf(numbers, end, message);
  times.isOfExport = false;
  if (first < 0 && last < 0) {
    last = eventOf(numbers);
    if (last < 0) {
      last = message.exported;
      times.isOfExport = true;
    }
    first = last - lasting;
  } else if (last < 0) {
    const event = eventOf(numbers);
    last = lasting > 0 ? first + lasting : event >= first ? event : first;
  } else if (first < 0) first = last - lasting;
  times.first = first < 0 ? last : first;
  times.last = last <= Number.MAX_SAFE_INTEGER ? Math.max(last, times.first) : times.first;
}

function instantOf(numbers: Float64Array, clock: Clock, message: Message): number {
  // The finest that is there; a zero is an exporter that has nothing to say.
  const millis = numbers[clock.millis]!;
  if (millis > 0) return exact(millis * 1000);
  const uptime = numbers[clock.uptime]!;
  if (uptime >= 0) {
    const instant = ofUptime(uptime, numbers, message);
    if (instant >= 0) return instant;
  }
  for (const micros of [numbers[clock.nanos]!, numbers[clock.micros]!]) if (micros > 0) return exact(micros);
  const seconds = numbers[clock.seconds]!;
  if (seconds > 0) return exact(seconds * 1_000_000);
  const before = numbers[clock.before]!;
  return before >= 0 ? exact(message.exported - before) : absent;
}

/** An uptime is made absolute with the clock beside it: the header's, the record's, or what options said. */
function ofUptime(uptime: number, numbers: Float64Array, message: Message): number {
  if (message.uptime >= 0) return exact(message.exported + sinceExport(uptime, message.uptime) * 1000);
  const boot = numbers[bootMillis]! > 0 ? numbers[bootMillis]! : message.domain.bootMillis;
  return boot > 0 ? exact((boot + uptime) * 1000) : absent;
}

const wrap = 4_294_967_296;
const aheadMax = 3_600_000;

/** Milliseconds from the export to an uptime, mostly negative. Uptimes begin again after 49.7 days: what is far ahead was before that. */
function sinceExport(uptime: number, now: number): number {
  const difference = uptime - now;
  if (difference > aheadMax) return difference - wrap;
  return difference < aheadMax - wrap ? difference + wrap : difference;
}

function eventOf(numbers: Float64Array): number {
  if (numbers[eventMillis]! > 0) return exact(numbers[eventMillis]! * 1000);
  for (const micros of [numbers[eventNanos]!, numbers[eventMicros]!]) if (micros > 0) return exact(micros);
  return numbers[eventSeconds]! > 0 ? exact(numbers[eventSeconds]! * 1_000_000) : absent;
}

function lastingOf(numbers: Float64Array): number {
  const micros = numbers[lastingMicros]! >= 0 ? numbers[lastingMicros]! : numbers[lastingMillis]! * 1000;
  return Math.max(0, exact(micros));
}

const exact = (micros: number): number => (micros >= 0 && micros <= Number.MAX_SAFE_INTEGER ? micros : absent);

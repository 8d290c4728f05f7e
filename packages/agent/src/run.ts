import { textsOf, type Texts } from "@bulkhead/adapters/targets/nftables/render";
import type { Floor } from "@bulkhead/adapters/targets/nftables/skeleton";
import { Failure } from "@bulkhead/core/base/failure";
import { keep, claim, prefixOf, readKept } from "./kept.ts";
import { livePrefix, load, setLoose, sweepingText } from "./kernel.ts";
import { offered, type Wanted } from "./offer.ts";
import { type Effect, type Event, type Sealed, type State, step } from "./step.ts";

export interface Running extends Wanted {
  readonly data: string;
  readonly floor: Floor;
  readonly trialMs: number;
  /** One event for whoever watches, and a sentence for people. */
  readonly tell: (event: Readonly<Record<string, unknown>>) => void;
}

// setTimeout takes 31 bits of milliseconds; a change further away is looked at again when that is over.
const sleepMax = 2 ** 31 - 1;

/** Runs the agent of this host until SIGTERM. The rules stay in force when it ends, however it ends. */
export async function runAgent(running: Running): Promise<void> {
  const release = claim(running.data);
  setLoose("0");
  const agent = shellOf(running, await startingState(running.data));
  // Before anything is told: whoever hears from us may signal at once.
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, resolve);
  });
  const failed = new Promise<never>((_, reject) => process.on("SIGHUP", () => agent.wake().catch(reject)));
  // Waiting for a signal does not keep Node alive; a timer does.
  const awake = setInterval(() => {}, sleepMax);
  running.tell({ event: "started", pid: process.pid });
  await agent.wake();
  await Promise.race([ended, failed]);
  clearInterval(awake);
  await agent.stop();
  release();
}

async function startingState(data: string): Promise<State> {
  const kept = readKept(data);
  const live = await livePrefix();
  return { kept, inKernel: kept !== null && live === prefixOf(kept) ? kept.digest : null };
}

interface Shell {
  /** Reads everything again and answers; calls while one is under way become one more. */
  readonly wake: () => Promise<void>;
  /** Ends after what is under way. */
  readonly stop: () => Promise<void>;
}

function shellOf(running: Running, initial: State): Shell {
  let state = initial;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();

  async function handle(event: Event): Promise<void> {
    const [next, effects] = step(state, event);
    state = next;
    for (const effect of effects) await perform(effect);
  }

  async function perform(effect: Effect): Promise<void> {
    if (effect.kind === "wake-at") {
      clearTimeout(timer);
      if (effect.at !== null) timer = setTimeout(() => void wake(), Math.min(sleepMax, Math.max(0, effect.at / 1000 - Date.now()) + 1));
      return;
    }
    const followed = await doneBy(effect, running);
    if (followed !== null) await handle(followed);
  }

  const wake = (): Promise<void> => (working = working.then(async () => handle(await offered(running, Date.now() * 1000))));
  const stop = async (): Promise<void> => {
    clearTimeout(timer);
    await working;
  };
  return { wake, stop };
}

/** Does what an effect asks for, and says what came of it. */
async function doneBy(effect: Exclude<Effect, { kind: "wake-at" }>, running: Running): Promise<Event | null> {
  const { data, tell } = running;
  switch (effect.kind) {
    case "tell-installed":
      tell({ event: "installed", digest: effect.digest, at: new Date().toISOString() });
      return null;
    case "tell-refused":
      tell({ event: "refused", reason: effect.reason });
      return null;
    case "install-whole":
      return attempted(async () => load(data, texts(effect.sealed, running).whole), { kind: "switched", sealed: effect.sealed });
    case "switch":
      return attempted(
        async () => {
          // A trial that ran out may have left a generation of this very name.
          await sweepStaged(data);
          await load(data, texts(effect.sealed, running).stage);
          await load(data, texts(effect.sealed, running).trial);
        },
        { kind: "switched", sealed: effect.sealed },
      );
    case "confirm":
      return attempted(async () => load(data, texts(effect.sealed, running).confirm), { kind: "confirmed", sealed: effect.sealed });
    case "keep":
      keep(data, effect.sealed);
      await attempted(async () => sweep(data, prefixOf(effect.sealed)), { kind: "confirmed", sealed: effect.sealed });
      return null;
  }
}

const texts = (one: Sealed, { floor, trialMs }: Running): Texts =>
  textsOf({ ruleset: one.ruleset, prefix: prefixOf(one), now: Date.now() * 1000 }, { floor, trialMs });

async function sweep(data: string, keptPrefix: string): Promise<void> {
  const text = await sweepingText(keptPrefix);
  if (text !== "") await load(data, text);
}

/** Removes what does not decide, so that the new generation finds its names free. */
async function sweepStaged(data: string): Promise<void> {
  const live = await livePrefix();
  if (live !== null) await sweep(data, live);
}

async function attempted(work: () => Promise<void>, then: Event): Promise<Event> {
  try {
    await work();
    return then;
  } catch (error) {
    if (error instanceof Failure) return { kind: "failed", reason: error.message };
    throw error;
  }
}

import { constants, setPriority } from "node:os";
import { Failure } from "@bulkhead/core/base/failure";
import { checkDrops } from "./canary.ts";
import { checkKernel, setLoose } from "./kernel.ts";
import { readKept } from "./kept.ts";
import { type Grip, type Hold, takeHold } from "./hold.ts";
import { observing } from "./observe.ts";
import { claim, claimHost } from "./lock.ts";
import { offered, type Wanted } from "./offer.ts";
import { looked, perform, type Tell } from "./perform.ts";
import { type Event, type State, step } from "./step.ts";
import { watchOf } from "./watch.ts";

export interface Running extends Wanted, Grip {
  /** How often what the kernel saw is written down. */
  readonly observeMs: number;
  readonly tell: Tell;
}

// setTimeout takes 31 bits of milliseconds; a change further away is looked at again when that is over.
const sleepMax = 2 ** 31 - 1;

/** Runs the agent of this host until SIGTERM. The rules stay in force when it ends, however it ends. */
export async function runAgent(running: Running): Promise<void> {
  const releases = [claim(running.data)];
  try {
    releases.push(claimHost());
    await checkKernel(running.data, running.floor);
    await checkDrops(running.data);
    await refuseAtOnce(running);
    beforeOthers();
    setLoose("0");
    const { hold, state } = await takeHold(running);
    const agent = shellOf(running, hold, state);
    // Before anything is told: whoever hears from us may signal at once.
    const ended = new Promise<void>((resolve) => {
      for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, resolve);
    });
    const hungUp = new Promise<never>((_, reject) => process.on("SIGHUP", () => agent.wake().catch(reject)));
    running.tell({ event: "started", pid: process.pid });
    await agent.wake();
    const watch = watchOf(agent.look);
    const stopObserving = observing({ data: running.data, observer: running.point, everyMs: running.observeMs, tell: running.tell });
    await Promise.race([ended, hungUp, watch.failed]);
    watch.stop();
    await stopObserving();
    await agent.stop();
  } finally {
    for (const release of releases) release();
  }
}

/** With nothing kept there is nothing to hold: what cannot be enforced then ends the agent before it has touched anything. */
async function refuseAtOnce(running: Running): Promise<void> {
  const kept = readKept(running.data);
  if (kept !== null) return;
  const [, effects] = step({ kept, inKernel: null, trouble: null }, await offered(running, Date.now() * 1000));
  for (const effect of effects)
    if (effect.kind === "tell-refused") throw new Failure(effect.reason, "nothing was changed on this host; mend that, and run again");
}

/** A flushed table stays open as long as we wait for a processor: on a busy host that is what counts. */
function beforeOthers(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGH);
  } catch {
    // Without the right to do so the agent is as fast as everybody else.
  }
}

interface Shell {
  /** Reads everything again and answers; calls while one is under way become one more. */
  readonly wake: () => Promise<void>;
  /** Holds the kernel against what was put there, and mends it; how many elements there are. */
  readonly look: () => Promise<number>;
  /** Ends after what is under way. */
  readonly stop: () => Promise<void>;
}

function shellOf(running: Running, hold: Hold, initial: State): Shell {
  let state = initial;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();

  async function handle(event: Event): Promise<void> {
    const [next, effects] = step(state, event);
    state = next;
    for (const effect of effects) {
      if (effect.kind === "wake-at") {
        clearTimeout(timer);
        if (effect.at !== null) timer = setTimeout(() => void wake(), Math.min(sleepMax, Math.max(0, effect.at / 1000 - Date.now()) + 1));
        continue;
      }
      const followed = await perform(hold, running.tell, effect);
      if (followed !== null) await handle(followed);
    }
  }

  const after = (work: () => Promise<void>): Promise<void> => (working = working.then(work));
  const wake = (): Promise<void> => after(async () => handle(await offered(running, Date.now() * 1000)));
  async function look(): Promise<number> {
    await after(async () => handle(await looked(hold)));
    return Object.values(hold.back?.listing ?? {}).reduce((sum, { lasting }) => sum + lasting.length, 0);
  }
  const stop = async (): Promise<void> => {
    clearTimeout(timer);
    await working;
  };
  return { wake, look, stop };
}

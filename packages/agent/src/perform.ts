import { Failure } from "@bulkhead/core/base/failure";
import { confirm, heal, type Hold, installWhole, isUnenforced, look, readBack, settle, tryOut, withdraw } from "./hold.ts";
import type { Effect, Event } from "./step.ts";

/** One event for whoever watches, and a sentence for people. */
export type Tell = (event: Readonly<Record<string, unknown>>) => void;

/** Does what an effect asks for, and says what came of it. */
export async function perform(hold: Hold, tell: Tell, effect: Exclude<Effect, { kind: "wake-at" }>): Promise<Event | null> {
  const at = new Date().toISOString();
  switch (effect.kind) {
    case "tell-installed":
      tell({ event: "installed", digest: effect.digest, at });
      return null;
    case "tell-refused":
      tell({ event: "refused", reason: effect.reason });
      return null;
    case "tell-healed":
      tell({ event: "healed", what: effect.what.slice(0, 3).join("; "), at });
      return null;
    case "tell-unenforced":
      tell({ event: "unenforced", at });
      return null;
    case "withdraw":
      return attempted(withdraw(hold), null, "not-healed");
    case "tell-not-healed":
      tell({ event: "not-healed", reason: effect.reason, at });
      return null;
    case "install-whole":
      return attempted(installWhole(hold, effect.sealed), { kind: "switched", sealed: effect.sealed });
    case "switch":
      return attempted(tryOut(hold, effect.sealed), { kind: "switched", sealed: effect.sealed });
    case "confirm":
      return attempted(confirm(hold, effect.sealed), { kind: "confirmed", sealed: effect.sealed });
    case "heal":
      return attempted(heal(hold, effect.sealed, effect.what), { kind: "healed", sealed: effect.sealed, what: effect.what }, "not-healed");
    case "read-back":
      await attempted(readBack(hold, effect.sealed), { kind: "confirmed", sealed: effect.sealed });
      return null;
    case "keep":
      // It is in force; if reading it back failed, the next look does it.
      await attempted(settle(hold, effect.sealed), { kind: "confirmed", sealed: effect.sealed });
      return null;
  }
}

/** Holds the kernel against what was put there. */
export async function looked(hold: Hold): Promise<Event> {
  try {
    if (isUnenforced(hold)) return { kind: "unenforced" };
    return { kind: "looked", differences: await look(hold) };
  } catch (error) {
    if (error instanceof Failure) return { kind: "not-healed", reason: error.message };
    throw error;
  }
}

async function attempted(work: Promise<void>, then: Event | null, otherwise: "failed" | "not-healed" = "failed"): Promise<Event | null> {
  try {
    await work;
    return then;
  } catch (error) {
    if (error instanceof Failure) return { kind: otherwise, reason: error.message };
    throw error;
  }
}

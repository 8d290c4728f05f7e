/** The agent is a pure state machine in a thin shell: `step` decides, the shell does. */
import type { Instant } from "@bulkhead/core/base/instant";
import type { Ruleset } from "@bulkhead/core/compile/ruleset";

/** A rule set with its digest: equal rule sets have equal digests. */
export interface Sealed {
  readonly ruleset: Ruleset;
  readonly digest: string;
}

export interface State {
  /** What the data directory holds: the last rule set that was confirmed. */
  readonly kept: Sealed | null;
  /** The digest that the kernel was seen to enforce; null when its table is not there, or not ours to trust. */
  readonly inKernel: string | null;
  /** Why the kernel could not be read or healed the last time; told once. */
  readonly trouble: string | null;
}

export type Event =
  /** Policy and inventory were read and compiled. */
  | { readonly kind: "compiled"; readonly offered: Sealed; readonly nextChange: Instant | null }
  /** The policy directory does not exist: the data directory has to suffice. */
  | { readonly kind: "absent" }
  | { readonly kind: "unreadable"; readonly reason: string }
  /** A rule set decides every packet from now on, on trial. */
  | { readonly kind: "switched"; readonly sealed: Sealed }
  | { readonly kind: "confirmed"; readonly sealed: Sealed }
  | { readonly kind: "failed"; readonly reason: string }
  /** The kernel was read back: what differs from what was put there, in words. */
  | { readonly kind: "looked"; readonly differences: readonly string[] }
  | { readonly kind: "healed"; readonly sealed: Sealed; readonly what: readonly string[] }
  | { readonly kind: "not-healed"; readonly reason: string }
  /** Somebody took the rules out of force with `unenforce`. */
  | { readonly kind: "unenforced" };

export type Effect =
  /** Loads everything in one transaction: there is no table of ours, or none to trust. */
  | { readonly kind: "install-whole"; readonly sealed: Sealed }
  /** Stages the new generation, and switches to it on trial. */
  | { readonly kind: "switch"; readonly sealed: Sealed }
  | { readonly kind: "confirm"; readonly sealed: Sealed }
  /** Writes the rule set to the data directory, and removes what no longer decides. */
  | { readonly kind: "keep"; readonly sealed: Sealed }
  /** Loads the kept rule set in place of what another hand made of it. */
  | { readonly kind: "heal"; readonly sealed: Sealed; readonly what: readonly string[] }
  /** Asks the kernel how it says what was loaded. */
  | { readonly kind: "read-back"; readonly sealed: Sealed }
  | { readonly kind: "tell-installed"; readonly digest: string }
  /** Removes what an installation that was under way may have put back. */
  | { readonly kind: "withdraw" }
  | { readonly kind: "tell-unenforced" }
  | { readonly kind: "tell-healed"; readonly what: readonly string[] }
  | { readonly kind: "tell-not-healed"; readonly reason: string }
  | { readonly kind: "tell-refused"; readonly reason: string }
  | { readonly kind: "wake-at"; readonly at: Instant | null };

const nothingKept = "there is no policy directory, and nothing is kept to be enforced: name a directory with --policy";

/** One step: every offer is answered by exactly one `tell-…`, at once or after what it asks for has been done. */
export function step(state: State, event: Event): readonly [State, readonly Effect[]] {
  switch (event.kind) {
    case "compiled":
      return [state, [...put(state, event.offered), { kind: "wake-at", at: event.nextChange }]];
    case "absent":
      return [state, state.kept === null ? [{ kind: "tell-refused", reason: nothingKept }] : put(state, state.kept)];
    case "unreadable":
    case "failed":
      return [state, [{ kind: "tell-refused", reason: event.reason }]];
    case "switched":
      return [
        state,
        [
          { kind: "tell-installed", digest: event.sealed.digest },
          { kind: "confirm", sealed: event.sealed },
        ],
      ];
    case "confirmed":
      return [{ ...state, kept: event.sealed, inKernel: event.sealed.digest }, [{ kind: "keep", sealed: event.sealed }]];
    case "looked":
      if (state.kept === null || event.differences.length === 0) return [{ ...state, trouble: null }, []];
      return [state, [{ kind: "heal", sealed: state.kept, what: event.differences }]];
    case "healed":
      return [
        { ...state, inKernel: event.sealed.digest, trouble: null },
        [
          { kind: "tell-healed", what: event.what },
          { kind: "read-back", sealed: event.sealed },
        ],
      ];
    case "not-healed":
      // The next look tries again; an offer before that does not trust the kernel.
      return [{ ...state, inKernel: null, trouble: event.reason }, state.trouble === event.reason ? [] : [{ kind: "tell-not-healed", reason: event.reason }]];
    case "unenforced":
      if (state.kept === null) return [state, []];
      // Until the next offer nothing is in force, and no date brings it back.
      return [{ kept: null, inKernel: null, trouble: null }, [{ kind: "withdraw" }, { kind: "wake-at", at: null }, { kind: "tell-unenforced" }]];
  }
}

function put({ inKernel }: State, sealed: Sealed): readonly Effect[] {
  if (inKernel === sealed.digest) return [{ kind: "tell-installed", digest: sealed.digest }];
  return inKernel === null ? [{ kind: "install-whole", sealed }] : [{ kind: "switch", sealed }];
}

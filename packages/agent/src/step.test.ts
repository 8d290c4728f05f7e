import { expect, test } from "vitest";
import { type Effect, type Event, type Sealed, type State, step } from "./step.ts";

const nothing = { classes: [], hosts: [], ranges: [], otherwise: 0 };
const one = (digest: string): Sealed => ({ digest, ruleset: { version: 1, point: "web-1", inbound: nothing, outbound: nothing } });
const [a, b] = [one("a"), one("b")];

const states = {
  "a new host": { kept: null, inKernel: null, trouble: null },
  "a enforced": { kept: a, inKernel: "a", trouble: null },
  "a kept, kernel empty": { kept: a, inKernel: null, trouble: null },
  "a kept, nft fails": { kept: a, inKernel: null, trouble: "why" },
} satisfies Record<string, State>;

const events = {
  "a offered": { kind: "compiled", offered: a, nextChange: null },
  "b offered until 7": { kind: "compiled", offered: b, nextChange: 7 },
  "no policy there": { kind: "absent" },
  unreadable: { kind: "unreadable", reason: "why" },
  "b switched": { kind: "switched", sealed: b },
  "b confirmed": { kind: "confirmed", sealed: b },
  "as put there": { kind: "looked", differences: [] },
  "changed by another": { kind: "looked", differences: ["chain in was changed"] },
  "all well again": { kind: "healed", sealed: a, what: ["chain in was changed"] },
  "healing failed": { kind: "not-healed", reason: "why" },
  "unenforced by somebody": { kind: "unenforced" },
  "nft failed": { kind: "failed", reason: "why" },
} satisfies Record<string, Event>;

/** An effect in a few words. */
function wordsOf(effect: Effect): string {
  if ("sealed" in effect) return `${effect.kind} ${effect.sealed.digest}`;
  if (effect.kind === "tell-installed") return `${effect.kind} ${effect.digest}`;
  if (effect.kind === "tell-refused") return `${effect.kind} ${effect.reason}`;
  if (effect.kind === "tell-healed") return `${effect.kind} ${effect.what.join()}`;
  if (effect.kind === "tell-not-healed") return `${effect.kind} ${effect.reason}`;
  return effect.kind === "wake-at" ? `${effect.kind} ${effect.at ?? "never"}` : effect.kind;
}

const rows: readonly (readonly [keyof typeof states, keyof typeof events, string])[] = [
  ["a new host", "a offered", "install-whole a, wake-at never"],
  ["a new host", "no policy there", "tell-refused there is no policy directory, and nothing is kept to be enforced: name a directory with --policy"],
  ["a new host", "unreadable", "tell-refused why"],
  ["a enforced", "a offered", "tell-installed a, wake-at never"],
  ["a enforced", "b offered until 7", "switch b, wake-at 7"],
  ["a enforced", "no policy there", "tell-installed a"],
  ["a enforced", "unreadable", "tell-refused why"],
  ["a enforced", "b switched", "tell-installed b, confirm b"],
  ["a enforced", "b confirmed", "keep b"],
  ["a enforced", "nft failed", "tell-refused why"],
  ["a kept, kernel empty", "no policy there", "install-whole a"],
  ["a kept, kernel empty", "a offered", "install-whole a, wake-at never"],
  ["a kept, kernel empty", "b offered until 7", "install-whole b, wake-at 7"],
  ["a new host", "changed by another", ""],
  ["a enforced", "as put there", ""],
  ["a enforced", "changed by another", "heal a"],
  ["a kept, kernel empty", "changed by another", "heal a"],
  ["a enforced", "all well again", "tell-healed chain in was changed, read-back a"],
  ["a enforced", "healing failed", "tell-not-healed why"],
  ["a kept, nft fails", "healing failed", ""],
  ["a new host", "unenforced by somebody", ""],
  ["a enforced", "unenforced by somebody", "withdraw, wake-at never, tell-unenforced"],
];

test.each(rows)("%s: %s", (state, event, wanted) => {
  expect(step(states[state], events[event])[1].map(wordsOf).join(", ")).toBe(wanted);
});

test("only what was confirmed is kept", () => {
  for (const [name, event] of Object.entries(events)) {
    const [next] = step(states["a enforced"], event);
    expect(next.kept?.digest, name).toBe(event.kind === "unenforced" ? undefined : event.kind === "confirmed" ? "b" : "a");
  }
});

test("a kernel that could not be healed is not trusted: the next offer loads everything", () => {
  const [distrustful] = step(states["a enforced"], events["healing failed"]);
  expect(step(distrustful, events["a offered"])[1].map(wordsOf)[0]).toBe("install-whole a");
  const [trusting] = step(distrustful, events["all well again"]);
  expect(step(trusting, events["a offered"])[1].map(wordsOf)[0]).toBe("tell-installed a");
});

test("what cannot be read changes nothing, whatever the state", () => {
  for (const state of Object.values(states)) {
    const [next, effects] = step(state, events.unreadable);
    expect(next).toEqual(state);
    expect(effects.map(wordsOf)).toEqual(["tell-refused why"]);
  }
});

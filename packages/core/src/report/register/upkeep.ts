import { day, dayText } from "../../base/instant.ts";
import { everyRule } from "../../decide/every-rule.ts";
import { peerText } from "../../decide/policy-words.ts";
import type { Rule } from "../../model/policy-set.ts";
import { reviewOf, written } from "../../posture/upkeep.ts";
import type { Section } from "../document.ts";
import { timeText } from "../time-text.ts";
import { type Facts, placeText, useOf } from "./facts.ts";

// REQUIREMENTS §9.5: an exception is told to be ending this long before.
const endingDays = 14;
const dueDays = 30;

/** Section 12: exceptions, each with its end. */
export function exceptionsSection(facts: Facts): Section {
  const { set, ownerOf, generatedAt } = facts;
  const all = [...set.exceptions, ...set.policies.flatMap(({ exceptions }) => exceptions)];
  return {
    number: 12,
    id: "exceptions",
    title: "Exceptions",
    blocks: [
      {
        kind: "table",
        id: "exceptions",
        title: "Exceptions and their ends",
        columns: [
          "exception",
          "state",
          "from",
          "to",
          "over",
          "why",
          "owner",
          "approved by",
          "ticket",
          "from date",
          "until",
          "connections",
          "last seen",
          "written in",
        ],
        rows: all.map((rule) => [
          rule.name,
          stateOf(rule, generatedAt),
          rule.from.map(peerText).join(" or "),
          rule.to.map(peerText).join(" or "),
          rule.over.join(", "),
          written(rule.register, "because"),
          ownerOf(rule),
          written(rule.register, "approved-by"),
          written(rule.register, "ticket"),
          rule.written.from,
          rule.written.until,
          useOf(facts, rule)?.connections ?? null,
          timeText(useOf(facts, rule)?.last ?? null),
          placeText(rule),
        ]),
        empty: "There is none.",
      },
    ],
  };
}

/** Where an exception stands in its time. */
export function stateOf({ start, end }: Rule, at: number): "not yet" | "active" | "ending" | "over" {
  if (end !== null && end <= at) return "over";
  if (start !== null && start > at) return "not yet";
  return end !== null && end <= at + endingDays * day ? "ending" : "active";
}

export interface Review {
  readonly name: string;
  readonly due: number;
  readonly owner: string | null;
  readonly place: string;
}

/** Reviews that are due until an instant, the longest overdue first. */
export function reviewsUntil({ set, ownerOf }: Pick<Facts, "set" | "ownerOf">, until: number): readonly Review[] {
  const of = (name: string, one: Pick<Rule, "register" | "at">, owner: string | null): readonly Review[] => {
    const due = reviewOf(one.register);
    return due === null || due > until ? [] : [{ name, due, owner, place: placeText(one) }];
  };
  return [
    ...set.zones.flatMap((zone) => of(`zone/${zone.name}`, zone, written(zone.register, "owner"))),
    ...set.policies.flatMap((policy) => of(`policy/${policy.name}`, policy, policy.owner)),
    ...everyRule(set).flatMap((rule) => of(rule.name, rule, ownerOf(rule))),
  ].sort((a, b) => a.due - b.due);
}

/** Section 13: reviews that are due, or soon will be. */
export function reviewsSection(facts: Facts): Section {
  const { generatedAt } = facts;
  return {
    number: 13,
    id: "reviews",
    title: "Reviews",
    blocks: [
      {
        kind: "table",
        id: "reviews",
        title: `Reviews that are overdue, or due within ${dueDays} days`,
        columns: ["what", "due", "days overdue", "owner", "written in"],
        rows: reviewsUntil(facts, generatedAt + dueDays * day).map(({ name, due, owner, place }) => [
          name,
          dayText(due),
          due > generatedAt ? 0 : Math.floor((generatedAt - due) / day),
          owner,
          place,
        ]),
        empty: "None is due.",
      },
    ],
  };
}

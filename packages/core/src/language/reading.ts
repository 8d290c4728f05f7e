import type { Diagnostic, Span } from "../base/diagnostic.ts";
import type { LabelKey, NamedService, Network, Policy, Rule, Zone } from "../model/policy-set.ts";
import { type Code, catalogue } from "./codes.ts";

/** What kinds of things have names that others refer to. */
export type Kind = "label" | "service" | "network" | "zone" | "policy" | "rule";

/** What has been read so far, and every mistake found on the way. Grows section by section; `read.ts` makes the set of it. */
export interface Reading {
  readonly diagnostics: Diagnostic[];
  readonly labels: Map<string, LabelKey>;
  readonly services: Map<string, NamedService>;
  readonly networks: Map<string, Network>;
  readonly zones: Map<string, Zone>;
  readonly policies: Map<string, Policy>;
  readonly rules: Map<string, Rule | null>;
  /** Where each name of each kind was first declared: `zone/production`. */
  readonly declared: Map<string, Span>;
  /** Kinds of which a declaration could not be read: a name of them that nobody declared is then no second mistake. */
  readonly vague: Set<Kind>;
  /** Where names stand that were not checked for that reason. */
  readonly unchecked: Span[];
  /** Where the parts of the set stand that carry no place of their own: peers, terms, scopes, prefixes. */
  readonly places: Map<object, Span>;
}

export function newReading(): Reading {
  return {
    diagnostics: [],
    labels: new Map(),
    services: new Map(),
    networks: new Map(),
    zones: new Map(),
    policies: new Map(),
    rules: new Map(),
    declared: new Map(),
    vague: new Set(),
    unchecked: [],
    places: new Map(),
  };
}

/** Adds one diagnostic; its severity is the catalogue's. */
export function report(reading: Reading, code: Code, at: Span, [message, help]: readonly [message: string, help: string | null]): void {
  reading.diagnostics.push({ code, severity: catalogue[code].severity, at, message, help });
}

/** The user's words in backticks, short enough for a sentence, and without characters that act on a terminal. */
export function quoted(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text;
  const safe = short.replace(
    /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `\`${safe}\``;
}

/** A list as a sentence has it: `a`, `b` or `c`. */
export const oneOf = (words: readonly string[]): string => joined(words, "or");

/** A list as a sentence has it: `a`, `b` and `c`. */
export const allOf = (words: readonly string[]): string => joined(words, "and");

function joined(words: readonly string[], word: "or" | "and"): string {
  const marked = words.map(quoted);
  const last = marked.pop() ?? "";
  return marked.length === 0 ? last : `${marked.join(", ")} ${word} ${last}`;
}

import type { Span } from "../base/diagnostic.ts";

/** One `key: value` of a mapping. */
export interface Entry {
  readonly key: string;
  readonly keyAt: Span;
  readonly value: Tree;
}

/** A YAML node with its place: what the section readers see. `unreadable` has been reported already, and nobody reports it again. */
export type Tree =
  | { readonly kind: "mapping"; readonly entries: readonly Entry[]; readonly at: Span }
  | { readonly kind: "list"; readonly items: readonly Tree[]; readonly at: Span }
  | { readonly kind: "scalar"; readonly value: string | number | boolean | null; readonly source: string; readonly at: Span }
  | { readonly kind: "unreadable"; readonly at: Span };

/** What a node is, in words: `a list`, `a number`, `nothing`. */
export function described(tree: Tree): string {
  switch (tree.kind) {
    case "mapping":
      return "a mapping";
    case "list":
      return "a list";
    case "unreadable":
      return "unreadable";
    case "scalar":
      return scalarWords(tree.value);
  }
}

function scalarWords(value: string | number | boolean | null): string {
  if (value === null) return "nothing";
  if (typeof value === "boolean") return `the truth value ${String(value)}`;
  return typeof value === "number" ? `the number ${String(value)}` : "a text";
}

/** Whether the node is absent in spirit: `key:` with nothing behind it. */
export const isNothing = (tree: Tree): boolean => tree.kind === "scalar" && tree.value === null;

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

/** Whether two nodes say the same, wherever they stand; the order of keys says nothing. */
export function sameTree(a: Tree, b: Tree): boolean {
  switch (a.kind) {
    case "scalar":
      return b.kind === "scalar" && Object.is(a.value, b.value);
    case "list":
      return b.kind === "list" && a.items.length === b.items.length && a.items.every((item, index) => sameTree(item, b.items[index]!));
    case "mapping":
      return b.kind === "mapping" && sameEntries(a.entries, b.entries);
    case "unreadable":
      return false;
  }
}

function sameEntries(a: readonly Entry[], b: readonly Entry[]): boolean {
  const others = new Map(b.map((entry) => [entry.key, entry.value]));
  return a.length === b.length && a.every(({ key, value }) => others.has(key) && sameTree(value, others.get(key)!));
}

/** The plain value of a node, as JSON has it. */
export function plainOf(tree: Tree): unknown {
  switch (tree.kind) {
    case "scalar":
      return tree.value;
    case "list":
      return tree.items.map(plainOf);
    case "mapping":
      return Object.fromEntries(tree.entries.map(({ key, value }) => [key, plainOf(value)]));
    case "unreadable":
      return null;
  }
}

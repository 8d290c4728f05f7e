/** tidy/ is architecture as a test: each file holds one family of rules, a pure function from texts to findings. */

/** What is wrong, where, in one sentence. Lines count from 1. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly message: string;
}

/** A source file: its path from the root, and its text. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** The line of an offset in a text, from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** A stretch of text in a file. Lines and columns count from 1, `length` in characters (at least 1). */
export interface Span {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A mistake that the author of a text can mend: one lowercase sentence, and what to type instead. */
export interface Diagnostic {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly at: Span;
  readonly message: string;
  readonly help: string | null;
}

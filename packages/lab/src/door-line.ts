/** One attempt to open a conversation: a service of TCP or UDP, or `icmp/echo`. */
export interface Attempt {
  readonly address: string;
  readonly over: string;
}

/** What came of an attempt: `answered` from end to end; `heard` by the server, but no answer came back; `refused` or `silent` before it. */
export type Outcome = "answered" | "heard" | "refused" | "silent";

/** What a prober is asked, one JSON object a line. */
export type Asked =
  | { readonly id: number; readonly kind: "open"; readonly doors: readonly string[] }
  | { readonly id: number; readonly kind: "close"; readonly doors: readonly string[] }
  | { readonly id: number; readonly kind: "try"; readonly word: string; readonly attempt: Attempt }
  | { readonly id: number; readonly kind: "heard" };

/** What a prober says, with the number of the question. */
export interface Said {
  readonly id: number;
  readonly outcome?: Outcome;
  /** The words that reached this host's servers since it was asked last. */
  readonly words?: readonly string[];
  readonly problem?: string;
}

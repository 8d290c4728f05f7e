/** language/ turns policy text into a policy set and back: read with every mistake at its place, format, hints, schema. */

/** One file of a policy directory: its path as shown in diagnostics, and its bytes. */
export interface PolicyFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Limits of one file: far beyond what people write, far below what would hurt. */
export const mostBytes = 1 << 20;
export const mostDepth = 32;

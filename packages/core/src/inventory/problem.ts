/** What of an inventory could not be read: a short stable word to count by, and one sentence with its place. */
export interface Problem {
  readonly reason: string;
  readonly message: string;
}

/** Is told each problem as it is met, because a hostile file has more of them than fit into memory. */
export type Say = (problem: Problem) => void;

const shownMax = 80;

/** A value from outside in backticks, as much of it as one reads. */
export function quoted(value: unknown): string {
  const text = typeof value === "string" ? value : typeof value === "object" && value !== null ? "{…}" : String(value);
  return `\`${text.length > shownMax ? `${text.slice(0, shownMax)}…` : text}\``;
}

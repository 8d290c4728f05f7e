import type { Problem } from "@bulkhead/core/inventory/problem";
import { type Context, printable } from "./context.ts";

const shownMax = 3;

/** Counts what of an inventory could not be read by reason, and says the first of each reason, or all, on standard error. */
export class ProblemTally {
  count = 0;
  private readonly reasons = new Map<string, { count: number; readonly first: string[] }>();

  constructor(
    private readonly context: Context,
    private readonly isListing: boolean,
  ) {}

  take(file: string, { reason, message }: Problem): void {
    this.count += 1;
    const text = `${printable(`${file}: ${message}`)}\n`;
    if (this.isListing) this.context.say(text);
    const known = this.reasons.get(reason);
    if (known === undefined) this.reasons.set(reason, { count: 1, first: [text] });
    else {
      known.count += 1;
      if (known.first.length < shownMax) known.first.push(text);
    }
  }

  say(): void {
    for (const [reason, { count, first }] of [...this.reasons].sort()) {
      this.context.say(`${reason}: ${count}\n`);
      if (!this.isListing) for (const text of first) this.context.say(`  ${text}`);
    }
  }

  byReason(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.reasons].sort().map(([reason, { count }]) => [reason, count]));
  }
}

import { type Instant, instantText, second } from "../base/instant.ts";

/** A time for a table, to the second; null stays null. */
export const timeText = (at: Instant | null): string | null => (at === null ? null : instantText(at - (at % second)));

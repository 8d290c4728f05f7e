import type { Effect } from "../../model/function-use.ts";

/** One line of a protocol's table: the code, its name, what it does, and how Zeek writes it where its logs give names alone. */
export type Known = readonly [code: number, name: string, effect: Effect, zeek?: string];

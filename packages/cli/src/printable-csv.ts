import { printable } from "./context.ts";

// A line break in a value is one of RFC 4180; what commands a terminal is shown, never sent.
const harmful = /[^\n\r\t\u0020-\u007e]+|\r(?!\n)/g;

/** CSV made safe for a terminal. */
export const printableCsv = (text: string): string => text.replace(harmful, printable);

import { number } from "./number.ts";

/** The first of many names, and how many more there are: `a, b and 1,234 more`. */
export const someOf = (names: readonly string[], most: number): string =>
  `${names.slice(0, most).join(", ")}${names.length > most ? ` and ${number(names.length - most)} more` : ""}`;

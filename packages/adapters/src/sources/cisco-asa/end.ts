import { portNamed } from "../protocols.ts";
import { addressOf, noLabels } from "../record.ts";

/** One end as an ASA writes it: `inside:10.0.0.7/443`, `10.0.0.7`, `inside:2001:db8::1/443`. */
export interface End {
  readonly address: string;
  readonly port: number | null;
}

/** The end that a text names, or null when its address is none. */
export function endOf(text: string): End | null {
  const slash = text.lastIndexOf("/");
  const port = slash < 0 ? null : portNamed(text.slice(slash + 1));
  const host = slash < 0 ? text : text.slice(0, slash);
  // An interface may stand before it; IPv6 addresses have colons of their own.
  const address = addressOf(host) ?? addressOf(host.slice(host.indexOf(":") + 1));
  return address === null ? null : { address, port };
}

/** The user among the words in brackets behind an end: `(LOCAL\ann)`, `(CORP\ann, 100:servers)`; addresses there are translations. */
export function userIn(brackets: string | undefined): Readonly<Record<string, string>> {
  for (const [, inside = ""] of (brackets ?? "").matchAll(/\(([^()]*)\)/g)) {
    const [user = ""] = inside.split(",");
    if (user.trim() !== "" && !user.includes("/") && addressOf(user.trim()) === null && !/^\d+(:|$)/.test(user)) return { user: user.trim() };
  }
  return noLabels;
}

/** The translated end among the words in brackets, as it is written there, or null. */
export function translationIn(brackets: string | undefined): string | null {
  const [, inside] = /\(([^()\s]*\/[^()\s]*)\)/.exec(brackets ?? "") ?? [];
  return inside ?? null;
}

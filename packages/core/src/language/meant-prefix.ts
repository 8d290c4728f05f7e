import { readPrefix } from "../base/prefix.ts";

/** How somebody who wrote prefixes in the manner of another product writes them here: lists, masks, stars; null where nobody can tell. */
export function meantPrefixes(text: string): string | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== "");
  const meant = parts.map(meantOne);
  if (!meant.every((one) => one !== null)) return null;
  return meant.length > 1 ? `[${meant.join(", ")}]` : (meant[0] ?? null);
}

function meantOne(text: string): string | null {
  const guess = withStars(text) ?? withMask(text) ?? text;
  return readPrefix(guess).kind === "prefix" ? guess : null;
}

/** `10.20.*.*` */
function withStars(text: string): string | null {
  const [, start = "", stars = ""] = /^((?:\d+\.){1,3})(\*(?:\.\*)*)$/.exec(text) ?? [];
  const named = start.split(".").length - 1;
  if (stars === "" || named + stars.split(".").length > 4) return null;
  return `${start}${Array.from({ length: 4 - named }, () => "0").join(".")}/${named * 8}`;
}

/** `10.20.0.0/255.255.0.0` */
function withMask(text: string): string | null {
  const [, address = "", mask = ""] = /^([\d.]+)\/(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
  const bits = mask.split(".").map((octet) => Number(octet).toString(2).padStart(8, "0"));
  const length = bits.join("").replace(/0*$/, "").length;
  return address !== "" && bits.join("") === "1".repeat(length).padEnd(32, "0") ? `${address}/${length}` : null;
}

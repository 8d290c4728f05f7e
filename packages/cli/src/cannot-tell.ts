import type { Tells } from "@bulkhead/core/outside";

/** What a source never can tell, in a person's words. */
export function cannotTell(tells: Tells): readonly string[] {
  const isOpenerTold = tells.opener.some((one) => one === "handshake" || one === "stated" || one === "first-packet");
  return [
    ...(isOpenerTold ? [] : ["who opened it"]),
    ...(tells.answered === "never" ? ["whether it was answered"] : []),
    ...(tells.verdict === "never" ? ["whether it was let through"] : []),
    ...(tells.rule === "never" ? ["which rule decided"] : []),
    ...(tells.counts.every((counts) => counts !== "both") ? ["what went the other way"] : []),
    ...(tells.counts.every((counts) => counts === "none") ? ["how much"] : []),
    ...(tells.sampling === "unsaid" ? ["whether packets were left out"] : []),
    ...(tells.labels.length === 0 ? ["names of its ends"] : []),
    ...(tells.times === "none" ? ["when"] : []),
  ];
}

/** What each format that can be read never can tell, in words, by its name. */
export async function formatsCannotTell(): Promise<Readonly<Record<string, string>>> {
  const { formatNames, formatOf } = await import("@bulkhead/adapters/sources/open");
  const known = formatNames.flatMap((name) => {
    const format = formatOf(name);
    return format === null ? [] : [[name, cannotTell(format.tells).join("; ")] as const];
  });
  return Object.fromEntries(known);
}

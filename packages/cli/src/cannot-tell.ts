import type { Tells } from "@bulkhead/core/outside";

/** What a source never can tell, in a person's words. */
export function cannotTell(tells: Tells): readonly string[] {
  return [
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

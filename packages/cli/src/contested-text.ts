import { instantText } from "@bulkhead/core/base/instant";
import type { HolderSegment } from "@bulkhead/core/model/holder-segment";

const namesMost = 5;

/** An address that several claim at once, as one line: who, and when. */
export function contestedText({ address, holders, from, until }: HolderSegment): string {
  const rest = holders.length > namesMost ? ` and ${holders.length - namesMost} more` : "";
  const span =
    from === null && until === null
      ? "always"
      : `${from === null ? "" : `from ${instantText(from)} `}${until === null ? "" : `until ${instantText(until)}`}`.trim();
  return `${address}  held by ${holders.slice(0, namesMost).join(" and ")}${rest} at once, ${span}`;
}

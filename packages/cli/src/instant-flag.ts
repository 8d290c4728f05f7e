import { Failure } from "@bulkhead/core/base/failure";
import { instantOf } from "@bulkhead/core/base/instant";

/** The instant that `--at` names; without it, now, to the second. */
export function instantIn(text: string | undefined): number {
  if (text === undefined) return Math.floor(Date.now() / 1000) * 1_000_000;
  const at = instantOf(text);
  if (at === undefined) throw new Failure(`--at is \`${text}\`, which is no RFC 3339 time with a zone`, "write for example --at 2026-11-25T12:00:00Z");
  return at;
}

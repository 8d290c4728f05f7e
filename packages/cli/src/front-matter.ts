import { Failure } from "@bulkhead/core/base/failure";
import { nearest } from "@bulkhead/core/language/hints";
import { frontNames } from "@bulkhead/core/report/front-matter";
import { boundedText } from "./bounded-text.ts";

const bytesMax = 64 << 10;

/** What only people know of a system, by name, for the head of a report. */
export async function frontIn(path: string): Promise<Readonly<Record<string, string>>> {
  const next = 'write { "agency": "…", "system": "…", "FIPS 199 level": "moderate" }';
  let parsed: unknown;
  try {
    parsed = JSON.parse(await boundedText(path, { bytesMax, next }));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Failure(`${path} is not JSON: ${error.message}`, next);
    throw error;
  }
  const isFlat = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) && Object.values(parsed).every((value) => typeof value === "string");
  if (!isFlat) throw new Failure(`${path} holds something other than names and texts`, next);
  const front = parsed as Readonly<Record<string, string>>;
  const unknown = Object.keys(front).find((name) => !frontNames.includes(name));
  if (unknown !== undefined) throw unknownName(path, unknown);
  return front;
}

function unknownName(path: string, name: string): Failure {
  const meant = nearest(name, frontNames);
  return new Failure(
    `${path} states \`${name.slice(0, 60)}\`, which no report has a line for`,
    meant === null ? `there is ${frontNames.join(", ")}` : `did you mean \`${meant}\`?`,
  );
}

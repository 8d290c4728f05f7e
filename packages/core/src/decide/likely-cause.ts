import type { Instant } from "../base/instant.ts";
import type { PolicyTest } from "../model/policy-set.ts";
import type { Answer } from "../model/question.ts";
import type { ServicePoint } from "../model/service.ts";
import { endOf } from "./ends.ts";
import { opens } from "./match.ts";
import type { World } from "./world.ts";

/** What a test asked, and what it was answered. */
export interface Answered {
  readonly from: string;
  readonly to: string;
  readonly over: ServicePoint;
  readonly at: Instant;
  readonly answer: Answer;
}

/** Why a test probably fails: another one expects the contrary, or a rule has its sides the wrong way round; null where neither is so. */
export function likelyCause(world: World, failing: PolicyTest, answered: Answered): string | null {
  const other = contraryOf(world.set.tests, failing);
  if (other !== undefined) return `the test in ${other.at.file} line ${other.at.line} asks the same and expects ${other.expect}: one of them is wrong`;
  const rule = failing.expect === "allow" ? swappedRule(world, answered) : null;
  return rule === null ? null : `\`${rule}\` allows it the other way round: perhaps its \`from\` and \`to\` are swapped`;
}

function contraryOf(tests: readonly PolicyTest[], failing: PolicyTest): PolicyTest | undefined {
  const key = questionOf(failing);
  return tests.find((one) => one.expect !== failing.expect && questionOf(one) === key);
}

const questionOf = ({ from, to, services }: PolicyTest): string => JSON.stringify([from, to, services]);

/** A rule of the layer that denied which would open if client and server changed places. */
function swappedRule(world: World, { from, to, over, at, answer }: Answered): string | null {
  const [client, server] = [endOf(world, to, at), endOf(world, from, at)];
  if (client.kind !== "known" || server.kind !== "known") return null;
  const { conduits, policies } = world.set;
  const rules = answer.layer === "boundary" ? conduits : answer.layer === "segment" ? policies.flatMap(({ allow }) => allow) : [];
  return rules.find((rule) => opens(rule, { client, server, over, at, facts: {} }))?.name ?? null;
}

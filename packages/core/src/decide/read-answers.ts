import { ipOf } from "../base/ip.ts";
import type { Answer } from "../model/question.ts";
import { answerBetween } from "./decide.ts";
import { type Denial, denialsOf, isBlocked } from "./effect.ts";
import { endOf, holdersOf, type KnownEnd } from "./ends.ts";
import { judge } from "./judgement.ts";
import { bareReadings, workloadReadings } from "./readings.ts";
import type { Case } from "./what-if.ts";
import { type World, worldOf } from "./world.ts";

/** The answer if an end that cannot be told were the one or the other. */
export interface ReadAnswer {
  /** How the ends are read, in words; only what is in doubt. */
  readonly as: string;
  readonly answer: Answer;
  /** The ends at which a point would block it. */
  readonly blockedAt: readonly Denial["end"][];
}

/** Answers under readings of the ends. */
export interface ReadAnswers {
  readonly readings: readonly ReadAnswer[];
  /** How many readings there are beside these: of them nothing is known. */
  readonly readingsOmitted: number;
}

// Every one is decided; two addresses that thousands hold have millions.
const readingsMost = 1000;

/** What a question would be answered under every reading of its ends; empty where one of them has none. */
export function readAnswers({ set, inventory, question }: Case): ReadAnswers {
  const { over, at, facts } = question;
  if (over === null || at === null) return { readings: [], readingsOmitted: 0 };
  const world = worldOf(set, inventory);
  const clients = readEnds(world, question.from, at);
  const servers = readEnds(world, question.to, at);
  const count = clients.length * servers.length;
  const readings = Array.from({ length: Math.min(count, readingsMost) }, (_, index): ReadAnswer => {
    const [client, server] = [clients[Math.floor(index / servers.length)]!, servers[index % servers.length]!];
    const matter = { client: client.end, server: server.end, over, at, facts };
    const blocking = denialsOf(world, matter, judge(world, matter)).filter((denial) => isBlocked([denial]));
    return {
      as: [client.as, server.as].filter((text) => text !== "").join(", and "),
      answer: answerBetween(world, matter),
      blockedAt: (["client", "server"] as const).filter((end) => blocking.some((denial) => denial.end === end)),
    };
  });
  return { readings, readingsOmitted: count - readings.length };
}

interface ReadEnd {
  readonly end: KnownEnd;
  /** "" where there is no doubt. */
  readonly as: string;
}

function readEnds(world: World, text: string, at: number): readonly ReadEnd[] {
  const end = endOf(world, text, at);
  if (end.kind === "known") return [{ end, as: "" }];
  const ip = ipOf(text);
  if (ip === undefined) {
    const workload = world.workloads.get(text);
    return workload === undefined ? [] : workloadReadings(world, workload, at).map((one) => ({ end: one, as: `${text} is ${claimIn(one)}` }));
  }
  const holders = holdersOf(world, ip, at);
  if (holders.length === 0)
    return bareReadings(world, ip).map((one) => ({ end: one, as: `${text} is ${one.workload === null ? "nobody's" : "a workload without labels"}` }));
  return holders.flatMap((holder) => {
    const readings = workloadReadings(world, holder, at);
    return readings.map((one) => ({ end: one, as: `${text} is ${holder.id}${readings.length > 1 ? ` ${claimIn(one)}` : ""}` }));
  });
}

const claimIn = ({ zone, policy }: KnownEnd): string => `in zone ${zone}${policy === null ? "" : ` under policy ${policy.name}`}`;

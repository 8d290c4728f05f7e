// Lives in one namespace: opens its servers and tries doors elsewhere, as JSON lines on its standard input say. It ends with its parent's pipe.
import { createInterface } from "node:readline";
import { attempted } from "./attempt.ts";
import type { Asked, Said } from "./door-line.ts";
import { doors } from "./doors.ts";

const own = doors();
const say = (said: Said): void => void process.stdout.write(`${JSON.stringify(said)}\n`);

async function answer(asked: Asked): Promise<Said> {
  const { id } = asked;
  switch (asked.kind) {
    case "open":
      await own.open(asked.doors);
      return { id };
    case "close":
      own.close(asked.doors);
      return { id };
    case "try":
      return { id, outcome: await attempted(asked.attempt, asked.word) };
    case "heard":
      return { id, words: own.heard() };
  }
}

process.stdout.on("error", () => process.exit(0));
createInterface({ input: process.stdin })
  .on("line", (line) => {
    const asked = JSON.parse(line) as Asked;
    answer(asked).then(say, (error: unknown) => say({ id: asked.id, problem: error instanceof Error ? error.message : String(error) }));
  })
  .on("close", () => process.exit(0));

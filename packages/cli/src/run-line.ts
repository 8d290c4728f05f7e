import { Failure } from "@bulkhead/core/base/failure";
import { buildApplication, type RouteMap, run, text_en } from "@stricli/core";
import { once } from "node:events";
import { asTyped } from "./as-typed.ts";
import { type Context, type Exit, printable } from "./context.ts";
import { helpFor, noSuchVerb, refusal } from "./refusal.ts";

// Verbs that write something down, or do something, beside what they print.
const keeping: ReadonlySet<string> = new Set([
  "ingest",
  "inventory",
  "declared",
  "listen",
  "watch",
  "init",
  "recommend",
  "report",
  "relabel",
  "agent",
  "lab",
  "fmt",
]);

/** Runs one command line and leaves the exit code: 0 yes, 1 no, 2 could not tell. Where no verb is named, `help` is printed. */
export async function runLine(routes: RouteMap<Context>, shell: NodeJS.Process, help?: string): Promise<void> {
  const words = asWritten(shell.argv.slice(2));
  // What machines read is what was said, to the letter.
  const shown = (text: string): string => (words.some((word) => /^--(json|csv|dot)$/.test(word)) ? text : asTyped(text, words));
  const sentenceOf = (error: unknown): string => asTyped(failureText(error), words);
  const application = buildApplication(routes, {
    name: "bulkhead",
    scanner: { caseStyle: "allow-kebab-for-camel" },
    localization: {
      text: {
        ...text_en,
        noCommandRegisteredForInput: noSuchVerb,
        exceptionWhileParsingArguments: refusal,
        exceptionWhileRunningCommand: sentenceOf,
        exceptionWhileLoadingCommandFunction: sentenceOf,
      },
    },
    determineExitCode: () => 2,
  });
  let said: Exit | undefined;
  // A reader that closes the pipe early (`| head`) is no error of ours. Whoever only prints may end then; what is kept must not depend on
  // who reads along, and notes that nobody reads stop nothing.
  shell.stderr.on("error", () => undefined);
  shell.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" && !keeping.has(words[0] ?? "")) shell.exit(said ?? 0);
  });
  const gone = new Promise<void>((resolve) => shell.stdout.once("close", resolve));
  const context: Context = {
    // What stricli says of unknown words repeats them.
    process: { stdout: shell.stdout, stderr: { write: (text: string) => void shell.stderr.write(text.split("\n").map(printable).join("\n")) } },
    out: (text) => void shell.stdout.write(shown(text)),
    outSlowly: async (text) => {
      if (text !== "" && !shell.stdout.destroyed && !shell.stdout.write(shown(text)))
        await Promise.race([once(shell.stdout, "drain").catch(() => undefined), gone]);
    },
    say: (text) => void shell.stderr.write(asTyped(text, words)),
    stdin: shell.stdin,
    env: shell.env,
    colours: shell.stdout.isTTY === true && shell.env["NO_COLOR"] === undefined,
    isTerminal: shell.stderr.isTTY === true,
    exit: (code) => {
      said = code;
    },
  };
  if (help !== undefined && words.every((word) => word === "--help" || word === "-h" || word === "--helpAll")) {
    context.out(help);
    return;
  }
  await run(application, words, context);
  const code = (context.process as { exitCode?: number | null }).exitCode ?? 0;
  // stricli has codes of its own for unknown verbs and flags (-5, -4 …): all of them mean "could not tell".
  if (code < 0) context.say(helpFor(words, routes));
  shell.exitCode = said ?? (code === 0 ? 0 : 2);
}

function failureText(error: unknown): string {
  if (error instanceof Failure) return `bulkhead: ${printable(error.message)}\n  next: ${printable(error.next)}`;
  if (process.env["BULKHEAD_DEBUG"] !== undefined && error instanceof Error) return String(error.stack);
  return `bulkhead: ${printable(error instanceof Error ? error.message : String(error))}\n  next: this is a bug of ours; run again with BULKHEAD_DEBUG=1 and report what it prints`;
}

/** What people try first: `help` and `help VERB` stand for `--help`, `--version`, `-V` and `-v` for `version`. */
function asWritten(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words;
  if (first === "help") return [...rest, "--help"];
  return first === "--version" || first === "-V" || first === "-v" ? ["version", ...rest] : words;
}

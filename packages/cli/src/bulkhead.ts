import { Failure } from "@bulkhead/core/base/failure";
import { buildApplication, buildRouteMap, run, text_en } from "@stricli/core";
import { once } from "node:events";
import { type Context, type Exit, printable } from "./context.ts";
import { command as agentRun } from "./verbs/agent-run.ts";
import { command as agentStatus } from "./verbs/agent-status.ts";
import { command as agentUnenforce } from "./verbs/agent-unenforce.ts";
import { command as check } from "./verbs/check.ts";
import { command as compile } from "./verbs/compile.ts";
import { command as decide } from "./verbs/decide.ts";
import { command as decode } from "./verbs/decode.ts";
import { command as explain } from "./verbs/explain.ts";
import { command as fmt } from "./verbs/fmt.ts";
import { command as ingest } from "./verbs/ingest.ts";
import { command as init } from "./verbs/init.ts";
import { command as inventoryConflicts } from "./verbs/inventory-conflicts.ts";
import { command as inventoryImport } from "./verbs/inventory-import.ts";
import { command as inventoryList } from "./verbs/inventory-list.ts";
import { command as labAttack } from "./verbs/lab-attack.ts";
import { command as labDown } from "./verbs/lab-down.ts";
import { command as labProbe } from "./verbs/lab-probe.ts";
import { command as labUnenforce } from "./verbs/lab-unenforce.ts";
import { command as labUp } from "./verbs/lab-up.ts";
import { command as map } from "./verbs/map.ts";
import { command as flows } from "./verbs/flows.ts";
import { command as recommend } from "./verbs/recommend.ts";
import { command as simulate } from "./verbs/simulate.ts";
import { command as version } from "./verbs/version.ts";

const routes = buildRouteMap({
  routes: {
    agent: buildRouteMap({ routes: { run: agentRun, status: agentStatus, unenforce: agentUnenforce }, docs: { brief: "Enforce policy on this host" } }),
    check,
    compile,
    decide,
    decode,
    explain,
    fmt,
    ingest,
    init,
    inventory: buildRouteMap({
      routes: { conflicts: inventoryConflicts, import: inventoryImport, list: inventoryList },
      defaultCommand: "list",
      docs: { brief: "What is known about workloads" },
    }),
    lab: buildRouteMap({
      routes: { attack: labAttack, down: labDown, probe: labProbe, unenforce: labUnenforce, up: labUp },
      docs: { brief: "Practise on a network of namespaces: real servers, real packets, one agent a host" },
    }),
    map,
    flows,
    recommend,
    simulate,
    version,
  },
  docs: {
    brief: "Microsegmentation you can trust with a production network.",
    fullDescription:
      "Results on stdout, the rest on stderr. Exit 0: yes. 1: no. 2: could not tell. State lives in ./.bulkhead, or --data DIR, or BULKHEAD_DATA.",
  },
});

const application = buildApplication(routes, {
  name: "bulkhead",
  scanner: { caseStyle: "allow-kebab-for-camel" },
  localization: { text: { ...text_en, exceptionWhileRunningCommand: sentenceOf, exceptionWhileLoadingCommandFunction: sentenceOf } },
  determineExitCode: () => 2,
});

function sentenceOf(error: unknown): string {
  if (error instanceof Failure) return `bulkhead: ${printable(error.message)}\n  next: ${printable(error.next)}`;
  if (process.env["BULKHEAD_DEBUG"] !== undefined && error instanceof Error) return String(error.stack);
  return `bulkhead: ${printable(error instanceof Error ? error.message : String(error))}\n  next: this is a bug of ours; run again with BULKHEAD_DEBUG=1 and report what it prints`;
}

/** What people try first: `help` and `help VERB` stand for `--help`, `--version` for `version`. */
function asWritten(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words;
  if (first === "help") return [...rest, "--help"];
  return first === "--version" || first === "-V" ? ["version", ...rest] : words;
}

/** Runs one command line and leaves the exit code: 0 yes, 1 no, 2 could not tell. */
export async function main(shell: NodeJS.Process): Promise<void> {
  let said: Exit | undefined;
  // A reader that closes the pipe early (`| head`) is no error of ours.
  for (const stream of [shell.stdout, shell.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") shell.exit(said ?? 0);
    });
  const context: Context = {
    // What stricli says of unknown words repeats them.
    process: { stdout: shell.stdout, stderr: { write: (text: string) => void shell.stderr.write(text.split("\n").map(printable).join("\n")) } },
    out: (text) => void shell.stdout.write(text),
    outSlowly: async (text) => {
      if (text !== "" && !shell.stdout.write(text)) await once(shell.stdout, "drain");
    },
    say: (text) => void shell.stderr.write(text),
    stdin: shell.stdin,
    env: shell.env,
    colours: shell.stdout.isTTY === true && shell.env["NO_COLOR"] === undefined,
    isTerminal: shell.stderr.isTTY === true,
    exit: (code) => {
      said = code;
    },
  };
  await run(application, asWritten(shell.argv.slice(2)), context);
  const code = (context.process as { exitCode?: number | null }).exitCode ?? 0;
  // stricli has codes of its own for unknown verbs and flags (-5, -4 …): all of them mean "could not tell".
  shell.exitCode = said ?? (code === 0 ? 0 : 2);
}

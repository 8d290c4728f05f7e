import { buildRouteMap } from "@stricli/core";
import { runLine } from "./run-line.ts";
import { command as run } from "./verbs/agent-run.ts";
import { command as status } from "./verbs/agent-status.ts";
import { command as unenforce } from "./verbs/agent-unenforce.ts";

// The door of the agent in one file (tools/build-agent.mjs): `bulkhead agent …` for a host that has Node and nothing else.
const agent = buildRouteMap({ routes: { run, status, unenforce }, docs: { brief: "Enforce policy on this host" } });
const routes = buildRouteMap({ routes: { agent }, docs: { brief: "The agent of bulkhead, in one file" } });

await runLine(routes, process);

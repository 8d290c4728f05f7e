import { buildRouteMap } from "@stricli/core";
import { journeyText } from "./journey.ts";
import { runLine } from "./run-line.ts";
import { command as agentRun } from "./verbs/agent-run.ts";
import { command as agentStatus } from "./verbs/agent-status.ts";
import { command as agentUnenforce } from "./verbs/agent-unenforce.ts";
import { command as calendar } from "./verbs/calendar.ts";
import { command as calendarDeclare } from "./verbs/calendar-declare.ts";
import { command as calendarImport } from "./verbs/calendar-import.ts";
import { command as calendarWithdraw } from "./verbs/calendar-withdraw.ts";
import { command as check } from "./verbs/check.ts";
import { command as compile } from "./verbs/compile.ts";
import { command as completeness } from "./verbs/completeness.ts";
import { command as decide } from "./verbs/decide.ts";
import { command as declaredImport } from "./verbs/declared-import.ts";
import { command as declaredList } from "./verbs/declared-list.ts";
import { command as decode } from "./verbs/decode.ts";
import { command as diff } from "./verbs/diff.ts";
import { command as explain } from "./verbs/explain.ts";
import { command as fmt } from "./verbs/fmt.ts";
import { command as functions } from "./verbs/functions.ts";
import { command as ingest } from "./verbs/ingest.ts";
import { command as init } from "./verbs/init.ts";
import { command as inventoryAgreements } from "./verbs/inventory-agreements.ts";
import { command as inventoryConfirm } from "./verbs/inventory-confirm.ts";
import { command as inventoryConfirmations } from "./verbs/inventory-confirmations.ts";
import { command as inventoryConflicts } from "./verbs/inventory-conflicts.ts";
import { command as inventoryIdentities } from "./verbs/inventory-identities.ts";
import { command as inventoryImport } from "./verbs/inventory-import.ts";
import { command as inventoryList } from "./verbs/inventory-list.ts";
import { command as inventorySuggest } from "./verbs/inventory-suggest.ts";
import { command as inventoryUnknown } from "./verbs/inventory-unknown.ts";
import { command as inventoryNetworks } from "./verbs/inventory-networks.ts";
import { command as labAttack } from "./verbs/lab-attack.ts";
import { command as labDown } from "./verbs/lab-down.ts";
import { command as labProbe } from "./verbs/lab-probe.ts";
import { command as labUnenforce } from "./verbs/lab-unenforce.ts";
import { command as labUp } from "./verbs/lab-up.ts";
import { command as lint } from "./verbs/lint.ts";
import { command as listen } from "./verbs/listen.ts";
import { command as map } from "./verbs/map.ts";
import { command as flows } from "./verbs/flows.ts";
import { command as reach } from "./verbs/reach.ts";
import { command as recommend } from "./verbs/recommend.ts";
import { command as relabel } from "./verbs/relabel.ts";
import { command as replay } from "./verbs/replay.ts";
import { command as reportArchitecture } from "./verbs/report-architecture.ts";
import { command as reportRegister } from "./verbs/report-register.ts";
import { command as simulate } from "./verbs/simulate.ts";
import { command as sources } from "./verbs/sources.ts";
import { command as test } from "./verbs/test.ts";
import { command as translations } from "./verbs/translations.ts";
import { command as version } from "./verbs/version.ts";
import { command as watch } from "./verbs/watch.ts";

const routes = buildRouteMap({
  routes: {
    agent: buildRouteMap({ routes: { run: agentRun, status: agentStatus, unenforce: agentUnenforce }, docs: { brief: "Enforce policy on this host" } }),
    calendar: buildRouteMap({
      routes: { show: calendar, declare: calendarDeclare, import: calendarImport, withdraw: calendarWithdraw },
      defaultCommand: "show",
      docs: { brief: "In which rhythm dependencies show themselves, and which declared events were recorded" },
    }),
    check,
    compile,
    completeness,
    decide,
    decode,
    diff,
    explain,
    fmt,
    ingest,
    init,
    declared: buildRouteMap({
      routes: { import: declaredImport, list: declaredList },
      defaultCommand: "list",
      docs: { brief: "What people and files say depends on what, beside what was seen" },
    }),
    inventory: buildRouteMap({
      routes: {
        agreements: inventoryAgreements,
        conflicts: inventoryConflicts,
        identities: inventoryIdentities,
        import: inventoryImport,
        list: inventoryList,
        networks: inventoryNetworks,
        confirm: inventoryConfirm,
        confirmations: inventoryConfirmations,
        suggest: inventorySuggest,
        unknown: inventoryUnknown,
      },
      defaultCommand: "list",
      docs: { brief: "What is known about workloads" },
    }),
    lab: buildRouteMap({
      routes: { attack: labAttack, down: labDown, probe: labProbe, unenforce: labUnenforce, up: labUp },
      docs: { brief: "Practise on a network of namespaces: real servers, real packets, one agent a host" },
    }),
    lint,
    listen,
    map,
    flows,
    functions,
    reach,
    recommend,
    relabel,
    replay,
    report: buildRouteMap({
      routes: { architecture: reportArchitecture, register: reportRegister },
      docs: { brief: "Documents for the people who must answer for it" },
    }),
    simulate,
    sources,
    test,
    translations,
    version,
    watch,
  },
  docs: {
    brief: "microsegmentation you can trust with a production network",
    fullDescription:
      "Results on stdout, the rest on stderr. Exit 0: yes. 1: no. 2: could not tell. State lives in ./.bulkhead, or --data DIR, or BULKHEAD_DATA.",
  },
});

/** Runs one command line and leaves the exit code: 0 yes, 1 no, 2 could not tell. */
export const main = (shell: NodeJS.Process): Promise<void> => runLine(routes, shell, journeyText(routes));

import { podOf, policyFilesFor } from "@bulkhead/adapters/policies/testing/network-policies";
import { cellsOf, type TruthTable, truthTables } from "@bulkhead/adapters/policies/testing/truth-tables";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { missing } from "./command.ts";
import { askUp, removeLab, startLab, stateOf } from "./keeper.ts";
import { sharedAddresses } from "./matrix.ts";

const absent = missing()?.message ?? (truthTables.length === 0 ? "Kubernetes' truth tables do not lie beside this checkout" : null);
if (absent !== null) process.stdout.write(`Kubernetes' truth is not tried in the kernel here: ${absent}\n`);
const bulkhead = fileURLToPath(new URL("../../cli/bin/bulkhead.js", import.meta.url));

const pods = [...new Set(truthTables.flatMap(({ pods: own }) => own))].sort();
const spaces = [...new Set(pods.map((pod) => podOf(pod).ns))];
const hostOf = (pod: string): string => pod.replace("/", "-");

/** Each Kubernetes namespace is a subnet, each pod a host with a server of its own. */
function topology(): string {
  const subnets = Object.fromEntries(spaces.map((ns, number) => [ns, [`10.0.${number}.0/24`, `fd00:0:0:${number}::/64`]]));
  const hosts = pods.map((pod, number) => {
    const { ns } = podOf(pod);
    const subnet = spaces.indexOf(ns);
    return {
      id: hostOf(pod),
      subnet: ns,
      addresses: [`10.0.${subnet}.${number + 10}`, `fd00:0:0:${subnet}::${number + 10}`],
      labels: podOf(pod),
      listens: doors,
    };
  });
  return JSON.stringify({ subnets, hosts });
}
const doors = [...new Set(truthTables.map(({ port }) => `tcp/${port}`))];

/** What is between the agents and the kernel: where a file of this name lies, it takes refusals out of what is loaded. */
function leakingNft(directory: string): string {
  const leak = (name: string, what: string): string => `[ -e ${join(directory, name)} ] && [ "$1" = -f ] && sed -i 's/goto ${what}/accept/' "$2"`;
  mkdirSync(join(directory, "bin"));
  const script = ["#!/bin/sh", leak("leak-in", "deny_server"), leak("leak-out", "deny_client"), "PATH=${PATH#*:}", 'exec nft "$@"', ""].join("\n");
  writeFileSync(join(directory, "bin", "nft"), script);
  chmodSync(join(directory, "bin", "nft"), 0o755);
  return join(directory, "bin");
}

/** Puts the policies of a table into force and gives the cells that differ from what Kubernetes expects, over both families. */
async function differing(directory: string, table: TruthTable): Promise<readonly string[]> {
  const policy = join(directory, "policy");
  rmSync(policy, { recursive: true, force: true });
  mkdirSync(policy);
  for (const { path, bytes } of policyFilesFor(table.policies, table.pods.map(podOf))) writeFileSync(join(policy, path), bytes);
  const taken = await askUp(directory, { kind: "enforce", policy });
  expect(taken.filter(({ refused }) => refused !== null)).toEqual([]);
  const { described } = await stateOf(directory);
  const attempts = cellsOf(table).flatMap(({ cell, passes, ends }) => {
    const [client, server] = ends.map((pod) => described.hosts.find(({ id }) => id === hostOf(pod))!);
    return sharedAddresses(client!, server!).map((address) => ({ cell, passes, from: client!.id, to: server!.id, address, over: `tcp/${table.port}` }));
  });
  expect(attempts.length).toBe(2 * cellsOf(table).length);
  const outcomes = await askUp(directory, { kind: "measure", attempts, doors: [] });
  return attempts.flatMap(({ cell, passes, address }, number) => {
    const outcome = outcomes[number]!;
    const agrees = passes ? outcome === "answered" : outcome === "refused" || outcome === "silent";
    return agrees ? [] : [`${cell} ${address} ${outcome}`];
  });
}

test.skipIf(absent !== null)(
  "real sockets reach in every cell what Kubernetes' truth tables say, over both families; rules with a leak are caught in the cells that leak",
  { timeout: 120_000 },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), "bulkhead-truth-"));
    try {
      writeFileSync(join(directory, "topology.yaml"), topology());
      const path = `PATH=${leakingNft(directory)}:${process.env["PATH"] ?? ""}:/usr/sbin`;
      await startLab(directory, { topologyFile: join(directory, "topology.yaml"), minutes: 5, bulkhead: ["env", path, process.execPath, bulkhead] });
      for (const table of truthTables) expect([table.name, await differing(directory, table)]).toEqual([table.name, []]);
      // The controls: where the servers' rules leak, what nobody may reach is reached, unless the client's own rules close, too.
      const [inward, both] = truthTables;
      const closed = (table: TruthTable, isCounted: (cell: string) => boolean): number =>
        2 * cellsOf(table).filter(({ cell, passes }) => !passes && isCounted(cell)).length;
      writeFileSync(join(directory, "leak-in"), "");
      expect((await differing(directory, inward!)).length).toBe(closed(inward!, () => true));
      expect((await differing(directory, both!)).length).toBe(closed(both!, (cell) => !cell.startsWith("x/")));
      writeFileSync(join(directory, "leak-out"), "");
      await differing(directory, inward!);
      expect((await differing(directory, both!)).length).toBe(closed(both!, () => true));
    } finally {
      await removeLab(directory);
      rmSync(directory, { recursive: true, force: true });
    }
  },
);

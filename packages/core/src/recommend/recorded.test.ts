import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { pcap } from "@bulkhead/adapters/sources/pcap/decode";
import { zeekConn } from "@bulkhead/adapters/sources/zeek-conn/decode";
import { expect, test } from "vitest";
import { scannersAmong } from "../map/scanners.ts";
import type { Connection } from "../model/connection.ts";
import type { FlowFormat } from "../outside.ts";
import { attributionOf, flowsOf } from "../telemetry/attribute.ts";
import { conversationsOf } from "../telemetry/conversations.ts";
import { recommend } from "./recommend.ts";

const flowsFrom = (records: readonly Connection[], addresses: readonly string[]) =>
  flowsOf(conversationsOf(records), attributionOf(addresses.map((address) => ({ address, from: null, until: null, holders: [`host-${address}`] }))));

const shared = (path: string): URL => new URL(`../../../../../shared/data/${path}`, import.meta.url);
function decoded(format: FlowFormat, path: string): readonly Connection[] {
  const bytes = readFileSync(shared(path));
  const decoder = format.decoder({ file: path });
  return [...decoder.push(path.endsWith(".gz") ? gunzipSync(bytes) : bytes), ...decoder.end()].flatMap((one) =>
    one.kind === "connection" ? [one.connection] : [],
  );
}

const office = "flows-zeek-pcap/office-2009-m57/conn.log";
test.skipIf(!existsSync(shared(office)))(
  "a recorded office has no scanner, and its names, addresses and web are proposed (skipped without the shared data)",
  () => {
    const addresses = [1, 102, 103, 104, 105].map((n) => `192.168.1.${n}`);
    const flows = flowsFrom(decoded(zeekConn, office), addresses);
    expect(scannersAmong(flows, () => "")).toEqual([]);
    const workloads = addresses.map((address) => ({
      id: `host-${address}`,
      labels: { app: "office", env: "office", role: address.endsWith(".1") ? "gateway" : "workstation" },
      owner: null,
    }));
    const { rules, files, heldOut } = recommend(flows, workloads);
    expect(heldOut.filter(({ why }) => why === "scanner")).toEqual([]);
    expect(rules.map(({ name }) => name)).toEqual(expect.arrayContaining(["conduit/office-to-outside", "office-office/workstation-to-gateway"]));
    const text = files.map((file) => file.text).join("");
    for (const service of ["udp/53", "udp/67", "http"]) expect(text).toMatch(new RegExp(`over: \\[.*${service}`));
  },
);

const plant = "ot-westermo/right.pcap.gz";
test.skipIf(!existsSync(shared(plant)))(
  "a recorded port scan of a plant is seen, of a machine in no inventory (skipped without the shared data)",
  { timeout: 120_000 },
  () => {
    expect(scannersAmong(flowsFrom(decoded(pcap, plant), []), () => "")).toMatchObject([{ name: "198.18.134.99", isWorkload: false, services: 1001 }]);
  },
);

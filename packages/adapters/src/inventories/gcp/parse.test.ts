import { expect, test } from "vitest";
import { gcpInstance } from "../testing/cloud-samples.ts";
import { told } from "../testing/told.ts";

const json = (document: object) => told(JSON.stringify(document));
const since = "[11-20T08:00..]";
const line = `shop/web-1 | app=shop env=prod network-tags=lb web zone=us-west1-a | class=server identity=web@shop.iam.gserviceaccount.com | 10.0.0.7${since} 203.0.113.7${since}`;

test("a machine holds its addresses since it was made, whether listed alone, on a page, or by zone", () => {
  expect(json([gcpInstance]).workloads).toEqual([line]);
  expect(json({ kind: "compute#instanceList", items: [gcpInstance] }).workloads).toEqual([line]);
  expect(json({ kind: "compute#instanceAggregatedList", items: { "zones/a": { instances: [gcpInstance] }, "zones/b": { warning: {} } } }).workloads).toEqual([
    line,
  ]);
});

test("a forwarding rule is a balancer with its address; one that names services has none", () => {
  const rule = {
    kind: "compute#forwardingRule",
    name: "front",
    selfLink: "https://x/projects/shop/regions/r/forwardingRules/front",
    IPAddress: "10.0.0.100",
    backendService: "https://x/backendServices/web",
  };
  expect(json([rule, { ...rule, name: "apis", IPAddress: "all-apis" }]).workloads).toEqual([
    "shop/forwarding-rules/front | - | backends=web class=load-balancer | 10.0.0.100",
    "shop/forwarding-rules/apis | - | backends=web class=load-balancer | -",
  ]);
});

test("a database has its labels and addresses", () => {
  const database = {
    kind: "sql#instance",
    name: "ledger",
    project: "shop",
    databaseVersion: "POSTGRES_16",
    ipAddresses: [{ type: "PRIVATE", ipAddress: "10.9.0.3" }],
    settings: { userLabels: { app: "billing" } },
  };
  expect(json([database]).workloads).toEqual(["shop/sql/ledger | app=billing engine=POSTGRES_16 | class=database | 10.9.0.3"]);
});

test("subnets have prefixes, also their secondary ones; networks, routes, rules and gateways have none", () => {
  const network = "https://x/projects/shop/global/networks/prod";
  expect(
    json([
      { kind: "compute#network", name: "prod", selfLink: network, peerings: [{ name: "to-hub", network: "https://x/networks/hub", state: "ACTIVE" }] },
      {
        kind: "compute#subnetwork",
        name: "web",
        network,
        region: "https://x/regions/r",
        ipCidrRange: "10.0.0.0/20",
        secondaryIpRanges: [{ rangeName: "pods", ipCidrRange: "10.4.0.0/14" }],
      },
      { kind: "compute#route", name: "out", network, destRange: "0.0.0.0/0", nextHopGateway: "https://x/gateways/default-internet-gateway" },
      { kind: "compute#route", name: "inside", network, destRange: "10.0.0.0/20", nextHopNetwork: network },
      { kind: "compute#firewall", name: "allow-ssh", network },
      { kind: "compute#router", name: "nat", network, nats: [{ name: "a" }] },
    ]).networks,
  ).toEqual([
    "vpc | prod | - | id=shop/prod",
    "peering | to-hub | - | peer=hub status=ACTIVE vpc=prod",
    "subnet | web | 10.0.0.0/20 | region=r vpc=prod",
    "subnet | pods | 10.4.0.0/14 | region=r subnet=web vpc=prod",
    "route | out | - | destination=0.0.0.0/0 via=default-internet-gateway vpc=prod",
    "firewall-rule | allow-ssh | - | vpc=prod",
    "nat-gateway | nat | - | vpc=prod",
  ]);
});

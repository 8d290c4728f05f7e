import { expect, test } from "vitest";
import { azureId, azureInterface, azureMachine } from "../testing/cloud-samples.ts";
import { told } from "../testing/told.ts";

const json = (document: object) => told(JSON.stringify(document));

test("a machine has its tags, and holds the addresses of its interface, whose id may be written in any case", () => {
  expect(json([azureMachine, azureInterface]).workloads).toEqual([
    "shop/web1 | app=shop env=prod location=westeurope | class=server mac=00:0d:3a:a9:9a:0d os=Linux | 10.0.0.4",
    "shop/networkinterfaces/web1-nic | - | same-as=shop/web1 | -",
  ]);
});

test("the command line lays out the same without `properties`, and spells its acronyms otherwise", () => {
  const flat = {
    id: azureInterface.id,
    macAddress: "00-0D-3A-A9-9A-0D",
    virtualMachine: azureInterface.properties.virtualMachine,
    ipConfigurations: [{ privateIpAddress: "10.0.0.4", subnet: { id: azureId("Microsoft.Network/virtualNetworks", "net/subnets/default") } }],
  };
  expect(json([flat]).workloads).toContain("shop/web1 | - | mac=00:0d:3a:a9:9a:0d | 10.0.0.4");
});

test("a public address belongs to what its configuration belongs to", () => {
  const address = (name: string): object => ({
    id: azureId("Microsoft.Network/publicIPAddresses", name),
    properties: { ipAddress: "203.0.113.7", ipConfiguration: { id: azureId("Microsoft.Network/networkInterfaces", "WEB1-NIC/ipConfigurations/a") } },
  });
  expect(json([address("a")]).workloads).toEqual(["shop/networkinterfaces/web1-nic | - | - | 203.0.113.7"]);
});

test("machines of a scale set are one each", () => {
  const set = azureId("Microsoft.Compute/virtualMachineScaleSets", "pool/virtualMachines/3");
  const nic = {
    id: `${set}/networkInterfaces/nic`,
    properties: { virtualMachine: { id: set }, ipConfigurations: [{ properties: { privateIPAddress: "10.0.0.9" } }] },
  };
  expect(json([nic]).workloads).toContain("shop/pool_3 | - | - | 10.0.0.9");
});

test("a balancer holds its front, and names what is behind it", () => {
  const balancer = {
    id: azureId("Microsoft.Network/loadBalancers", "front"),
    properties: {
      frontendIPConfigurations: [{ properties: { privateIPAddress: "10.0.0.100" } }],
      backendAddressPools: [
        { properties: { backendIPConfigurations: [{ id: azureId("Microsoft.Network/networkInterfaces", "web1-nic/ipConfigurations/a") }] } },
      ],
    },
  };
  expect(json(balancer).workloads).toEqual(["shop/loadbalancers/front | - | backends=shop/networkinterfaces/web1-nic class=load-balancer | 10.0.0.100"]);
});

test("networks, routes and what stands at the border are networks", () => {
  const { networks } = json([
    {
      id: azureId("Microsoft.Network/virtualNetworks", "net"),
      name: "net",
      addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
      subnets: [{ name: "web", addressPrefix: "10.0.0.0/24", networkSecurityGroup: { id: azureId("Microsoft.Network/networkSecurityGroups", "web-nsg") } }],
      virtualNetworkPeerings: [{ name: "to-hub", remoteVirtualNetwork: { id: azureId("Microsoft.Network/virtualNetworks", "hub") } }],
    },
    {
      id: azureId("Microsoft.Network/routeTables", "t"),
      name: "t",
      routes: [{ name: "out", addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.0.1.4" }],
    },
    {
      id: azureId("Microsoft.Network/localNetworkGateways", "office"),
      name: "office",
      properties: { gatewayIpAddress: "203.0.113.1", localNetworkAddressSpace: { addressPrefixes: ["192.168.0.0/24"] } },
    },
    { id: azureId("Microsoft.Network/natGateways", "out"), name: "out" },
  ]);
  expect(networks).toEqual([
    "vnet | net | 10.0.0.0/16 | id=shop/virtualnetworks/net",
    "subnet | web | 10.0.0.0/24 | security-group=web-nsg vnet=net",
    "peering | to-hub | - | peer=hub vnet=net",
    "route | out | - | destination=0.0.0.0/0 table=t via=10.0.1.4",
    "remote-site | office | 192.168.0.0/24 | address=203.0.113.1 id=shop/localnetworkgateways/office",
    "nat-gateway | out | - | id=shop/natgateways/out",
  ]);
});

test("resources of other kinds are passed over, and a prefix that is none is said", () => {
  expect(json([{ id: azureId("Microsoft.Storage/storageAccounts", "s") }])).toEqual({ workloads: [], networks: [], problems: [] });
  expect(json({ id: azureId("Microsoft.Network/virtualNetworks", "net"), addressSpace: { addressPrefixes: ["10.0.0.1/16"] } }).problems).toEqual([
    "resource 1: `10.0.0.1/16` is no prefix",
  ]);
});

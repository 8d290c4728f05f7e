import type { CloudReading } from "../cloud.ts";
import { listAt, textAt } from "../tree.ts";
import { nameOfId, networkInId, property, propertyList, propertyText, reference, type Resource } from "./resource.ts";

type Tell = (told: CloudReading, resource: Resource, where: string) => void;

/** How the network is cut, and what stands at its borders. */
export const networkKinds: Readonly<Record<string, Tell>> = {
  "microsoft.network/virtualnetworks": networkOf,
  "microsoft.network/virtualnetworks/subnets": (told, { id, value }, where) => subnetOf(told, value, { where, network: networkInId(id) }),
  "microsoft.network/networksecuritygroups": (told, one, where) => deviceOf(told, one, { where, kind: "security-group" }),
  "microsoft.network/routetables": routesOf,
  "microsoft.network/natgateways": (told, one, where) => deviceOf(told, one, { where, kind: "nat-gateway" }),
  "microsoft.network/virtualnetworkgateways": (told, one, where) => deviceOf(told, one, { where, kind: "vpn-gateway" }),
  "microsoft.network/expressroutecircuits": (told, one, where) => deviceOf(told, one, { where, kind: "private-line" }),
  "microsoft.network/virtualhubs": (told, one, where) => deviceOf(told, one, { where, kind: "transit-gateway" }),
  "microsoft.network/localnetworkgateways": remoteOf,
};

const nameIn = (value: unknown, id: string): string => textAt(value, "name") ?? nameOfId(id) ?? "unnamed";

const prefixesIn = (value: unknown): readonly string[] => [
  ...new Set([propertyText(value, "addressPrefix"), ...propertyList(value, "addressPrefixes")].filter((one): one is string => typeof one === "string")),
];

function networkOf(told: CloudReading, { id, value }: Resource, where: string): void {
  const name = nameIn(value, id);
  const attributes = { id: nameOfId(id), location: textAt(value, "location") };
  for (const prefix of listAt(property(value, "addressSpace"), "addressPrefixes"))
    told.network({ name, kind: "vnet", where, prefix: typeof prefix === "string" ? prefix : "", attributes });
  for (const subnet of propertyList(value, "subnets")) subnetOf(told, subnet, { where, network: name });
  for (const peering of propertyList(value, "virtualNetworkPeerings")) {
    const peer = networkInId(reference(peering, "remoteVirtualNetwork"));
    told.network({
      name: textAt(peering, "name") ?? "unnamed",
      kind: "peering",
      where,
      attributes: { vnet: name, peer, status: propertyText(peering, "peeringState") },
    });
  }
}

function subnetOf(told: CloudReading, value: unknown, { where, network }: { readonly where: string; readonly network: string | undefined }): void {
  const attributes = {
    vnet: network,
    "security-group": lastOf(reference(value, "networkSecurityGroup")),
    "nat-gateway": lastOf(reference(value, "natGateway")),
    "route-table": lastOf(reference(value, "routeTable")),
  };
  for (const prefix of prefixesIn(value)) told.network({ name: textAt(value, "name") ?? "unnamed", kind: "subnet", where, prefix, attributes });
}

const lastOf = (id: string | undefined): string | undefined => id?.split("/").at(-1);

/** A route is no network that anybody is in: its destination is an attribute. */
function routesOf(told: CloudReading, { id, value }: Resource, where: string): void {
  for (const route of propertyList(value, "routes")) {
    const attributes = {
      table: nameIn(value, id),
      destination: propertyText(route, "addressPrefix"),
      via: propertyText(route, "nextHopIpAddress") ?? propertyText(route, "nextHopType"),
    };
    told.network({ name: textAt(route, "name") ?? "unnamed", kind: "route", where, attributes });
  }
}

function deviceOf(told: CloudReading, { id, value }: Resource, { where, kind }: { readonly where: string; readonly kind: string }): void {
  const subnets = propertyList(value, "subnets").map((one) => networkInId(textAt(one, "id")));
  told.network({
    name: nameIn(value, id),
    kind,
    where,
    attributes: { id: nameOfId(id), vnet: subnets.find((name) => name !== undefined), location: textAt(value, "location") },
  });
}

/** What lies behind a tunnel to somewhere else. */
function remoteOf(told: CloudReading, { id, value }: Resource, where: string): void {
  const attributes = { id: nameOfId(id), address: propertyText(value, "gatewayIPAddress") };
  for (const prefix of listAt(property(value, "localNetworkAddressSpace"), "addressPrefixes"))
    told.network({ name: nameIn(value, id), kind: "remote-site", where, prefix: typeof prefix === "string" ? prefix : "", attributes });
}

import type { CloudReading } from "../cloud.ts";
import { listAt, textAt } from "../tree.ts";
import { lastOf, nameOf } from "./url.ts";

type Tell = (told: CloudReading, value: unknown, where: string) => void;

/** How the network is cut, and what stands at its borders. */
export const networkKinds: Readonly<Record<string, Tell>> = {
  "compute#network": networkOf,
  "compute#subnetwork": subnetOf,
  "compute#route": routeOf,
  "compute#firewall": (told, value, where) => deviceOf(told, value, { where, kind: "firewall-rule" }),
  "compute#router": (told, value, where) => deviceOf(told, value, { where, kind: listAt(value, "nats").length > 0 ? "nat-gateway" : "router" }),
  "compute#vpnTunnel": (told, value, where) => deviceOf(told, value, { where, kind: "vpn" }),
  "compute#vpnGateway": (told, value, where) => deviceOf(told, value, { where, kind: "vpn-gateway" }),
  "compute#targetVpnGateway": (told, value, where) => deviceOf(told, value, { where, kind: "vpn-gateway" }),
  "compute#interconnectAttachment": (told, value, where) => deviceOf(told, value, { where, kind: "private-line" }),
};

const nameIn = (value: unknown): string => textAt(value, "name") ?? "unnamed";

/** Only networks of the oldest kind have a prefix of their own; peerings stand in their network. */
function networkOf(told: CloudReading, value: unknown, where: string): void {
  told.network({ name: nameIn(value), kind: "vpc", where, prefix: textAt(value, "IPv4Range"), attributes: { id: nameOf(value) } });
  for (const peering of listAt(value, "peerings"))
    told.network({
      name: nameIn(peering),
      kind: "peering",
      where,
      attributes: { vpc: nameIn(value), peer: lastOf(textAt(peering, "network")), status: textAt(peering, "state") },
    });
}

function subnetOf(told: CloudReading, value: unknown, where: string): void {
  const attributes = { vpc: lastOf(textAt(value, "network")), region: lastOf(textAt(value, "region")) };
  const name = nameIn(value);
  for (const key of ["ipCidrRange", "ipv6CidrRange", "internalIpv6Prefix", "externalIpv6Prefix"])
    if (textAt(value, key) !== undefined) told.network({ name, kind: "subnet", where, prefix: textAt(value, key), attributes });
  for (const range of listAt(value, "secondaryIpRanges"))
    told.network({
      name: textAt(range, "rangeName") ?? name,
      kind: "subnet",
      where,
      prefix: textAt(range, "ipCidrRange"),
      attributes: { ...attributes, subnet: name },
    });
}

const hops = ["nextHopGateway", "nextHopIp", "nextHopInstance", "nextHopIlb", "nextHopVpnTunnel", "nextHopPeering", "nextHopHub"];

/** A route is no network that anybody is in: its destination is an attribute. Those inside of the network itself say nothing. */
function routeOf(told: CloudReading, value: unknown, where: string): void {
  const via = hops.map((hop) => textAt(value, hop)).find((text) => text !== undefined);
  if (via === undefined) return;
  told.network({
    name: nameIn(value),
    kind: "route",
    where,
    attributes: { vpc: lastOf(textAt(value, "network")), destination: textAt(value, "destRange"), via: lastOf(via) },
  });
}

function deviceOf(told: CloudReading, value: unknown, { where, kind }: { readonly where: string; readonly kind: string }): void {
  told.network({
    name: nameIn(value),
    kind,
    where,
    attributes: { vpc: lastOf(textAt(value, "network")), region: lastOf(textAt(value, "region")), address: textAt(value, "peerIp") },
  });
}

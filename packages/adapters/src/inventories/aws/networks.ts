import type { CloudReading } from "../cloud.ts";
import { listAt, textAt } from "../tree.ts";
import type { AwsList } from "./list.ts";
import { nameOf } from "./tags.ts";

/** How the network is cut, and what stands at its borders. */
export const networkLists: Readonly<Record<string, AwsList>> = {
  Vpcs: { key: "VpcId", tell: vpcOf },
  Subnets: { key: "SubnetId", tell: subnetOf },
  RouteTables: { key: "RouteTableId", tell: routesOf },
  SecurityGroups: { key: "GroupId", tell: (told, one, where) => deviceOf(told, one, { where, kind: "security-group", id: "GroupId" }) },
  NetworkAcls: { key: "NetworkAclId", tell: (told, one, where) => deviceOf(told, one, { where, kind: "network-acl", id: "NetworkAclId" }) },
  InternetGateways: { key: "InternetGatewayId", tell: (told, one, where) => deviceOf(told, one, { where, kind: "internet-gateway", id: "InternetGatewayId" }) },
  EgressOnlyInternetGateways: {
    key: "EgressOnlyInternetGatewayId",
    tell: (told, one, where) => deviceOf(told, one, { where, kind: "internet-gateway", id: "EgressOnlyInternetGatewayId" }),
  },
  VpnGateways: { key: "VpnGatewayId", tell: (told, one, where) => deviceOf(told, one, { where, kind: "vpn-gateway", id: "VpnGatewayId" }) },
  CustomerGateways: { key: "CustomerGatewayId", tell: (told, one, where) => deviceOf(told, one, { where, kind: "customer-gateway", id: "CustomerGatewayId" }) },
  VpnConnections: { key: "VpnConnectionId", tell: (told, one, where) => deviceOf(told, one, { where, kind: "vpn", id: "VpnConnectionId" }) },
  VpcEndpoints: { key: "VpcEndpointId", tell: (told, one, where) => deviceOf(told, one, { where, kind: "endpoint", id: "VpcEndpointId" }) },
  VpcPeeringConnections: { key: "VpcPeeringConnectionId", tell: peeringOf },
  TransitGateways: { key: "TransitGatewayId", tell: (told, one, where) => deviceOf(told, one, { where, kind: "transit-gateway", id: "TransitGatewayId" }) },
  TransitGatewayAttachments: { key: "TransitGatewayAttachmentId", tell: attachmentOf },
  TransitGatewayVpcAttachments: { key: "TransitGatewayAttachmentId", tell: attachmentOf },
};

const prefixesOf = (one: unknown): readonly string[] => [
  ...new Set(
    [
      textAt(one, "CidrBlock"),
      ...listAt(one, "CidrBlockAssociationSet").map((each) => textAt(each, "CidrBlock")),
      ...listAt(one, "Ipv6CidrBlockAssociationSet").map((each) => textAt(each, "Ipv6CidrBlock")),
    ].filter((text) => text !== undefined),
  ),
];

function vpcOf(told: CloudReading, one: unknown, where: string): void {
  const id = textAt(one, "VpcId");
  for (const prefix of prefixesOf(one))
    told.network({ name: nameOf(one, id), kind: "vpc", where, prefix, attributes: { id, account: textAt(one, "OwnerId") } });
}

function subnetOf(told: CloudReading, one: unknown, where: string): void {
  const id = textAt(one, "SubnetId");
  const attributes = { id, vpc: textAt(one, "VpcId"), zone: textAt(one, "AvailabilityZone") };
  for (const prefix of prefixesOf(one)) told.network({ name: nameOf(one, id), kind: "subnet", where, prefix, attributes });
}

// Where a route leads, by the names that AWS has for it.
const targets = [
  "GatewayId",
  "NatGatewayId",
  "TransitGatewayId",
  "VpcPeeringConnectionId",
  "NetworkInterfaceId",
  "InstanceId",
  "EgressOnlyInternetGatewayId",
  "LocalGatewayId",
  "CarrierGatewayId",
  "CoreNetworkArn",
];

/** A route is no network that anybody is in: its destination is an attribute. Those inside of the VPC itself say nothing. */
function routesOf(told: CloudReading, one: unknown, where: string): void {
  const id = textAt(one, "RouteTableId");
  for (const route of listAt(one, "Routes")) {
    const via = targets.map((name) => textAt(route, name)).find((text) => text !== undefined);
    if (via === undefined || via === "local") continue;
    const destination = textAt(route, "DestinationCidrBlock") ?? textAt(route, "DestinationIpv6CidrBlock") ?? textAt(route, "DestinationPrefixListId");
    told.network({ name: nameOf(one, id), kind: "route", where, attributes: { id, vpc: textAt(one, "VpcId"), destination, via } });
  }
}

function deviceOf(told: CloudReading, one: unknown, { where, kind, id: key }: { readonly where: string; readonly kind: string; readonly id: string }): void {
  const id = textAt(one, key);
  const attached = [...listAt(one, "Attachments"), ...listAt(one, "VpcAttachments")].map((each) => textAt(each, "VpcId"));
  told.network({
    name: textAt(one, "GroupName") ?? nameOf(one, id),
    kind,
    where,
    attributes: {
      id,
      vpc: textAt(one, "VpcId") ?? attached.find((text) => text !== undefined),
      service: textAt(one, "ServiceName"),
      address: textAt(one, "IpAddress"),
      gateway: textAt(one, "VpnGatewayId") ?? (kind === "vpn" ? textAt(one, "TransitGatewayId") : undefined),
      customer: kind === "vpn" ? textAt(one, "CustomerGatewayId") : undefined,
    },
  });
}

function peeringOf(told: CloudReading, one: unknown, where: string): void {
  const id = textAt(one, "VpcPeeringConnectionId");
  const [from, to] = [textAt(one, "RequesterVpcInfo", "VpcId"), textAt(one, "AccepterVpcInfo", "VpcId")];
  told.network({ name: nameOf(one, id), kind: "peering", where, attributes: { id, vpc: from, peer: to, status: textAt(one, "Status", "Code") } });
}

function attachmentOf(told: CloudReading, one: unknown, where: string): void {
  const id = textAt(one, "TransitGatewayAttachmentId");
  const attributes = {
    id,
    gateway: textAt(one, "TransitGatewayId"),
    vpc: textAt(one, "VpcId") ?? (textAt(one, "ResourceType") === "vpc" ? textAt(one, "ResourceId") : undefined),
    resource: textAt(one, "ResourceType") === "vpc" ? undefined : textAt(one, "ResourceId"),
  };
  told.network({ name: nameOf(one, id), kind: "transit-gateway-attachment", where, attributes });
}

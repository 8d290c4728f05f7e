import { cloudTime, type CloudReading } from "../cloud.ts";
import { macOf } from "../host-names.ts";
import { listed } from "../listed.ts";
import { at, listAt, textAt } from "../tree.ts";
import type { AwsList } from "./list.ts";
import { tagsOf } from "./tags.ts";
import { taskOf } from "./tasks.ts";

/** What runs: instances, balancers, databases. */
export const machineLists: Readonly<Record<string, AwsList>> = {
  Reservations: { key: "Instances", tell: (told, one, where) => listAt(one, "Instances").forEach((instance) => instanceOf(told, instance, where)) },
  Instances: { key: "InstanceId", tell: instanceOf },
  LoadBalancers: { key: "LoadBalancerArn", tell: balancerOf },
  LoadBalancerDescriptions: { key: "LoadBalancerName", tell: classicBalancerOf },
  TargetGroups: { key: "TargetGroupArn", tell: targetGroupOf },
  DBInstances: { key: "DBInstanceIdentifier", tell: (told, one, where) => databaseOf(told, one, { where, name: textAt(one, "DBInstanceIdentifier") }) },
  DBClusters: { key: "DBClusterIdentifier", tell: (told, one, where) => databaseOf(told, one, { where, name: textAt(one, "DBClusterIdentifier") }) },
  CacheClusters: { key: "CacheClusterId", tell: cacheOf },
  DomainStatusList: { key: "DomainName", tell: searchOf },
  Tags: { key: "ResourceId", tell: tagOf },
  tasks: { key: "taskArn", tell: taskOf },
};

/** What holds addresses for them. */
export const addressLists: Readonly<Record<string, AwsList>> = {
  NetworkInterfaces: { key: "NetworkInterfaceId", tell: interfaceOf },
  Addresses: { key: "PublicIp", tell: addressOf },
  NatGateways: { key: "NatGatewayId", tell: translatorOf },
};

function instanceOf(told: CloudReading, one: unknown, where: string): void {
  // What is terminated is listed for an hour, and is nobody any more.
  if (textAt(one, "State", "Name") === "terminated") return;
  const id = textAt(one, "InstanceId") ?? "";
  const { labels, attributes } = tagsOf(one, "Tags");
  const profile = textAt(one, "IamInstanceProfile", "Arn");
  told.holds({
    id,
    where,
    labels: { ...labels, "security-groups": groupNames(listAt(one, "SecurityGroups")) },
    attributes: {
      class: "server",
      os: textAt(one, "PlatformDetails") ?? textAt(one, "Platform"),
      identity: profile,
      fqdn: textAt(one, "PrivateDnsName"),
      ...attributes,
    },
  });
  const within = textAt(one, "VpcId");
  const since = cloudTime(textAt(one, "LaunchTime"));
  const interfaces = listAt(one, "NetworkInterfaces");
  for (const each of interfaces) told.holds({ id, where, within, addresses: addressesOf(each), from: attachedAt(each) ?? since });
  if (interfaces.length > 0) return;
  const addresses = [textAt(one, "PrivateIpAddress"), textAt(one, "PublicIpAddress"), textAt(one, "Ipv6Address")].filter((text) => text !== undefined);
  told.holds({ id, where, within, addresses, from: since });
}

const attachedAt = (one: unknown): number | null => cloudTime(textAt(one, "Attachment", "AttachTime"));

/** The addresses of an interface, of both families, with the public ones that are translated to it. */
function addressesOf(one: unknown): readonly string[] {
  const both = (side: unknown): readonly (string | undefined)[] => [
    textAt(side, "PrivateIpAddress"),
    textAt(side, "Association", "PublicIp"),
    textAt(side, "Association", "CarrierIp"),
  ];
  const all = [both(one), ...listAt(one, "PrivateIpAddresses").map(both), listAt(one, "Ipv6Addresses").map((each) => textAt(each, "Ipv6Address"))].flat();
  return [...new Set(all.filter((text) => text !== undefined))];
}

const groupNames = (groups: readonly unknown[]): string | undefined => listed(groups.map((group) => textAt(group, "GroupName")));

function interfaceOf(told: CloudReading, one: unknown, where: string): void {
  const { id, kind } = holderOf(one);
  const { labels, attributes } = tagsOf(one, "TagSet", "Tags");
  const isMachine = kind === "server";
  told.holds({
    id,
    where,
    labels: isMachine ? {} : { ...labels, "security-groups": groupNames(listAt(one, "Groups")) },
    attributes: isMachine ? {} : { class: kind, mac: kind === "network-interface" ? macOf(textAt(one, "MacAddress")) : undefined, ...attributes },
    within: textAt(one, "VpcId"),
    addresses: addressesOf(one),
    from: attachedAt(one),
  });
}

// The descriptions that AWS's own services write into their interfaces.
const services: readonly (readonly [RegExp, string, (found: RegExpExecArray) => string])[] = [
  [/^ELB (app|net|gwy)\/([^/]+)/, "load-balancer", ([, kind, name]) => `elb/${kind}/${name}`],
  [/^ELB (\S+)$/, "load-balancer", ([, name]) => `elb/${name}`],
  [/^Interface for NAT Gateway (nat-\w+)/, "nat-gateway", ([, name]) => name!],
  [/^VPC Endpoint Interface (vpce-\w+)/, "endpoint", ([, name]) => name!],
  [/^AWS Lambda VPC ENI-(.+?)(?:-[0-9a-f]{8}-[0-9a-f-]{27})?$/, "function", ([, name]) => `lambda/${name}`],
  [/^EFS mount target for (fs-\w+)/, "file-system", ([, name]) => name!],
  [/Transit Gateway Attachment (tgw-attach-\w+)/, "transit-gateway-attachment", ([, name]) => name!],
  [/^ElastiCache \+? ?(\S+)/, "cache", ([, name]) => `elasticache/${name}`],
];

/** Who an interface belongs to: an instance, a service that says so, else itself. */
function holderOf(one: unknown): { readonly id: string; readonly kind: string } {
  const instance = textAt(one, "Attachment", "InstanceId");
  if (instance !== undefined) return { id: instance, kind: "server" };
  const description = textAt(one, "Description")?.slice(0, 300) ?? "";
  for (const [shape, kind, idOf] of services) {
    const found = shape.exec(description);
    if (found !== null) return { id: idOf(found), kind };
  }
  return { id: textAt(one, "NetworkInterfaceId") ?? "", kind: "network-interface" };
}

/** An elastic address: whoever it is associated with. */
function addressOf(told: CloudReading, one: unknown, where: string): void {
  const id = textAt(one, "InstanceId") ?? textAt(one, "NetworkInterfaceId");
  const address = textAt(one, "PublicIp");
  if (id !== undefined && address !== undefined) told.holds({ id, where, addresses: [address] });
}

function translatorOf(told: CloudReading, one: unknown, where: string): void {
  const id = textAt(one, "NatGatewayId") ?? "";
  const { labels, attributes } = tagsOf(one, "Tags");
  const addresses = listAt(one, "NatGatewayAddresses").flatMap((each) =>
    [textAt(each, "PrivateIp"), textAt(each, "PublicIp")].filter((text) => text !== undefined),
  );
  const isGone = textAt(one, "State") === "deleted";
  told.holds({
    id,
    where,
    labels,
    attributes: { class: "nat-gateway", ...attributes },
    within: textAt(one, "VpcId"),
    addresses: isGone ? [] : addresses,
    from: cloudTime(textAt(one, "CreateTime")),
  });
}

function balancerOf(told: CloudReading, one: unknown, where: string): void {
  const kind = /:loadbalancer\/(app|net|gwy)\//.exec(textAt(one, "LoadBalancerArn") ?? "")?.[1] ?? "app";
  const addresses = listAt(one, "AvailabilityZones").flatMap((zone) =>
    listAt(zone, "LoadBalancerAddresses").flatMap((each) =>
      ["IpAddress", "PrivateIPv4Address", "IPv6Address"].map((key) => textAt(each, key)).filter((text) => text !== undefined),
    ),
  );
  told.holds({
    id: `elb/${kind}/${textAt(one, "LoadBalancerName") ?? ""}`,
    where,
    labels: tagsOf(one, "Tags").labels,
    attributes: { class: "load-balancer", fqdn: textAt(one, "DNSName"), ...tagsOf(one, "Tags").attributes },
    within: textAt(one, "VpcId"),
    addresses,
    from: cloudTime(textAt(one, "CreatedTime")),
  });
}

function classicBalancerOf(told: CloudReading, one: unknown, where: string): void {
  told.holds({
    id: `elb/${textAt(one, "LoadBalancerName") ?? ""}`,
    where,
    attributes: { class: "load-balancer", fqdn: textAt(one, "DNSName"), backends: listed(listAt(one, "Instances").map((each) => textAt(each, "InstanceId"))) },
    from: cloudTime(textAt(one, "CreatedTime")),
  });
}

/** A target group names the balancers before it. */
function targetGroupOf(told: CloudReading, one: unknown, where: string): void {
  const name = textAt(one, "TargetGroupName");
  for (const arn of listAt(one, "LoadBalancerArns")) {
    const [, kind, balancer] = /:loadbalancer\/(app|net|gwy)\/([^/]+)/.exec(typeof arn === "string" ? arn : "") ?? [];
    if (balancer !== undefined && name !== undefined) told.holds({ id: `elb/${kind}/${balancer}`, where, labels: { "target-group": name } });
  }
}

function databaseOf(told: CloudReading, one: unknown, { where, name }: { readonly where: string; readonly name: string | undefined }): void {
  const { labels, attributes } = tagsOf(one, "TagList");
  const endpoint = at(one, "Endpoint");
  told.holds({
    id: name === undefined ? "" : `rds/${name}`,
    where,
    labels: { ...labels, engine: textAt(one, "Engine") },
    attributes: { class: "database", fqdn: typeof endpoint === "string" ? endpoint : textAt(endpoint, "Address"), ...attributes },
    from: cloudTime(textAt(one, "InstanceCreateTime") ?? textAt(one, "ClusterCreateTime")),
  });
}

function cacheOf(told: CloudReading, one: unknown, where: string): void {
  told.holds({
    id: `elasticache/${textAt(one, "CacheClusterId") ?? ""}`,
    where,
    labels: { engine: textAt(one, "Engine") },
    attributes: { class: "cache", fqdn: textAt(one, "ConfigurationEndpoint", "Address") ?? textAt(listAt(one, "CacheNodes")[0], "Endpoint", "Address") },
  });
}

function searchOf(told: CloudReading, one: unknown, where: string): void {
  told.holds({
    id: `opensearch/${textAt(one, "DomainName") ?? ""}`,
    where,
    attributes: { class: "database", fqdn: textAt(one, "Endpoint") ?? textAt(one, "Endpoints", "vpc") },
  });
}

/** `describe-tags` lists the tags of everything; those of instances are of workloads. */
function tagOf(told: CloudReading, one: unknown, where: string): void {
  const id = textAt(one, "ResourceId") ?? "";
  if (textAt(one, "ResourceType") !== "instance") return;
  const { labels, attributes } = tagsOf({ Tags: [one] }, "Tags");
  told.holds({ id, where, labels, attributes });
}

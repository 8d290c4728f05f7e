import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parseInventory } from "../open.ts";
import { awsInstance, awsInterface } from "../testing/cloud-samples.ts";
import { told } from "../testing/told.ts";

const json = (document: object) => told(JSON.stringify(document));

test("an instance holds every address of its interfaces since they were attached, and its tags are labels, owner and the rest", () => {
  const at = "[11-19T08:00..]";
  const line = [
    "i-0a1",
    "app=shop env=prod name=web-1 security-groups=web",
    "class=server fqdn=ip-10-0-0-7.ec2.internal os=Linux/UNIX owner=shop-team",
    `10.0.0.7${at} 203.0.113.7${at} 10.0.0.8${at} 2001:db8::7${at}`,
  ].join(" | ");
  expect(json({ Reservations: [{ Instances: [awsInstance] }] })).toEqual({ workloads: [line], networks: [], problems: [] });
  // Collectors write instances without their reservations.
  expect(json({ provider: "aws", instances: [awsInstance] }).workloads).toEqual([line]);
});

test("what is terminated is nobody any more", () => {
  expect(json({ Reservations: [{ Instances: [{ ...awsInstance, State: { Name: "terminated" } }] }] }).workloads).toEqual([]);
});

test("an interface belongs to its instance, to the service that its description names, or to itself", () => {
  const interfaces = [
    awsInterface("eni-1", "10.0.0.9", { Attachment: { InstanceId: "i-0a1", AttachTime: "2026-11-19 08:00:00+00:00" } }),
    awsInterface("eni-2", "10.0.0.20", { Description: "ELB net/front/50dc6c495c0c9188" }),
    awsInterface("eni-3", "10.0.0.21", { Description: "ELB old" }),
    awsInterface("eni-4", "10.0.0.22", { Description: "Interface for NAT Gateway nat-0c2", Association: { PublicIp: "203.0.113.9" } }),
    awsInterface("eni-5", "10.0.0.23", { Description: "AWS Lambda VPC ENI-bill-0a1b2c3d-1111-2222-3333-444455556666" }),
    awsInterface("eni-6", "10.0.0.24", { Description: "mine", MacAddress: "06:cd:1f:5b:fd:7e", TagSet: [{ Key: "app", Value: "dns" }] }),
  ];
  expect(json({ NetworkInterfaces: interfaces }).workloads).toEqual([
    "i-0a1 | - | - | 10.0.0.9[11-19T08:00..]",
    "elb/net/front | - | class=load-balancer | 10.0.0.20",
    "elb/old | - | class=load-balancer | 10.0.0.21",
    "nat-0c2 | - | class=nat-gateway | 10.0.0.22 203.0.113.9",
    "lambda/bill | - | class=function | 10.0.0.23",
    "eni-6 | app=dns | class=network-interface mac=06:cd:1f:5b:fd:7e | 10.0.0.24",
  ]);
});

test("balancers and databases are workloads, with what stands behind them where the answer names it", () => {
  const arn = "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/web/50dc";
  expect(json({ LoadBalancers: [{ LoadBalancerArn: arn, LoadBalancerName: "web", DNSName: "web-1.elb.amazonaws.com", VpcId: "vpc-1" }] }).workloads).toEqual([
    "elb/app/web | - | class=load-balancer fqdn=web-1.elb.amazonaws.com | -",
  ]);
  expect(json({ LoadBalancerDescriptions: [{ LoadBalancerName: "old", Instances: [{ InstanceId: "i-2" }, { InstanceId: "i-1" }] }] }).workloads).toEqual([
    "elb/old | - | backends=i-1 i-2 class=load-balancer | -",
  ]);
  expect(json({ TargetGroups: [{ TargetGroupArn: "a", TargetGroupName: "web-8080", LoadBalancerArns: [arn] }] }).workloads).toEqual([
    "elb/app/web | target-group=web-8080 | - | -",
  ]);
  const database = {
    DBInstanceIdentifier: "ledger",
    Engine: "postgres",
    Endpoint: { Address: "ledger.rds.amazonaws.com", Port: 5432 },
    TagList: [{ Key: "app", Value: "billing" }],
  };
  expect(json({ DBInstances: [database] }).workloads).toEqual(["rds/ledger | app=billing engine=postgres | class=database fqdn=ledger.rds.amazonaws.com | -"]);
});

test("a task of ECS holds its interface's address for its service, and the interface is called so, too", () => {
  const task = {
    taskArn: "arn:aws:ecs:us-east-1:1:task/prod/9f8e",
    clusterArn: "arn:aws:ecs:us-east-1:1:cluster/prod",
    group: "service:web",
    createdAt: "2026-11-20T08:00:00.000Z",
    tags: [{ key: "app", value: "shop" }],
    attachments: [
      {
        type: "ElasticNetworkInterface",
        details: [
          { name: "networkInterfaceId", value: "eni-7" },
          { name: "privateIPv4Address", value: "10.0.0.30" },
        ],
      },
    ],
  };
  expect(json({ tasks: [task, { ...task, lastStatus: "STOPPED", attachments: [] }], failures: [] }).workloads).toEqual([
    "eni-7 | - | same-as=ecs/prod/web | -",
    "ecs/prod/web | app=shop cluster=prod | class=container | 10.0.0.30[11-20T08:00..]",
  ]);
});

test("networks have prefixes; routes and what stands at the border have none, so that nobody is taken to be in them", () => {
  const { networks, problems } = json({
    Vpcs: [{ VpcId: "vpc-1", CidrBlock: "10.0.0.0/16", OwnerId: "1", CidrBlockAssociationSet: [{ CidrBlock: "10.0.0.0/16" }, { CidrBlock: "100.64.0.0/16" }] }],
    Subnets: [{ SubnetId: "subnet-1", VpcId: "vpc-1", CidrBlock: "10.0.0.0/24", AvailabilityZone: "us-east-1a", Tags: [{ Key: "Name", Value: "public" }] }],
    RouteTables: [
      {
        RouteTableId: "rtb-1",
        VpcId: "vpc-1",
        Routes: [
          { DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local" },
          { DestinationCidrBlock: "0.0.0.0/0", GatewayId: "igw-1" },
          { DestinationIpv6CidrBlock: "::/0", EgressOnlyInternetGatewayId: "eigw-1" },
        ],
      },
    ],
    InternetGateways: [{ InternetGatewayId: "igw-1", Attachments: [{ VpcId: "vpc-1" }] }],
    VpcPeeringConnections: [
      { VpcPeeringConnectionId: "pcx-1", RequesterVpcInfo: { VpcId: "vpc-1" }, AccepterVpcInfo: { VpcId: "vpc-2" }, Status: { Code: "active" } },
    ],
    TransitGatewayAttachments: [{ TransitGatewayAttachmentId: "tgw-attach-1", TransitGatewayId: "tgw-1", ResourceType: "vpc", ResourceId: "vpc-1" }],
    SecurityGroups: [{ GroupId: "sg-1", GroupName: "web", VpcId: "vpc-1" }],
  });
  expect(problems).toEqual([]);
  expect(networks).toEqual([
    "vpc | vpc-1 | 10.0.0.0/16 | account=1 id=vpc-1",
    "vpc | vpc-1 | 100.64.0.0/16 | account=1 id=vpc-1",
    "subnet | public | 10.0.0.0/24 | id=subnet-1 vpc=vpc-1 zone=us-east-1a",
    "route | rtb-1 | - | destination=0.0.0.0/0 id=rtb-1 via=igw-1 vpc=vpc-1",
    "route | rtb-1 | - | destination=::/0 id=rtb-1 via=eigw-1 vpc=vpc-1",
    "internet-gateway | igw-1 | - | id=igw-1 vpc=vpc-1",
    "peering | pcx-1 | - | id=pcx-1 peer=vpc-2 status=active vpc=vpc-1",
    "transit-gateway-attachment | tgw-attach-1 | - | gateway=tgw-1 id=tgw-attach-1 vpc=vpc-1",
    "security-group | web | - | id=sg-1 vpc=vpc-1",
  ]);
});

test("an address that two VPCs hold is kept apart by realms, and said; what only one holds stays as it is", () => {
  const two = [
    awsInterface("eni-1", "10.0.0.9", {}),
    awsInterface("eni-2", "10.0.0.9", { VpcId: "vpc-2" }),
    awsInterface("eni-3", "10.0.0.10", { VpcId: "vpc-2" }),
    awsInterface("eni-4", "10.0.0.11", {}),
  ];
  const { workloads, problems } = json({ NetworkInterfaces: two });
  expect(workloads.map((line) => line.split(" | ").at(-1))).toEqual(["10.0.0.9%vpc-1", "10.0.0.9%vpc-2", "10.0.0.10", "10.0.0.11"]);
  expect(problems).toEqual([
    "`10.0.0.9` is held in 2 virtual networks, and kept apart as `10.0.0.9%vpc-1` and `10.0.0.9%vpc-2`; flows that name no realm fit neither".replaceAll(
      "as `10.0.0.9%vpc-1` and `10.0.0.9%vpc-2`",
      "as 10.0.0.9%vpc-1 and 10.0.0.9%vpc-2",
    ),
  ]);
});

test("answers that say nothing of machines are no mistake, and other JSON is not taken for AWS", () => {
  expect(json({ AvailabilityZones: [{ ZoneName: "us-east-1a" }] })).toEqual({ workloads: [], networks: [], problems: [] });
  expect(json({ Subnets: [{ name: "mine" }] }).problems).toEqual(["the inventory has no list `workloads`"]);
});

const folder = fileURLToPath(new URL("../../../../../../shared/data/cloud-aws/batfish-public-private-subnet/", import.meta.url));

test.skipIf(!existsSync(folder))(
  "the two machines of the published estate hold what it says, whichever file tells it (skipped where the estate is not there)",
  () => {
    const held = (name: string): readonly string[] => {
      const { sightings } = parseInventory(readFileSync(`${folder}${name}.json`, "utf8"), () => undefined);
      return sightings
        .filter(({ leases }) => leases.length > 0)
        .map(({ id, leases }) => `${id} ${leases.length}`)
        .sort();
    };
    expect(held("Reservations")).toEqual(held("NetworkInterfaces"));
    expect(held("Reservations")).toHaveLength(2);
  },
);

/** What the command lines of AWS, Azure and Google Cloud print, and a cluster with nodes: one estate in each. */

const tag = (Key: string, Value: string): object => ({ Key, Value });

export const awsInstance = {
  InstanceId: "i-0a1",
  LaunchTime: "2026-11-20T08:00:00.000Z",
  PlatformDetails: "Linux/UNIX",
  PrivateDnsName: "ip-10-0-0-7.ec2.internal",
  SecurityGroups: [{ GroupId: "sg-1", GroupName: "web" }],
  State: { Code: 16, Name: "running" },
  Tags: [tag("Name", "web-1"), tag("Application", "shop"), tag("Environment", "prod"), tag("Team", "shop-team"), tag("aws:autoscaling:groupName", "web")],
  VpcId: "vpc-1",
  NetworkInterfaces: [
    {
      Attachment: { AttachTime: "2026-11-19T08:00:00.000Z" },
      Association: { PublicIp: "203.0.113.7" },
      Ipv6Addresses: [{ Ipv6Address: "2001:db8::7" }],
      NetworkInterfaceId: "eni-1",
      PrivateIpAddress: "10.0.0.7",
      PrivateIpAddresses: [{ PrivateIpAddress: "10.0.0.7", Association: { PublicIp: "203.0.113.7" } }, { PrivateIpAddress: "10.0.0.8" }],
    },
  ],
};

export const awsInterface = (id: string, address: string, more: object): object => ({
  NetworkInterfaceId: id,
  PrivateIpAddress: address,
  PrivateIpAddresses: [{ PrivateIpAddress: address }],
  Groups: [],
  VpcId: "vpc-1",
  ...more,
});

export const azureId = (kind: string, name: string): string => `/subscriptions/1/resourceGroups/Shop/providers/${kind}/${name}`;

export const azureMachine = {
  id: azureId("Microsoft.Compute/virtualMachines", "Web1"),
  name: "Web1",
  location: "westeurope",
  tags: { Application: "shop", environment: "prod" },
  properties: { timeCreated: "2026-11-20T08:00:00.5+00:00", storageProfile: { osDisk: { osType: "Linux" } } },
};

export const azureInterface = {
  id: azureId("Microsoft.Network/networkInterfaces", "web1-nic"),
  properties: {
    macAddress: "00-0D-3A-A9-9A-0D",
    primary: true,
    virtualMachine: { id: azureId("Microsoft.Compute/virtualMachines", "WEB1") },
    ipConfigurations: [
      {
        properties: {
          privateIPAddress: "10.0.0.4",
          publicIPAddress: { id: azureId("Microsoft.Network/publicIPAddresses", "web1-ip") },
          subnet: { id: azureId("Microsoft.Network/virtualNetworks", "net/subnets/default") },
        },
      },
    ],
  },
};

const azureNetwork = {
  id: azureId("Microsoft.Network/virtualNetworks", "net"),
  name: "net",
  addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
  subnets: [{ name: "default", addressPrefix: "10.0.0.0/24", networkSecurityGroup: { id: azureId("Microsoft.Network/networkSecurityGroups", "web") } }],
  virtualNetworkPeerings: [{ name: "to-hub", peeringState: "Connected", remoteVirtualNetwork: { id: azureId("Microsoft.Network/virtualNetworks", "hub") } }],
};

const url = (path: string): string => `https://www.googleapis.com/compute/v1/projects/shop/${path}`;

export const gcpInstance = {
  kind: "compute#instance",
  name: "web-1",
  creationTimestamp: "2026-11-20T00:00:00.000-08:00",
  selfLink: url("zones/us-west1-a/instances/web-1"),
  zone: url("zones/us-west1-a"),
  labels: { app: "shop", env: "prod" },
  tags: { items: ["web", "lb"] },
  serviceAccounts: [{ email: "web@shop.iam.gserviceaccount.com" }],
  networkInterfaces: [
    { networkIP: "10.0.0.7", network: url("global/networks/prod"), accessConfigs: [{ natIP: "203.0.113.7" }], aliasIpRanges: [{ ipCidrRange: "10.4.0.0/24" }] },
  ],
};

export const clusterItems = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels: { environment: "prod", owner: "shop-team" } } },
  {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "node-1", creationTimestamp: "2026-11-20T08:00:00Z", labels: { "kubernetes.io/os": "linux" } },
    spec: { podCIDR: "10.1.0.0/24", podCIDRs: ["10.1.0.0/24"], providerID: "aws:///us-east-1a/i-0a1" },
    status: {
      addresses: [
        { type: "InternalIP", address: "10.0.0.7" },
        { type: "Hostname", address: "node-1" },
      ],
      nodeInfo: { osImage: "Bottlerocket" },
    },
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop" },
    spec: { template: { metadata: { labels: { app: "web" } }, spec: {} } },
  },
  { apiVersion: "v1", kind: "Service", metadata: { name: "web", namespace: "shop" }, spec: { clusterIP: "10.96.0.1", selector: { app: "web" } } },
];

export const cloudSamples: Readonly<Record<string, readonly string[]>> = {
  aws: [
    JSON.stringify({ Reservations: [{ Instances: [awsInstance] }] }, null, 1),
    JSON.stringify({
      NetworkInterfaces: [
        awsInterface("eni-2", "10.0.0.20", { Description: "ELB app/web/50dc6c495c0c9188", InterfaceType: "interface" }),
        awsInterface("eni-3", "10.0.0.21", { Description: "", Attachment: { AttachTime: "2026-11-20 08:00:00+00:00", InstanceId: "i-0a1" } }),
      ],
      NextToken: "x",
    }),
    JSON.stringify({
      Subnets: [
        {
          SubnetId: "subnet-1",
          VpcId: "vpc-1",
          CidrBlock: "10.0.0.0/24",
          Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: "2001:db8::/64" }],
          Tags: [tag("Name", "public")],
        },
      ],
      RouteTables: [{ RouteTableId: "rtb-1", VpcId: "vpc-1", Routes: [{ DestinationCidrBlock: "0.0.0.0/0", GatewayId: "igw-1" }] }],
    }),
    JSON.stringify({
      tasks: [
        {
          taskArn: "arn:aws:ecs:us-east-1:1:task/prod/9f8e",
          clusterArn: "arn:aws:ecs:us-east-1:1:cluster/prod",
          group: "service:web",
          createdAt: "2026-11-20T08:00:00.000Z",
          attachments: [{ type: "ElasticNetworkInterface", details: [{ name: "privateIPv4Address", value: "10.0.0.30" }] }],
        },
      ],
      failures: [],
    }),
    JSON.stringify({ provider: "aws", instances: [awsInstance], vpcs: [{ VpcId: "vpc-1", CidrBlock: "10.0.0.0/16", Tags: null }] }),
  ],
  azure: [JSON.stringify([azureMachine, azureInterface], null, 1), JSON.stringify(azureNetwork), JSON.stringify({ value: [azureInterface] })],
  gcp: [
    JSON.stringify([gcpInstance], null, 2),
    JSON.stringify({
      kind: "compute#subnetworkList",
      items: [{ kind: "compute#subnetwork", name: "web", ipCidrRange: "10.0.0.0/20", network: url("global/networks/prod") }],
    }),
    JSON.stringify({
      kind: "compute#instanceAggregatedList",
      items: { "zones/us-west1-a": { instances: [gcpInstance] }, "zones/us-west1-b": { warning: { code: "NO_RESULTS_ON_PAGE" } } },
    }),
  ],
  kubernetes: [JSON.stringify({ apiVersion: "v1", kind: "List", items: clusterItems }, null, 1)],
};

/** Small true files of what clouds and Kubernetes write; each variant that a decoder reads has one. */

const lines = (...values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join("");

const nsgRecord = (tuples: readonly string[], version = 2): object => ({
  time: "2025-11-25T12:00:35.3899262Z",
  systemId: "66aa66aa-bb77-cc88-dd99-00ee00ee00ee",
  category: "NetworkSecurityGroupFlowEvent",
  resourceId: "/SUBSCRIPTIONS/1/RESOURCEGROUPS/SHOP/PROVIDERS/MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/WEB",
  operationName: "NetworkSecurityGroupFlowEvents",
  properties: { Version: version, flows: [{ rule: "UserRule_web", flows: [{ mac: "000D3AF87856", flowTuples: tuples }] }] },
});

const nsgTuples = [
  "1764072000,10.0.0.7,10.0.0.9,40123,443,T,I,A,B,,,,",
  "1764072001,10.0.0.7,10.0.0.9,40123,443,T,I,A,C,10,840,8,700",
  "1764072002,10.0.0.7,10.0.0.9,40124,53,U,O,D,B,,,,",
];

const vnetRecord = (tuples: readonly string[]): object => ({
  time: "2025-11-25T12:00:52.5625085Z",
  flowLogVersion: 4,
  flowLogGUID: "abcdef01-2345-6789-0abc-def012345678",
  macAddress: "00224871C205",
  category: "FlowLogFlowEvent",
  flowRecords: { flows: [{ aclID: "00000000-1234-abcd-ef00-c1c2c3c4c5c6", flowGroups: [{ rule: "AllowShop", flowTuples: tuples }] }] },
});

const vmRow = {
  TimeGenerated: "2025-11-25T12:00:38.868Z",
  Computer: "WEB-1",
  Direction: "inbound",
  ProcessName: "nginx",
  SourceIp: "10.0.0.7",
  DestinationIp: "10.0.0.9",
  DestinationPort: 8080,
  Protocol: "tcp",
  BytesSent: 333,
  BytesReceived: 137,
  LinksEstablished: 1,
  Type: "VMConnection",
};

export const gcpFlow = {
  logName: "projects/shop/logs/compute.googleapis.com%2Fvpc_flows",
  jsonPayload: {
    bytes_sent: "491",
    packets_sent: "4",
    connection: { src_ip: "10.0.0.7", src_port: 40_123, dest_ip: "10.0.0.9", dest_port: 443, protocol: 6 },
    reporter: "DEST",
    start_time: "2025-11-25T12:00:00.301723960Z",
    end_time: "2025-11-25T12:00:05Z",
    src_instance: { project_id: "shop", vm_name: "node-1", zone: "us-west1-a" },
    src_gke_details: {
      cluster: { cluster_name: "prod" },
      pod: { pod_name: "web-5d4b-x2", pod_namespace: "shop", pod_workload: { workload_name: "web", workload_type: "DEPLOYMENT" } },
    },
    dest_instance: { project_id: "shop", vm_name: "db-1", zone: "us-west1-a", managed_instance_group: { name: "db" } },
  },
};

export const gcpFirewall = {
  logName: "projects/shop/logs/compute.googleapis.com%2Ffirewall",
  timestamp: "2025-11-25T12:00:00.5Z",
  jsonPayload: {
    connection: { src_ip: "10.0.0.7", src_port: 40_123, dest_ip: "10.0.0.9", dest_port: 22, protocol: 6 },
    disposition: "DENIED",
    rule_details: { reference: "network:shop/firewall:deny-ssh", direction: "INGRESS", action: "DENY", priority: 900 },
    instance: { vm_name: "db-1", project_id: "shop" },
    remote_instance: { vm_name: "web-1", project_id: "shop" },
  },
};

const hubbleFlow = {
  time: "2025-11-25T12:00:00.123456789Z",
  uuid: "f1",
  verdict: "FORWARDED",
  ethernet: { source: "aa:bb:cc:dd:ee:ff", destination: "aa:bb:cc:dd:ee:00" },
  IP: { source: "10.244.1.60", destination: "10.244.1.5", ipVersion: "IPv4" },
  l4: { TCP: { source_port: 44_916, destination_port: 8080, flags: { ACK: true, PSH: true } } },
  source: { ID: 1, identity: 2, namespace: "shop", labels: ["k8s:app=web"], pod_name: "web-1", workloads: [{ name: "web", kind: "Deployment" }] },
  destination: { ID: 3, identity: 4, namespace: "shop", pod_name: "api-1", workloads: [{ name: "api", kind: "Deployment" }] },
  Type: "L3_L4",
  node_name: "kind/worker",
  is_reply: false,
  event_type: { type: 4, sub_type: 3 },
  traffic_direction: "EGRESS",
  trace_observation_point: "TO_STACK",
  egress_allowed_by: [{ name: "web-calls-api", namespace: "shop" }],
};

export const hubbleDropped = {
  ...hubbleFlow,
  verdict: "DROPPED",
  is_reply: undefined,
  trace_observation_point: undefined,
  l4: { TCP: { source_port: 44_917, destination_port: 8080, flags: { SYN: true } } },
  drop_reason_desc: "POLICY_DENIED",
  egress_allowed_by: undefined,
  ingress_denied_by: [{ name: "lock", namespace: "shop" }],
};

const calicoFlow = {
  start_time: 1_764_072_000,
  end_time: 1_764_072_300,
  source_ip: "192.168.47.9",
  source_name: "web-6b68-zn5s2",
  source_name_aggr: "web-6b68-*",
  source_namespace: "shop",
  source_port: 42_106,
  source_type: "wep",
  dest_ip: "192.168.138.79",
  dest_name: "api-86c5-h6792",
  dest_name_aggr: "api-86c5-*",
  dest_namespace: "shop",
  dest_port: 80,
  dest_type: "wep",
  proto: "tcp",
  action: "allow",
  reporter: "dst",
  policies: {
    enforced_policies: ["0|tier1|ns1/tier1.policy1|pass|3", "1|default|shop/default.web-calls-api|allow|2"],
    pending_policies: ["0|tier1|ns1/tier1.policy1|pass|3"],
  },
  bytes_in: 388,
  bytes_out: 1113,
  num_flows: 1,
  packets_in: 6,
  packets_out: 5,
  host: "node-1",
};

const observedFlow = {
  SrcAddr: "10.128.0.7",
  DstAddr: "10.128.0.9",
  SrcPort: 48_974,
  DstPort: 6443,
  Proto: 6,
  Flags: 2,
  Packets: 2,
  Bytes: 132,
  TimeFlowStartMs: 1_764_072_000_459,
  TimeFlowEndMs: 1_764_072_001_121,
  TimeReceived: 1_764_072_002,
  AgentIP: "10.0.1.7",
  Interfaces: ["eth0"],
  IfDirections: [1],
  SrcK8S_Name: "web-1",
  SrcK8S_Type: "Pod",
  SrcK8S_Namespace: "shop",
  SrcK8S_OwnerName: "web",
  SrcK8S_HostName: "node-1",
  Sampling: 50,
};

const loki = {
  status: "success",
  data: {
    resultType: "streams",
    result: [
      {
        stream: { DstK8S_Namespace: "shop", DstK8S_OwnerName: "api", FlowDirection: "1" },
        values: [["1764072000459000000", JSON.stringify({ ...observedFlow, PktDropPackets: 2, PktDropLatestDropCause: "SKB_DROP_REASON_NETFILTER_DROP" })]],
      },
    ],
    stats: {},
  },
};

const request =
  '[2025-11-25T12:00:00.409Z] "GET /status/418 HTTP/1.1" 418 - via_upstream - "-" 0 135 4 4 "-" "curl/8" "84961386" "api:8000" "10.44.1.27:80" outbound|8000||api.shop.svc.cluster.local 10.44.1.23:37652 10.0.45.184:8000 10.44.1.23:46520 - default\n' +
  '[2025-11-25T12:00:00.409Z] "GET / HTTP/1.1" 403 - rbac_access_denied_matched_policy[ns[shop]-policy[lock]-rule[0]] - "-" 0 19 0 - "-" "curl/8" "84961387" "api:8000" "-" inbound|80|| - 10.44.1.27:80 10.44.1.23:37652 outbound_.8000_._.api.shop.svc.cluster.local default\n';

const flowLine = "2 123456789012 eni-1 10.0.0.7 10.0.0.9 40123 443 6 10 840 1764072000 1764072060 ACCEPT OK";
const gatewayLine =
  "6 TransitGateway 1 tgw-1 tgw-attach-1 1 1 vpc-1 vpc-2 subnet-1 subnet-2 eni-1 eni-2 use1-az4 use1-az4 tgw-attach-2 10.0.0.7 10.1.0.9 40123 443 6 10 840 1764072000 1764072060 OK IPv4 0 2 0 0 2 us-east-1 ingress - -";

export const cloudSamples: Readonly<Record<string, readonly string[]>> = {
  "aws-vpc": [
    `${gatewayLine}\n`,
    "version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status pkt-srcaddr pkt-dstaddr instance-id flow-direction traffic-path ecs-cluster-name ecs-service-name ecs-task-id pkt-src-aws-service pkt-dst-aws-service\n" +
      "7 eni-1 10.0.0.7 10.0.0.9 40123 443 6 10 840 1764072000 1764072060 ACCEPT OK 10.0.0.7 10.0.9.9 i-1 ingress - prod api task-1 EC2 -\n",
    JSON.stringify(
      {
        messageType: "DATA_MESSAGE",
        owner: "1",
        logGroup: "flows",
        logStream: "eni-1-all",
        logEvents: [{ id: "1", timestamp: 1_764_072_000_000, message: flowLine }],
      },
      null,
      1,
    ),
  ],
  "azure-nsg": [
    JSON.stringify({ records: [nsgRecord(nsgTuples)] }, null, 1),
    `{"records":[${JSON.stringify(nsgRecord(["1764072000,10.0.0.7,10.0.0.9,40123,443,T,I,A"], 1))},{"records":[${JSON.stringify(nsgRecord(nsgTuples.slice(0, 1)))}]}]}`,
    lines(nsgRecord(nsgTuples.slice(1)), nsgRecord(nsgTuples.slice(2))),
  ],
  "azure-vnet": [
    JSON.stringify({
      records: [
        vnetRecord([
          "1764072000599,10.0.0.7,10.0.0.9,40123,443,6,O,B,NX,0,0,0,0",
          "1764072000606,10.0.0.7,10.0.0.9,40123,443,6,O,E,X,3,767,2,1580",
          "1764072000700,10.0.0.7,10.0.0.9,0,0,1,I,D,NX_HW_NOT_SUPPORTED,0,0,0,0",
        ]),
      ],
    }),
  ],
  "azure-vm-connection": [lines(vmRow, { ...vmRow, Direction: "outbound", LinksEstablished: 0, LinksFailed: 2 }), JSON.stringify([vmRow], null, 2)],
  "gcp-vpc": [lines(gcpFlow, gcpFirewall), JSON.stringify([gcpFlow], null, 2)],
  hubble: [
    lines(
      { flow: hubbleFlow, node_name: "kind/worker", time: hubbleFlow.time },
      { lost_events: { source: "PERF_EVENT_RING_BUFFER", num_events_lost: "12" }, node_name: "kind/worker" },
    ),
    lines(hubbleDropped, { ...hubbleFlow, l4: { ICMPv4: { type: 8 } }, is_reply: undefined }),
  ],
  calico: [
    lines(calicoFlow, { ...calicoFlow, reporter: "src", action: "deny" }),
    JSON.stringify({ took: 1, hits: { total: { value: 1 }, hits: [{ _index: "flows", _source: calicoFlow }] } }, null, 1),
    JSON.stringify({
      items: [
        {
          ...calicoFlow,
          reporter: "fwd",
          start_time: "2025-11-25T12:00:00Z",
          policies: { enforced: [{ kind: "NetworkPolicy", name: "web", namespace: "shop", action: "Allow" }] },
        },
      ],
    }),
  ],
  netobserv: [
    lines(observedFlow, {
      SrcAddr: "10.128.0.7",
      DstAddr: "10.128.0.9",
      SrcPort: 1,
      DstPort: 2,
      Proto: 17,
      Bytes_AB: 132,
      Bytes_BA: 100,
      Packets_AB: 2,
      Packets_BA: 1,
      TimeReceived: 1_764_072_002,
      _RecordType: "endConnection",
      SamplerAddress: "ZEAABw==",
      NetworkEvents: [{ Feature: "acl", Type: "NetworkPolicy", Action: "allow-related", Name: "web", Namespace: "shop", Direction: "Ingress" }],
    }),
    JSON.stringify(loki, null, 2),
  ],
  envoy: [
    request,
    '2025-11-25T12:00:00.500Z\tinfo\taccess\tconnection complete\tsrc.addr=10.42.0.9:33772 src.workload="curl" src.namespace="default" dst.addr=10.42.0.5:15008 dst.hbone_addr=[2001:db8::5]:9080 direction="inbound" duration="2ms" error="connection closed due to policy rejection: explicitly denied by: shop/lock"\n',
    '[2025-11-25T12:00:00.409Z] "POST /a HTTP/2" 200 - 3 135 4 4 "203.0.113.9,10.0.0.7" "curl/8" "id-1" "shop.example" "10.44.1.27:80"\n',
    lines({
      start_time: "2025-11-25T12:00:00.409Z",
      method: "GET",
      protocol: "HTTP/1.1",
      response_code: 200,
      response_flags: "-",
      bytes_received: 0,
      bytes_sent: 135,
      duration: 4,
      upstream_host: "10.44.1.27:80",
      upstream_cluster: "outbound|8000||api.shop.svc.cluster.local",
      upstream_local_address: "10.44.1.23:37652",
      downstream_local_address: "10.0.45.184:8000",
      downstream_remote_address: "10.44.1.23:46520",
    }),
  ],
};

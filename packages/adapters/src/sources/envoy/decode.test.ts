import { expect, test } from "vitest";
import { connectionsBy, rejectsBy } from "../testing/decoded-by.ts";
import { envoy } from "./decode.ts";

const istio = ({
  request = "GET /status/418 HTTP/1.1",
  outcome = "418 - via_upstream -",
  agent = "curl/8",
  end = '"10.44.1.27:80" outbound|8000||api.shop.svc.cluster.local 10.44.1.23:37652 10.0.45.184:8000 10.44.1.23:46520 - default',
} = {}): string => `[2025-11-25T12:00:00.409Z] "${request}" ${outcome} "-" 10 135 4 4 "-" "${agent}" "84961386" "api:8000" ${end}\n`;

test("both proxies of a request name the connection between them", () => {
  const inbound = istio({
    end: '"127.0.0.1:80" inbound|80|| 127.0.0.1:41854 10.44.1.27:80 10.44.1.23:37652 outbound_.8000_._.api.shop.svc.cluster.local default',
  });
  const ends = { client: "10.44.1.23", clientPort: 37_652, server: "10.44.1.27", serverPort: 80, protocol: "tcp", direction: "stated" };
  expect(connectionsBy(envoy, istio() + inbound)).toMatchObject([
    { ...ends, serverLabels: { service: "api", namespace: "shop" }, answered: true, verdict: null },
    { ...ends, serverLabels: { service: "api", namespace: "shop" } },
  ]);
  expect(connectionsBy(envoy, istio())).toMatchObject([
    {
      bytesToServer: 10,
      bytesToClient: 135,
      packetsToServer: null,
      first: 1_764_072_000_409_000,
      last: 1_764_072_000_413_000,
      note: "payload bytes; one request",
    },
  ]);
});

test("what a gateway passes on says for whom", () => {
  const gateway = istio({ end: '"10.44.1.27:80" outbound|80||web.shop.svc.cluster.local 10.44.0.5:37652 10.44.0.5:8443 203.0.113.9:5123 shop.example -' });
  expect(connectionsBy(envoy, gateway)).toMatchObject([
    { client: "10.44.0.5", server: "10.44.1.27", note: "payload bytes; one request; for 203.0.113.9:5123" },
  ]);
});

test("a request that role-based access control refuses is denied by the policy it names", () => {
  const end = '"-" inbound|80|| - 10.44.1.27:80 10.44.1.23:37652 outbound_.80_._.api.shop.svc.cluster.local default';
  const named = istio({ outcome: "403 - rbac_access_denied_matched_policy[ns[shop]-policy[lock]-rule[0]] -", end });
  const unnamed = istio({ outcome: "403 - rbac_access_denied_matched_policy[none] -", end });
  const stream = istio({ request: "- - -", outcome: "0 - - rbac_access_denied_matched_policy[none]", end });
  expect(connectionsBy(envoy, named + unnamed + stream).map(({ verdict, rule, reason, answered }) => [verdict, rule, reason, answered])).toEqual([
    ["denied", "ns[shop]-policy[lock]-rule[0]", "rbac_access_denied", false],
    ["denied", null, "rbac_access_denied", false],
    ["denied", null, "rbac_access_denied", false],
  ]);
});

test("a backend that is not reached has not answered", () => {
  expect(connectionsBy(envoy, istio({ outcome: "503 UF,URX upstream_reset_before_response_started{connection_failure} -" }))).toMatchObject([
    { answered: false, reason: "UF,URX", verdict: null },
  ]);
});

test("what a client writes into its request cannot move the ends", () => {
  const forged = '" "1" "x" "6.6.6.6:666" outbound|1||evil 6.6.6.6:1 6.6.6.6:2 6.6.6.6:3 - default';
  expect(connectionsBy(envoy, istio({ agent: forged }))).toMatchObject([{ client: "10.44.1.23", server: "10.44.1.27" }]);
  expect(connectionsBy(envoy, istio({ request: 'GET /a"b HTTP/1.1' }))).toMatchObject([{ client: "10.44.1.23" }]);
});

test("Envoy's own default names no client but by X-Forwarded-For", () => {
  const line = (forwarded: string): string =>
    `[2025-11-25T12:00:00.409Z] "POST /a HTTP/2" 200 - 3 135 4 4 "${forwarded}" "curl/8" "id-1" "shop.example" "10.44.1.27:80"\n`;
  expect(connectionsBy(envoy, line("203.0.113.9,10.0.0.7"))).toMatchObject([
    { client: "10.0.0.7", clientPort: null, server: "10.44.1.27", serverPort: 80, note: "payload bytes; one request; client by X-Forwarded-For" },
  ]);
  expect(rejectsBy(envoy, line("-"))).toMatchObject([
    { reason: "no-address", line: 1, message: expect.stringContaining("DOWNSTREAM_REMOTE_ADDRESS") as string },
  ]);
});

test("JSON has the operators in any spelling, and addresses of IPv6", () => {
  const text = JSON.stringify({
    startTime: "2025-11-25T12:00:00.409Z",
    PROTOCOL: "HTTP/3",
    responseCode: 200,
    "response-flags": "-",
    bytes_received: 1,
    upstreamCluster: "inbound|80||",
    downstream_local_address: "[2001:db8::2]:443",
    downstream_remote_address: "[2001:db8::1]:5000",
  });
  expect(connectionsBy(envoy, text)).toMatchObject([
    { client: "2001:db8::1", clientPort: 5000, server: "2001:db8::2", serverPort: 443, protocol: "udp", bytesToServer: 1, bytesToClient: null },
  ]);
});

test("the format before Istio 1.9 has a status of the mixer instead of details", () => {
  const line =
    '[2020-05-11T12:00:00.409Z] "GET / HTTP/1.1" 200 - "-" "-" 0 135 4 4 "-" "curl/7" "84961386" "api:8000" "10.44.1.27:80" outbound|8000||api.shop.svc.cluster.local 10.44.1.23:37652 10.0.45.184:8000 10.44.1.23:46520 - default\n';
  expect(connectionsBy(envoy, line)).toMatchObject([{ client: "10.44.1.23", bytesToClient: 135, answered: true }]);
});

test("a line that is in no documented format is rejected, and the next is read", () => {
  const text = `${istio()}[2025-11-25T12:00:00Z] "GET / HTTP/1.1" 200\n${istio()}`;
  expect(rejectsBy(envoy, text)).toMatchObject([{ reason: "format", line: 2 }]);
  expect(connectionsBy(envoy, text)).toHaveLength(2);
});

test("what a proxy says of itself between its accesses is passed over, and JSON among it is read", () => {
  const own = '2025-11-25T12:00:00Z\tinfo\tFLAG: --concurrency="2"\n[2025-11-25 12:00:00.000][15][warning][config] slow\n{"level":"info","msg":"ready"}\n';
  const access = `${JSON.stringify({ downstream_remote_address: "10.0.0.7:1", downstream_local_address: "10.0.0.9:80", response_code: 200 })}\n`;
  const text = own + istio() + access;
  expect(envoy.recognises(new TextEncoder().encode(text), "x")).toBe(true);
  expect(connectionsBy(envoy, text).map(({ record, server }) => [record, server])).toEqual([
    [1, "10.44.1.27"],
    [2, "10.0.0.9"],
  ]);
  expect(rejectsBy(envoy, text)).toEqual([]);
});

test("a connection of ztunnel names both pods behind its tunnel, and the policy that refused it", () => {
  const line = (more: string): string =>
    `2025-11-25T12:00:00.500Z\tinfo\taccess\tconnection complete\tsrc.addr=10.42.0.9:33772 src.workload="curl-7656" src.namespace="default" dst.addr=10.42.0.5:15008 dst.hbone_addr=10.42.0.5:9080 dst.service="web.shop.svc.cluster.local" dst.workload="web-1" dst.namespace="shop" direction="inbound" bytes_sent=1918 bytes_recv=84 duration="2ms"${more}\n`;
  const text = `2025-11-25T12:00:00Z\tinfo\tproxy ready\n${line("")}${line(' error="connection closed due to policy rejection: explicitly denied by: shop/lock"')}`;
  expect(envoy.recognises(new TextEncoder().encode(text), "x")).toBe(true);
  const ends = { client: "10.42.0.9", clientPort: 33_772, server: "10.42.0.5", serverPort: 9080, clientLabels: { pod: "curl-7656", namespace: "default" } };
  expect(connectionsBy(envoy, text)).toMatchObject([
    {
      ...ends,
      record: 1,
      first: 1_764_072_000_498_000,
      last: 1_764_072_000_500_000,
      answered: true,
      verdict: null,
      serverLabels: { pod: "web-1", namespace: "shop", service: "web" },
    },
    { ...ends, answered: false, verdict: "denied", rule: "shop/lock" },
  ]);
});

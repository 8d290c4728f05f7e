import { expect, test } from "vitest";
import { countsOf } from "./counters.ts";

const printed = JSON.stringify({
  nftables: [
    { metainfo: { version: "1.0.6" } },
    {
      map: {
        name: "g1_server_1_ports",
        elem: [
          [{ elem: { val: { concat: ["tcp", 80] }, comment: "shop/a", counter: { packets: 3, bytes: 180 } } }, { accept: null }],
          [{ elem: { val: { concat: ["tcp", 81] }, comment: "shop/a", counter: { packets: 1, bytes: 60 } } }, { accept: null }],
        ],
      },
    },
    { map: { name: "live_in", elem: [["ipv4", { goto: { target: "g1_in" } }]] } },
    { set: { name: "deny_server4", elem: [{ elem: { val: { concat: ["10.0.0.3", "tcp", 22] }, counter: { packets: 2, bytes: 120 } } }] } },
    { set: { name: "would_clientx", elem: [{ elem: { val: { concat: ["ipv4", "icmp"] }, counter: { packets: 1, bytes: 84 } } }] } },
    { set: { name: "invalid_seen", elem: [{ elem: { val: "ipv4", counter: { packets: 7, bytes: 400 } } }] } },
  ],
});

test("what passed is counted by rule, what did not by who asked for what", () => {
  expect(countsOf(printed)).toEqual({
    rules: [{ rules: "shop/a", packets: 4, bytes: 240 }],
    denied: [{ direction: "inbound", peer: "10.0.0.3", service: "tcp/22", packets: 2 }],
    wouldBeDenied: [{ direction: "outbound", peer: "anyone", service: "icmp", packets: 1 }],
    invalidPackets: 7,
  });
});

test("what nft prints of a table that sleeps is no JSON, and is not guessed at", () => {
  expect(countsOf('{"nftables": [{"table": {"flags": \u0001')).toBeNull();
});

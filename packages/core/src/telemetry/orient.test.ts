import fc from "fast-check";
import { expect, test } from "vitest";
import type { Connection } from "../model/connection.ts";
import { evidenceOf } from "./evidence.ts";
import { orient } from "./orient.ts";
import { half, told } from "./testing/told.ts";

const reading = (connection: Connection, others: readonly Connection[] = []) => {
  const { connection: read, reason } = orient(connection, evidenceOf([connection, ...others]));
  return `${read.client}:${read.clientPort} → ${read.server}:${read.serverPort} ${reason}`;
};

test("a record that says who opened the conversation is believed, whatever the ports look like", () => {
  expect(reading(told({ clientPort: 443, serverPort: 50_000 }))).toBe("10.0.0.1:443 → 10.0.0.2:50000 handshake");
});

test("the reply of a server is turned: its bytes go to the client", () => {
  const { connection } = orient(half({ from: "10.0.0.2:5432", to: "10.0.0.1:40001", bytesToServer: 77 }), evidenceOf([]));
  expect([connection.client, connection.serverPort, connection.bytesToServer, connection.bytesToClient]).toEqual(["10.0.0.1", 5432, null, 77]);
});

test("a service on an ephemeral port is known by its many peers", () => {
  const peers = [41_000, 42_000, 43_000, 44_000].map((port) => half({ from: `10.0.0.9:${port}`, to: "10.0.0.2:50051" }));
  expect(reading(half({ from: "10.0.0.2:50051", to: "10.0.0.1:40001" }), peers)).toBe("10.0.0.1:40001 → 10.0.0.2:50051 peers");
});

test("a client that used one port twice is no server", () => {
  const again = half({ from: "10.0.0.1:40001", to: "10.0.0.7:443" });
  expect(reading(half({ from: "10.0.0.1:40001", to: "10.0.0.2:8443" }), [again])).toContain("→ 10.0.0.2:8443");
});

test("what another observer saw opened decides for the observer that could not tell", () => {
  const seen = told({ client: "10.0.0.1", clientPort: 40_001, server: "10.0.0.2", serverPort: 60_000 });
  expect(reading(half({ from: "10.0.0.2:60000", to: "10.0.0.1:40001" }), [seen])).toBe("10.0.0.1:40001 → 10.0.0.2:60000 observed-elsewhere");
  const elsewhere = told({ client: "10.0.0.8", server: "10.0.0.2", serverPort: 60_000 });
  expect(reading(half({ from: "10.0.0.2:60000", to: "10.0.0.1:40001" }), [elsewhere])).toBe("10.0.0.1:40001 → 10.0.0.2:60000 observed-elsewhere");
});

test("two clocks on port 123: the one that more ask is the server", () => {
  const others = [1, 2, 3, 4].map((host) => half({ from: `10.0.1.${host}:123`, to: "10.0.0.2:123", protocol: "udp" }));
  expect(reading(half({ from: "10.0.0.2:123", to: "10.0.1.1:123", protocol: "udp" }), others)).toBe("10.0.1.1:123 → 10.0.0.2:123 peers");
});

test("a multicast address is never a client", () => {
  expect(reading(half({ from: "224.0.0.251:5353", to: "10.0.0.1:5353", protocol: "udp" }))).toContain("→ 224.0.0.251:5353");
});

const address = fc.integer({ min: 1, max: 4 }).map((n) => `10.0.0.${n}`);
const port = fc.constantFrom(22, 123, 443, 8443, 33_000, 40_001, 50_051);
const anyHalf = fc.tuple(address, port, address, port).map(([from, fromPort, to, toPort]) => half({ from: `${from}:${fromPort}`, to: `${to}:${toPort}` }));

test("both directions of one conversation are read the same way, in any order of the records", () => {
  fc.assert(
    fc.property(fc.array(anyHalf, { minLength: 1, maxLength: 12 }), (records) => {
      const [one] = records;
      const back = half({ from: `${one!.server}:${one!.serverPort}`, to: `${one!.client}:${one!.clientPort}` });
      const evidence = evidenceOf([...records, back]);
      const ends = (connection: Connection) => {
        const { client, clientPort, server, serverPort } = orient(connection, evidence).connection;
        return [client, clientPort, server, serverPort];
      };
      if (one!.client === one!.server) return;
      expect(ends(one!)).toEqual(ends(back));
      expect(orient(one!, evidenceOf([back, ...records.toReversed()]))).toEqual(orient(one!, evidence));
    }),
  );
});

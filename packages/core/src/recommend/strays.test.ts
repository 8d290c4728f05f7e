import { expect, test } from "vitest";
import { day } from "../base/instant.ts";
import { endText, type Flow, type FlowEnd } from "../model/flow.ts";
import { straysAmong } from "./strays.ts";

/** `CLIENT SERVER SERVICE FIRST-DAY LAST-DAY`; a machine is called `GROUP-NUMBER`, an address is nobody's. */
function seen(line: string, more: Partial<Flow> = {}): Flow {
  const [client = "", server = "", service = "", first, last = first] = line.split(" ");
  const [protocol = "", port] = service.split("/");
  const end = (name: string): FlowEnd => (/^\d/.test(name) ? { kind: "bare", address: name } : { kind: "held", holder: name });
  const counts = { connections: 3, answered: 3, unanswered: 0, untold: 0, denied: 0, bytesToServer: null, bytesToClient: null };
  const told = { observers: ["core"], sampling: null, oneSided: 0, reasons: { handshake: 3 }, icmpType: null };
  const when = { first: Number(first) * day, last: Number(last) * day + 1 };
  return { client: end(client), server: end(server), protocol, serverPort: Number(port), ...counts, ...told, ...when, ...more };
}

const groupOf = (end: FlowEnd): string => endText(end).replace(/-\d+$/, "");
const ordinary = ["desk-1 files-1 tcp/445 0 20", "desk-2 files-1 tcp/445 0 20", "desk-3 files-1 tcp/445 0 20", "desk-4 files-1 tcp/445 0 20"].map((line) =>
  seen(line),
);

/** What stands out among these and the ordinary traffic. */
function strays(...flows: readonly Flow[]): readonly string[] {
  const all = [...ordinary, ...flows];
  const strayOf = straysAmong(all, groupOf);
  return all.flatMap((flow) => {
    const why = strayOf(flow);
    return why === null ? [] : [`${endText(flow.client)} ${endText(flow.server)}: ${why}`];
  });
}

test("somebody who administers nothing else, once, is held out; a habit of two days or of five groups is not", () => {
  expect(strays(seen("web-1 ledger-1 tcp/22 9"))).toEqual(["web-1 ledger-1: one-off administration"]);
  expect(strays(seen("web-1 ledger-1 tcp/22 9 12"))).toEqual([]);
  expect(strays(...["a", "b", "c", "d", "e"].map((server, at) => seen(`bastion-1 ${server}-1 tcp/22 ${at}`)))).toEqual([]);
  expect(strays(...["a", "b", "c", "d"].map((server, at) => seen(`bastion-1 ${server}-1 tcp/22 ${at}`)))).toHaveLength(4);
  expect(strays(seen("web-1 ledger-1 tcp/5432 9"))).toEqual([]);
});

test("files of a server that nobody else uses so are taken over, too", () => {
  const visit = seen("desk-1 ledger-1 tcp/445 9");
  expect(strays(visit)).toEqual(["desk-1 ledger-1: one-off administration"]);
  expect(strays(visit, seen("web-1 ledger-1 tcp/445 1 20"))).toEqual([]);
});

test("within less than a week nobody can tell a habit from a visit", () => {
  const flows = [seen("web-1 ledger-1 tcp/22 1"), seen("desk-1 files-1 tcp/445 0 5")];
  expect(flows.map(straysAmong(flows, groupOf))).toEqual([null, null]);
});

test("one machine of five that are alike, alone with the internet over an unusual service, is held out", () => {
  const beacon = seen("desk-5 203.0.113.66 tcp/8080 0 20");
  expect(strays(beacon)).toEqual(["desk-5 203.0.113.66: one machine of many"]);
  expect(strays(beacon, seen("desk-2 198.51.100.1 tcp/8080 3"))).toEqual([]);
  // The gateway on its way is no second user; two others are.
  expect(strays(beacon, seen("gateway-1 203.0.113.66 tcp/8080 0 20"))).toEqual(["desk-5 203.0.113.66: one machine of many"]);
  expect(strays(beacon, seen("gateway-1 203.0.113.66 tcp/8080 0 20"), seen("web-1 203.0.113.66 tcp/8080 3"))).toEqual([]);
  expect(strays(seen("desk-5 203.0.113.66 tcp/443 0 20"))).toEqual([]);
  expect(strays(seen("relay-1 203.0.113.66 tcp/25 0 20"))).toEqual([]);
});

test("what was told in one direction only, by the look of its ports, is held out", () => {
  const half = { answered: 0, untold: 3, oneSided: 3 };
  expect(strays(seen("web-1 ledger-1 tcp/5432 9", { ...half, reasons: { port: 2, unknown: 1 } }))).toEqual(["web-1 ledger-1: told by one side"]);
  expect(strays(seen("web-1 ledger-1 tcp/5432 9", { ...half, reasons: { stated: 3 } }))).toEqual([]);
  expect(strays(seen("web-1 ledger-1 tcp/5432 9", { answered: 1, untold: 2, oneSided: 2, reasons: { port: 3 } }))).toEqual([]);
});

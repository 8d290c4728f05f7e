import { expect, test } from "vitest";
import { day } from "../base/instant.ts";
import type { Flow } from "../model/flow.ts";
import { recommend } from "./recommend.ts";
import { machine, seen, verdictsOf } from "./testing/estate.ts";

const apps = ["a", "b", "c", "d", "e", "f"];
const machines = [...apps.map((app) => machine(`${app}/prod/web`)), machine("names/prod/resolver"), machine("audit/prod/scanner")];
const scanner = "audit-prod-scanner";
const knocks = apps.flatMap((app) =>
  [23, 3306, 8080].map((port): Flow => ({ ...seen(scanner, `${app}-prod-web`, `tcp/${port}`), answered: 0, unanswered: 3 })),
);
const names = apps.map((app) => seen(`${app}-prod-web`, "names-prod-resolver", "udp/53"));
const scanned = [...knocks, ...names, seen(scanner, "names-prod-resolver", "udp/53"), seen(scanner, "a-prod-web", "tcp/443")];
const outside = (service: string): Flow => ({ ...seen(scanner, "a-prod-web", service), server: { kind: "bare", address: "203.0.113.9" } });

test("a scanner's machine keeps what half of all groups do, and the web of the internet; what it found open is held out", () => {
  const made = recommend([...scanned, outside("tcp/443"), outside("tcp/4444")], machines);
  const verdict = verdictsOf(made, machines);
  const asked = ["names-prod-resolver udp/53", "a-prod-web tcp/443", "203.0.113.9 tcp/443", "203.0.113.9 tcp/4444"];
  expect(asked.map((end) => verdict(`${scanner} ${end}`))).toEqual(["allow", "deny", "allow", "deny"]);
  expect(made.heldOut.filter(({ why }) => why === "scanner").map(({ flow }) => flow.serverPort)).toEqual([443, 4444]);
});

test("what fewer than five groups do is no habit of everybody: a scanner has none of it", () => {
  const few = new Set(["a-prod-web", "b-prod-web", "c-prod-web", "d-prod-web"]);
  const made = recommend(
    scanned.filter(({ client, serverPort }) => serverPort !== 53 || client.kind !== "held" || few.has(client.holder) || client.holder === scanner),
    machines,
  );
  expect(verdictsOf(made, machines)(`${scanner} names-prod-resolver udp/53`)).toBe("deny");
});

test("a record that tells no port or type opens none: neither all ports of its protocol, nor another rule wider", () => {
  const [client, server] = ["a-prod-web", "names-prod-resolver"];
  const told = seen(client, server, "tcp/853");
  const untold: readonly Flow[] = [
    { ...told, serverPort: null },
    { ...told, serverPort: null, protocol: "icmp" },
  ];
  const made = recommend([told, ...untold], machines);
  expect(made.files.map(({ text }) => text).join("")).toContain("over: [tcp/853]");
  expect(verdictsOf(made, machines)(`${client} ${server} tcp/22`)).toBe("deny");
  expect(made.heldOut.map(({ why, flow }) => [why, flow.protocol])).toEqual([
    ["not expressible", "tcp"],
    ["not expressible", "icmp"],
  ]);
});

test("what nobody answered is not called held out where a rule between machines of the same roles allows it", () => {
  const alike = [...machines, { ...machine("a/prod/web"), id: "a-prod-web-2" }];
  const [answered, idle] = [seen("a-prod-web", "names-prod-resolver", "udp/53"), { answered: 0, unanswered: 3 }];
  const same: Flow = { ...seen("a-prod-web-2", "names-prod-resolver", "udp/53"), ...idle };
  const other: Flow = { ...seen("a-prod-web-2", "names-prod-resolver", "tcp/22"), ...idle };
  expect(recommend([answered, same, other], alike).heldOut.map(({ flow }) => flow)).toEqual([other]);
});

test("logs and traps, which nobody ever answers, are needed where several send them or one does for days; a lone probe of such a port is not", () => {
  const receiver = machine("logging/prod/receiver");
  const sent = (client: string, service: string, more: Partial<Flow> = {}): Flow => ({
    ...seen(client, "logging-prod-receiver", service),
    answered: 0,
    unanswered: 3,
    ...more,
  });
  const [a, b, c] = ["a-prod-web", "b-prod-web", "c-prod-web"];
  const made = recommend(
    [
      sent(a, "udp/514"),
      sent(b, "udp/514"),
      sent(c, "udp/6343", { last: 3 * day }),
      sent(a, "udp/162"),
      sent(a, "udp/5514"),
      sent(b, "udp/5514"),
      sent(b, "tcp/514"),
    ],
    [...machines, receiver],
  );
  const verdict = verdictsOf(made, [...machines, receiver]);
  const asked = [`${a} udp/514`, `${b} udp/514`, `${c} udp/6343`, `${a} udp/162`, `${a} udp/5514`, `${b} tcp/514`];
  expect(asked.map((one) => verdict(one.replace(" ", " logging-prod-receiver ")))).toEqual(["allow", "allow", "allow", "deny", "deny", "deny"]);
});

test("what a firewall denied is no log that anybody needs", () => {
  const receiver = machine("logging/prod/receiver");
  const sent = ["a-prod-web", "b-prod-web"].map((client): Flow => ({
    ...seen(client, "logging-prod-receiver", "udp/514"),
    answered: 0,
    unanswered: 3,
    denied: 3,
  }));
  expect(recommend(sent, [...machines, receiver]).heldOut.map(({ why }) => why)).toEqual(["never answered", "never answered"]);
});

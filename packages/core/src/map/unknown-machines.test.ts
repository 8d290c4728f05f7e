import { expect, test } from "vitest";
import { likelyKind } from "./likely-kind.ts";
import { bare, flow, held } from "./testing/estate.ts";
import { unknownMachines } from "./unknown-machines.ts";
import { unknownCsv, unknownText } from "./unknown-text.ts";

const networks = [
  { name: "corporate", prefix: "10.0.0.0/8", kind: "prefix", attributes: {} },
  { name: "servers", prefix: "10.0.2.0/24", kind: "subnet", attributes: {} },
];

test("an address that talks and that nobody knows is listed with when, how much, what it serves, who saw it, and what it probably is", () => {
  const flows = [
    flow(held("web-1"), bare("10.0.2.77"), "tcp/5432", { first: 50, last: 900, observers: ["core", "cloud"] }),
    flow(bare("10.0.2.77"), held("dns-1"), "udp/53", { first: 10, last: 20, observers: ["core"] }),
  ];
  const [one, ...more] = unknownMachines({ flows, networks });
  expect(more).toEqual([]);
  expect(one).toMatchObject({
    address: "10.0.2.77",
    first: 10,
    last: 900,
    asClient: 10,
    asServer: 10,
    bytes: 2200,
    observers: { cloud: 10, core: 20 },
    network: "servers (10.0.2.0/24)",
    guess: { kind: "a database", why: "it answers tcp/5432" },
  });
  expect(unknownText(one!).join("\n")).toContain("10.0.2.77 in servers (10.0.2.0/24): probably a database: it answers tcp/5432");
  expect(unknownCsv([one!])).toBe(
    "id,address,from,owner,app,env,role,#guess\nunnamed-10.0.2.77,10.0.2.77,1970-01-01T00:00:00.00001Z,,,,,a database: it answers tcp/5432\n",
  );
});

test("the internet, broadcasts, and addresses that never answered nor spoke are no unknown machines", () => {
  const silent = { answered: 0, unanswered: 10, untold: 0 };
  const flows = [
    flow(held("web-1"), bare("203.0.113.9"), "tcp/443"),
    flow(held("web-1"), bare("10.0.2.255"), "udp/137", silent),
    flow(held("web-1"), bare("10.0.2.9"), "tcp/22", silent),
  ];
  expect(unknownMachines({ flows, networks })).toEqual([]);
  // The control: one that speaks is listed.
  expect(unknownMachines({ flows: [flow(bare("10.0.2.9"), held("web-1"), "tcp/22", silent)], networks })).toHaveLength(1);
});

test("an address that several claim is said to be contested, and is nobody's to name", () => {
  const machines = unknownMachines({ flows: [flow({ kind: "contested", address: "10.0.2.5", holders: ["a", "b"] }, held("web-1"), "tcp/443")], networks: [] });
  expect(machines).toMatchObject([{ holders: ["a", "b"], guess: { kind: "one of the workloads that claim it" } }]);
  expect(unknownCsv(machines).split("\n")).toHaveLength(2);
});

test("what a machine is said to be follows from what it answers, then from what it opens", () => {
  const guess = (answers: readonly string[], opens: readonly string[]) => likelyKind({ answers, opens, isScanner: false, isContested: false })?.kind ?? null;
  expect(guess(["tcp/443", "tcp/631"], [])).toBe("a printer");
  expect(guess(["tcp/502"], ["tcp/443"])).toBe("a controller of a plant");
  expect(guess([], ["tcp/22", "tcp/443"])).toBe("an administrator's machine");
  expect(guess([], ["tcp/443"])).toBe("an endpoint");
  expect(guess(["tcp/31337"], [])).toBe("a server");
  expect(guess([], [])).toBeNull();
});

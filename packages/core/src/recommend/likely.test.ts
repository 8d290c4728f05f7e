import { expect, test } from "vitest";
import { decide } from "../decide/decide.ts";
import { worldOf } from "../decide/world.ts";
import { readPolicySet } from "../language/read.ts";
import { bytesOf } from "../language/utf8.ts";
import type { Flow } from "../model/flow.ts";
import type { ProposalWorkload } from "./dependency.ts";
import { recommend, type Recommendation } from "./recommend.ts";

const apps = ["a", "b", "c", "d", "e", "f", "g", "h"];
const machine = (app: string, role: string, os: string, env = "prod"): ProposalWorkload => ({
  id: `${app}-${role}`,
  labels: { app, env, role },
  owner: null,
  attributes: { os },
});
const systemOf = (app: string): string => (app === "h" ? "windows" : "Linux");
const estate: readonly ProposalWorkload[] = [
  ...apps.flatMap((app) => ["web", "db"].map((role) => machine(app, role, systemOf(app)))),
  machine("access", "bastion", "linux"),
  machine("reports", "reader", "linux"),
];

function seen(client: string, server: string, service: string): Flow {
  const [protocol = "", port] = service.split("/");
  return {
    client: { kind: "held", holder: client },
    server: { kind: "held", holder: server },
    protocol,
    serverPort: Number(port),
    icmpType: null,
    connections: 3,
    answered: 3,
    unanswered: 0,
    untold: 0,
    denied: 0,
    bytesToServer: null,
    bytesToClient: null,
    first: 0,
    last: 9_000_000,
    observers: ["core"],
    sampling: null,
    oneSided: 0,
    reasons: {},
  };
}

/** What a recommendation says of `CLIENT SERVER SERVICE`. */
function verdicts({ files }: Pick<Recommendation, "files">): (question: string) => string {
  const { set, diagnostics } = readPolicySet(files.map(({ path, text }) => ({ path, bytes: bytesOf(text) })));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const world = worldOf(set, {
    workloads: estate.map(({ id, labels }) => ({ id, labels, leases: [], identity: null, point: false })),
    points: [],
    quarantined: [],
  });
  return (question) => {
    const [from = "", to = "", service = ""] = question.split(" ");
    return decide(world, { from, to, over: { protocol: 6, port: Number(service.split("/")[1]) }, at: 0, facts: {} }).verdict;
  };
}

const administered = ["a", "b", "c", "d", "e"].map((app) => seen("access-bastion", `${app}-web`, "tcp/22"));
const insides = ["a", "b", "c", "d", "e"].map((app) => seen(`${app}-web`, `${app}-db`, "tcp/5432"));

test("whoever administers most machines of one system may reach the others of a role that it administers, and no other system or role", () => {
  const verdict = verdicts(recommend([...administered, seen("access-bastion", "a-db", "tcp/22")], estate));
  expect(["access-bastion f-web tcp/22", "access-bastion g-web tcp/22", "access-bastion g-db tcp/22"].map(verdict)).toEqual(["allow", "allow", "allow"]);
  expect(["access-bastion h-web tcp/22", "access-bastion g-web tcp/3389", "reports-reader g-web tcp/22"].map(verdict)).toEqual(["deny", "deny", "deny"]);
  const noDatabase = verdicts(recommend([...administered, seen("access-bastion", "f-web", "tcp/22")], estate));
  expect(["access-bastion g-web tcp/22", "access-bastion g-db tcp/22"].map(noDatabase)).toEqual(["allow", "deny"]);
});

test("four machines that are administered make no habit", () => {
  const few = estate.filter(({ id }) => /^([a-e]-web|access-bastion)$/.test(id));
  const { rules } = recommend(administered.slice(0, 4), few);
  expect(rules.filter(({ likely }) => likely !== null)).toEqual([]);
});

test("what most applications do inside is likely in the others, where the server is known to answer that service", () => {
  const known = seen("reports-reader", "f-db", "tcp/5432");
  const made = recommend([...insides, known], estate);
  const verdict = verdicts(made);
  expect(verdict("f-web f-db tcp/5432")).toBe("allow");
  // Nobody saw the database of g answer anything, and nothing crosses from one application to another.
  expect(["g-web g-db tcp/5432", "a-web f-db tcp/5432", "f-web a-db tcp/5432", "f-db f-web tcp/5432"].map(verdict)).toEqual(["deny", "deny", "deny", "deny"]);
  expect(made.rules.filter(({ likely }) => likely !== null)).toMatchObject([
    { name: "f-prod/likely-web-to-db", flows: 0, days: 0, first: null, likely: "5 of 8 with these roles do it" },
  ]);
});

test("what is only likely is a rule of its own that says so, and striking it takes nothing that was seen", () => {
  const flows = [...insides, seen("reports-reader", "f-db", "tcp/5432")];
  const { files } = recommend(flows, estate);
  const written = files.find(({ path }) => path === "f-prod.yaml")!.text;
  expect(written).toMatch(
    /# likely, strike it if it is not meant: nobody saw any of the one pair of machines .* 5 of 8 with these roles do it\n {2}- name: likely-web-to-db/,
  );
  const struck = written.replace(/ {2}# likely[^]*?because: .*\n/, "");
  const verdict = verdicts({ files: files.map((file) => (file.path === "f-prod.yaml" ? { ...file, text: struck } : file)) });
  expect(verdict("f-web f-db tcp/5432")).toBe("deny");
  for (const { client, server, serverPort } of flows)
    if (client.kind === "held" && server.kind === "held") expect(verdict(`${client.holder} ${server.holder} tcp/${serverPort}`)).toBe("allow");
});

test("likeness opens no boundary that nothing was seen to cross", () => {
  const here = estate.filter(({ id }) => id !== "reports-reader");
  const elsewhere = here.map((one) => (one.labels["app"] === "g" ? { ...one, labels: { ...one.labels, env: "dev" } } : one));
  const flows = [...administered, seen("access-bastion", "f-web", "tcp/22")];
  const guesses = (workloads: readonly ProposalWorkload[]) => recommend(flows, workloads).rules.filter(({ likely }) => likely !== null).length;
  expect([here, elsewhere].map(guesses)).toEqual([1, 0]);
});

test("a server that nearly all groups use is open to every workload; one that half of them use, only to those", () => {
  const everyday = estate.filter(({ id }) => id !== "access-bastion").map(({ id }) => seen(id, "access-bastion", "tcp/53"));
  const some = estate.filter(({ id }) => /^[a-e]-web$/.test(id)).map(({ id }) => seen(id, "access-bastion", "tcp/5000"));
  const verdict = verdicts(recommend([...everyday.slice(1), ...some], estate));
  expect(["a-web access-bastion tcp/53", "a-web access-bastion tcp/5000", "g-web access-bastion tcp/5000"].map(verdict)).toEqual(["allow", "allow", "deny"]);
});

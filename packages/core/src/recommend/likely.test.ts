import { expect, test } from "vitest";
import type { Flow } from "../model/flow.ts";
import type { ProposalWorkload } from "./dependency.ts";
import { recommend, type Recommendation } from "./recommend.ts";
import { machine, seen, verdictsOf } from "./testing/estate.ts";

const apps = ["a", "b", "c", "d", "e", "f", "g", "h"];
const systemOf = (app: string): string => (app === "h" ? "windows" : "Linux");
const estate: readonly ProposalWorkload[] = [
  ...apps.flatMap((app) => ["web", "db"].map((role) => machine(`${app}/prod/${role}`, systemOf(app)))),
  machine("access/prod/bastion"),
  machine("reports/prod/reader"),
];
const verdicts = (made: Pick<Recommendation, "files">) => verdictsOf(made, estate);

const administered = ["a", "b", "c", "d", "e"].map((app) => seen("access-prod-bastion", `${app}-prod-web`, "tcp/22"));
const insides = ["a", "b", "c", "d", "e"].map((app) => seen(`${app}-prod-web`, `${app}-prod-db`, "tcp/5432"));

test("whoever administers most machines of one system may reach the others of a role that it administers, and no other system or role", () => {
  const verdict = verdicts(recommend([...administered, seen("access-prod-bastion", "a-prod-db", "tcp/22")], estate));
  expect(["access-prod-bastion f-prod-web tcp/22", "access-prod-bastion g-prod-web tcp/22", "access-prod-bastion g-prod-db tcp/22"].map(verdict)).toEqual([
    "allow",
    "allow",
    "allow",
  ]);
  expect(["access-prod-bastion h-prod-web tcp/22", "access-prod-bastion g-prod-web tcp/3389", "reports-prod-reader g-prod-web tcp/22"].map(verdict)).toEqual([
    "deny",
    "deny",
    "deny",
  ]);
  const noDatabase = verdicts(recommend([...administered, seen("access-prod-bastion", "f-prod-web", "tcp/22")], estate));
  expect(["access-prod-bastion g-prod-web tcp/22", "access-prod-bastion g-prod-db tcp/22"].map(noDatabase)).toEqual(["allow", "deny"]);
});

test("four machines that are administered make no habit", () => {
  const few = estate.filter(({ id }) => /^([a-e]-prod-web|access-prod-bastion)$/.test(id));
  const { rules } = recommend(administered.slice(0, 4), few);
  expect(rules.filter(({ likely }) => likely !== null)).toEqual([]);
});

test("what most applications do inside is likely in the others, where the server is known to answer that service", () => {
  const known = seen("reports-prod-reader", "f-prod-db", "tcp/5432");
  const made = recommend([...insides, known], estate);
  const verdict = verdicts(made);
  expect(verdict("f-prod-web f-prod-db tcp/5432")).toBe("allow");
  // Nobody saw the database of g answer anything, and nothing crosses from one application to another.
  expect(
    ["g-prod-web g-prod-db tcp/5432", "a-prod-web f-prod-db tcp/5432", "f-prod-web a-prod-db tcp/5432", "f-prod-db f-prod-web tcp/5432"].map(verdict),
  ).toEqual(["deny", "deny", "deny", "deny"]);
  expect(made.rules.filter(({ likely }) => likely !== null)).toMatchObject([
    { name: "f-prod/likely-web-to-db", flows: 0, days: 0, first: null, likely: "5 of 8 with these roles do it" },
  ]);
});

test("what is only likely is a rule of its own that says so, and striking it takes nothing that was seen", () => {
  const flows = [...insides, seen("reports-prod-reader", "f-prod-db", "tcp/5432")];
  const { files } = recommend(flows, estate);
  const written = files.find(({ path }) => path === "f-prod.yaml")!.text;
  expect(written).toMatch(
    /# likely, strike it if it is not meant: nobody saw any of the one pair of machines .* 5 of 8 with these roles do it\n {2}- name: likely-web-to-db/,
  );
  const struck = written.replace(/ {2}# likely[^]*?because: .*\n/, "");
  const verdict = verdicts({ files: files.map((file) => (file.path === "f-prod.yaml" ? { ...file, text: struck } : file)) });
  expect(verdict("f-prod-web f-prod-db tcp/5432")).toBe("deny");
  for (const { client, server, serverPort } of flows)
    if (client.kind === "held" && server.kind === "held") expect(verdict(`${client.holder} ${server.holder} tcp/${serverPort}`)).toBe("allow");
});

test("likeness opens no boundary that nothing was seen to cross", () => {
  const here = estate.filter(({ id }) => id !== "reports-prod-reader");
  const elsewhere = here.map((one) => (one.labels["app"] === "g" ? { ...one, labels: { ...one.labels, env: "dev" } } : one));
  const flows = [...administered, seen("access-prod-bastion", "f-prod-web", "tcp/22")];
  const guesses = (workloads: readonly ProposalWorkload[]) => recommend(flows, workloads).rules.filter(({ likely }) => likely !== null).length;
  expect([here, elsewhere].map(guesses)).toEqual([1, 0]);
});

test("a server that nearly all groups use is open to every workload; one that half of them use, only to those", () => {
  const everyday = estate.filter(({ id }) => id !== "access-prod-bastion").map(({ id }) => seen(id, "access-prod-bastion", "tcp/53"));
  const some = estate.filter(({ id }) => /^[a-e]-prod-web$/.test(id)).map(({ id }) => seen(id, "access-prod-bastion", "tcp/5000"));
  const verdict = verdicts(recommend([...everyday.slice(1), ...some], estate));
  expect(["a-prod-web access-prod-bastion tcp/53", "a-prod-web access-prod-bastion tcp/5000", "g-prod-web access-prod-bastion tcp/5000"].map(verdict)).toEqual([
    "allow",
    "allow",
    "deny",
  ]);
});

test("whoever uses a database may use the server that keeps its copy; a web service behind a web service is no copy", () => {
  const machines = ["a/prod/api", "a/prod/db", "a/prod/standby", "a/prod/front", "b/prod/api"].map((text) => machine(text));
  const between = (service: string) =>
    verdictsOf(
      recommend(
        ["a-prod-api a-prod-db", "b-prod-api a-prod-db", "a-prod-db a-prod-standby"].map((pair) => seenBetween(pair, service)),
        machines,
      ),
      machines,
    );
  expect(between("tcp/5432")("a-prod-api a-prod-standby tcp/5432")).toBe("allow");
  // Another application asks its owner, and who never used the database has nothing to lose.
  expect(["b-prod-api", "a-prod-front"].map((client) => between("tcp/5432")(`${client} a-prod-standby tcp/5432`))).toEqual(["deny", "deny"]);
  expect(between("tcp/8080")("a-prod-api a-prod-standby tcp/8080")).toBe("deny");
});

test("who administers half of a role and uses half of it so is a tool; who does not administer it is not", () => {
  const answered = apps.map((app) => seen("reports-prod-reader", `${app}-prod-web`, "tcp/8443"));
  const deployed = ["a", "b", "c", "d", "e"].map((app) => seen("access-prod-bastion", `${app}-prod-web`, "tcp/8443"));
  const question = "access-prod-bastion f-prod-web tcp/8443";
  expect(verdicts(recommend([...answered, ...administered, ...deployed], estate))(question)).toBe("allow");
  expect(verdicts(recommend([...answered, ...deployed], estate))(question)).toBe("deny");
  expect(verdicts(recommend([...answered, ...administered, ...deployed.slice(1)], estate))(question)).toBe("deny");
});

test("whom no sensor ever sees says nothing about a habit", () => {
  const more = Array.from({ length: 20 }, (_, n) => machine(`unseen${n}/prod/web`));
  const elsewhere = ["a", "b", "c", "d", "e"].map((app) => seen("reports-prod-reader", `${app}-prod-web`, "tcp/443"));
  const likely = (flows: readonly Flow[]) => recommend(flows, [...estate, ...more]).rules.flatMap((rule) => rule.likely ?? []);
  expect(likely([...administered, ...elsewhere])).toEqual(["5 of 5 groups that run linux that are seen otherwise are administered so"]);
  // Seen by the administrator alone, the five say nothing of the others.
  expect(likely(administered)).toEqual([]);
});

const seenBetween = (pair: string, service: string): Flow => {
  const [client = "", server = ""] = pair.split(" ");
  return seen(client, server, service);
};

test("guesses with one reason that differ only in their client are one rule, as lint asks", () => {
  const roles = ["api", "worker", "main", "standby"].map((role) => machine(`z/prod/${role}`));
  const flows = [
    seen("z-prod-api", "z-prod-main", "tcp/1521"),
    seen("z-prod-worker", "z-prod-main", "tcp/1521"),
    seen("z-prod-main", "z-prod-standby", "tcp/1521"),
  ];
  const { rules, files } = recommend(flows, roles);
  expect(rules.filter(({ likely }) => likely !== null)).toMatchObject([{ name: "z-prod/likely-2-roles-to-standby", pairs: 2 }]);
  const verdict = verdictsOf({ files }, roles);
  expect(["z-prod-api z-prod-standby tcp/1521", "z-prod-worker z-prod-standby tcp/1521"].map(verdict)).toEqual(["allow", "allow"]);
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { mutated } from "../sources/testing/mutations.ts";
import { parseDeclared } from "./open.ts";
import { samples } from "./testing/samples.ts";

const reading = (...texts: readonly string[]) => {
  const problems: string[] = [];
  const found = parseDeclared(texts.map((text, index) => ({ path: `${index}`, text, say: ({ message }) => void problems.push(message) })));
  return { found, lines: found.map(({ from, to, services, where }) => `${from.name} -> ${to.name} ${services.join(" ")} (${where})`), problems };
};

test("manifests declare what variables, arguments and ConfigMaps name, with the port of the service and the one behind it", () => {
  const { lines, problems, found } = reading(samples["kubernetes"]!);
  expect(lines).toEqual([
    "shop/web -> shop/ledger tcp/80 tcp/8080 (Deployment shop/web: LEDGER_URL)",
    "shop/web -> shop/cart tcp/7070 tcp/7171 (Deployment shop/web: arguments)",
    "shop/web -> shop/stock tcp/9000 (Deployment shop/web: ConfigMap routes, routes.conf)",
  ]);
  expect(problems).toEqual(["gone", "mail"].map((name) => `\`${name}\` is named with a port, and no Service of these files is called so`));
  expect(found[1]?.to).toEqual({ name: "shop/cart", ids: ["shop/deployment/cart", "shop/service/cart"], labels: { app: "cart" } });
});

test("a service is found in another file of the same import", () => {
  const [first = "", ...rest] = samples["kubernetes"]!.split("---\n");
  expect(reading(rest.reverse().join("---\n"), first).lines).toHaveLength(3);
});

test("compose files declare what environment, links and depends_on name; what waits without a port is any service", () => {
  const { lines, found } = reading(samples["compose"]!);
  expect(lines).toEqual([
    "web -> api tcp/8080 (service web: API_URL)",
    "web -> db tcp/5432 (service web: DB)",
    "web -> cache any (service web: depends_on)",
    "api -> db tcp/5432 (service api: links)",
  ]);
  expect(JSON.stringify(found)).not.toContain("secret");
});

test("a list of services names applications, labels or workloads, who says so and when; bad rows are told with their line", () => {
  const { lines, found, problems } = reading(`${samples["csv"]!}billing,,tcp/1,,\nbilling,ledger,tcp/99999,,\nbilling,ledger,tcp/1,,yesterday\n`);
  expect(lines).toEqual([
    "billing -> ledger tcp/5432 (line 2)",
    "app=portal env=prod -> ledger tcp/8443 tcp/9443 (line 3)",
    "id:batch-1 -> ledger any (line 4)",
    "billing -> ledger tcp/1 (line 7)",
  ]);
  expect([found[0]?.by, found[0]?.at, found[1]?.from.labels, found[2]?.from.ids]).toEqual([
    "team-billing",
    Date.parse("2026-01-15T00:00:00Z") * 1000,
    { app: "portal", env: "prod" },
    ["batch-1"],
  ]);
  expect(problems).toEqual([
    "line 5: a row names a client and a server: `billing`, `app=billing env=prod` or `id:web-1`",
    "line 6: `tcp/99999` is no service; write `tcp/5432`, `postgres` or `any`",
    "line 7: `yesterday` is no time such as 2026-11-25 or 2026-11-25T12:00:00Z, and is left out",
  ]);
});

test("what is none of these is refused in words", () => {
  expect(reading("hello\nworld\n").problems).toEqual(["this is no manifest, no compose file, and no CSV with columns `client` and `server`"]);
  expect(reading('{"workloads":[]}').problems).toEqual(["this document is neither a manifest of Kubernetes nor a compose file"]);
});

const mutations = Number(process.env["BULKHEAD_FUZZ"] ?? 200);
test("no damage of a file makes a reader throw, and one that would is caught", { timeout: 60_000 + mutations * 60 }, () => {
  const thrown = (read: (text: string) => unknown): string | null => {
    for (const text of Object.values(samples))
      for (let seed = 1; seed <= mutations; seed += 1)
        try {
          read(new TextDecoder().decode(mutated(new TextEncoder().encode(text), seed)));
        } catch (error) {
          return `seed ${seed}: ${String(error)}`;
        }
    return null;
  };
  expect(thrown((text) => reading(text))).toBeNull();
  expect(
    thrown((text) => {
      if (text.includes("\u0000")) throw new Error("planted");
    }),
  ).toContain("planted");
});

test("a long text without a host does not take the square of its length", () => {
  const text = JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "a" },
    spec: { containers: [{ args: ["a".repeat(1 << 20), "a.".repeat(1 << 19), "a:".repeat(1 << 19)] }] },
  });
  expect(reading(text).lines).toEqual([]);
});

const shared = fileURLToPath(new URL("../../../../../shared/data/apps/", import.meta.url));
const isThere = existsSync(shared);
const why = isThere ? "" : " (skipped: ../shared/data is not here)";
const filesIn = (folder: string): readonly string[] =>
  readdirSync(`${shared}${folder}`)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => readFileSync(`${shared}${folder}/${name}`, "utf8"));

interface Published {
  readonly source: string | null;
  readonly target: string;
  readonly ports: readonly { readonly port: number; readonly target_port: number }[];
}

test.skipIf(!isThere)(`the manifests of Online Boutique declare all 16 edges of the published graph with both ports, and no other${why}`, () => {
  const published = JSON.parse(readFileSync(`${shared}online-boutique/service-graph.json`, "utf8")) as readonly Published[];
  const wanted = published
    .filter(({ source }) => source !== null)
    .map(
      ({ source, target, ports }) =>
        `${source} ${target} ${[...new Set(ports.flatMap(({ port, target_port: behind }) => [`tcp/${port}`, `tcp/${behind}`]))].join(" ")}`,
    );
  const { found } = reading(...filesIn("online-boutique/kubernetes-manifests"));
  const short = (name: string): string => name.replace("default/", "");
  expect(wanted).toHaveLength(16);
  expect(found.map(({ from, to, services }) => `${short(from.name)} ${short(to.name)} ${services.join(" ")}`).sort()).toEqual(wanted.sort());
});

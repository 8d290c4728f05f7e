import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { cli, host, type Host, missingForAgent, runWords, shop, smallWorld, until, workloads } from "../testing/agent-process.ts";

const missing = missingForAgent();
if (missing !== null) process.stderr.write(`what an agent refuses is not tried here: ${missing}\n`);

let dir = "";
let web: Host;
const path = (name: string): string => join(dir, name);

beforeAll(() => void (dir = smallWorld()));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
beforeEach(async () => void (missing === null && (web = await host())));
afterEach(async () => void (missing === null && (await web.remove())));

/** What is enforced and written down: the kernel's rules and the files that outlive the agent. */
const standing = (data: string) => ({ rules: web.rules(), kept: readFileSync(path(`${data}/in-force.json`), "utf8") });

/** Writes a file for the length of some work. */
async function changed(name: string, text: string, work: () => Promise<void>): Promise<void> {
  const before = readFileSync(path(name), "utf8");
  writeFileSync(path(name), text);
  await work().finally(() => writeFileSync(path(name), before));
}

/** Starts an agent that has confirmed what it enforces. */
async function settled(data: string) {
  const agent = web.agent(...runWords(dir, data));
  const { digest } = await agent.told("installed");
  await until(() => readdirSync(path(data)).includes("read-back.json"));
  return { agent, digest };
}

const tooMany = JSON.stringify({
  workloads: [
    ...workloads,
    {
      id: "many",
      labels: { app: "db" },
      addresses: Array.from({ length: 500_000 }, (_, number) => `10.${64 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`),
    },
  ],
});

test.skipIf(missing !== null)(
  "what cannot be read, does not know this host or is too large is refused whole, and the old rules stay",
  { timeout: 180_000 },
  async () => {
    const { agent, digest } = await settled("whole");
    const before = standing("whole");
    const refusals: readonly (readonly [string, string, RegExp])[] = [
      ["policy/shop.yaml", "policy: [", /shop\.yaml:1:\d+ .*`bulkhead check/],
      ["policy/shop.yaml", shop("nonsense"), /shop\.yaml:5:\d+ .*nonsense/],
      ["policy/shop.yaml", "x".repeat(2 << 20), /shop\.yaml/],
      ["inventory.json", JSON.stringify({ workloads }).slice(0, -9), /inventory\.json/],
      ["inventory.json", JSON.stringify({ workloads: workloads.slice(1) }), /has no workload `web-1`.*--point/],
      ["inventory.json", tooMany, /has \d+ elements, and a host takes 1000000: select fewer/],
    ];
    for (const [file, text, wanted] of refusals)
      await changed(file, text, async () => {
        agent.signal("SIGHUP");
        expect((await agent.told("refused"))["reason"]).toMatch(wanted);
        expect(standing("whole")).toEqual(before);
      });
    // The controls: what was there before is still that, and something that can be read takes its place.
    agent.signal("SIGHUP");
    expect((await agent.told("installed"))["digest"]).toBe(digest);
    await changed("policy/shop.yaml", shop("tcp/81"), async () => {
      agent.signal("SIGHUP");
      expect((await agent.told("installed"))["digest"]).not.toBe(digest);
      await until(() => standing("whole").kept !== before.kept);
      expect(web.rules()).not.toBe(before.rules);
    });
  },
);

test.skipIf(missing !== null)(
  "however an agent ends the rules stay, and only `unenforce` takes them away and writes down when",
  { timeout: 180_000 },
  async () => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGKILL", "SIGSEGV", "SIGABRT"] as const) {
      const { agent } = await settled("ends");
      const before = standing("ends");
      expect(before.rules).toMatch(/map live_in \{[^}]*goto g/);
      agent.signal(signal);
      expect([signal, (await agent.ended).code]).toEqual([signal, signal === "SIGTERM" || signal === "SIGINT" ? 0 : signal]);
      expect(standing("ends")).toEqual(before);
    }
    const from = new Date().toISOString();
    expect(web.run(...cli("agent", "unenforce", "--data", path("ends")))).toMatchObject({ status: 0, stderr: "" });
    const { at } = JSON.parse(readFileSync(path("ends/unenforced.json"), "utf8")) as { readonly at: string };
    expect(from <= at && at <= new Date().toISOString()).toBe(true);
    expect(web.run(...cli("agent", "status", "--data", path("ends"))).stdout).toContain(`it was taken out of force at ${at}`);
    // The control: this is how it looks when rules are gone.
    expect([web.rules(), web.run("nft", "list", "ruleset").stdout]).toEqual(["", ""]);
    // And nothing brings them back by itself.
    const { code, said } = await web.agent(...runWords(dir, "ends", { policy: "nowhere" })).ended;
    expect([code, said, web.rules()]).toEqual([2, expect.stringContaining("nothing is kept to be enforced"), ""]);
  },
);

test.skipIf(missing !== null)("a host that starts beside a policy that cannot be read enforces what it kept", { timeout: 180_000 }, async () => {
  const { agent } = await settled("starts");
  await agent.end();
  const before = web.rules();
  expect(web.run("nft", "flush", "ruleset").status).toBe(0);
  await changed("policy/shop.yaml", "policy: [", async () => {
    const again = web.agent(...runWords(dir, "starts"));
    await again.told("refused");
    await again.told("healed");
    const timeless = (text: string): string => text.replace(/\t*map grace \{[\s\S]*?\t\}\n/, "").replace(/timeout \S+/g, "");
    expect(timeless(web.rules())).toBe(timeless(before));
    // A policy that can be read is taken as ever.
    writeFileSync(path("policy/shop.yaml"), shop("tcp/81"));
    again.signal("SIGHUP");
    await again.told("installed");
    await again.end();
  });
});

test.skipIf(missing !== null)("another floor is put into force at the next start", { timeout: 180_000 }, async () => {
  const { agent } = await settled("floor");
  await agent.end();
  expect(web.rules()).not.toMatch(/dport 2222 accept/);
  const again = web.agent(...runWords(dir, "floor"), "--management", "tcp/2222");
  await again.told("installed");
  expect(web.rules()).toMatch(/dport 2222 accept/);
  await again.end();
});

test.skipIf(missing !== null)("what another hand inserts while the agent mends is not taken for its own", { timeout: 180_000 }, async () => {
  // Between loading and reading back this `nft` inserts a rule, as often as there are files to say so.
  mkdirSync(path("bin"));
  const insert = "nft insert rule inet bulkhead in accept";
  const script = `#!/bin/sh\nPATH=\${PATH#*:}\nnft "$@" || exit\n[ "$1" = -f ] && rm ${path("meddle")} 2>/dev/null && ${insert}\nexit 0\n`;
  writeFileSync(path("bin/nft"), script, { mode: 0o755 });
  const agent = web.agent(...runWords(dir, "meddled"));
  await agent.told("installed");
  await agent.end();
  const meddled = web.start("env", `PATH=${path("bin")}:${process.env["PATH"] ?? ""}`, ...cli(...runWords(dir, "meddled")));
  const isInserted = (): boolean => /chain in \{\s*type[^\n]*\n\s*accept/.test(web.rules());
  try {
    for (let turn = 0; turn < 3; turn += 1) {
      writeFileSync(path("meddle"), "");
      web.run("nft", "insert", "rule", "inet", "bulkhead", "out", "accept");
      await until(() => !readdirSync(dir).includes("meddle"));
      await until(() => !isInserted());
    }
  } finally {
    meddled.kill("SIGTERM");
  }
  // The control: without an agent it stays.
  web.run("nft", "insert", "rule", "inet", "bulkhead", "in", "accept");
  expect(isInserted()).toBe(true);
});

test.skipIf(missing !== null)(
  "a rule set that does not have its digest is not believed, and the kernel goes on with what it has",
  { timeout: 180_000 },
  async () => {
    const { agent } = await settled("damaged");
    await agent.end();
    cpSync(path("damaged"), path("other"), { recursive: true });
    const before = web.rules();
    const kept = readFileSync(path("damaged/in-force.json"), "utf8");
    for (const text of [kept.replace("10.0.0.9", "10.0.0.8"), kept.slice(0, -20), "", "null", '{"ruleset":{"version":2},"digest":"x"}']) {
      writeFileSync(path("damaged/in-force.json"), text);
      const { code, said } = await web.agent(...runWords(dir, "damaged")).ended;
      expect([code, said, web.rules()]).toEqual([2, expect.stringMatching(/is damaged: its digest does not fit\n {2}next: .*delete the file/), before]);
    }
    // The control: the same directory as it was is taken.
    const again = web.agent(...runWords(dir, "other"));
    await again.told("installed");
    await again.end();
  },
);

import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claim, claimHost, holderOf } from "./lock.ts";

let directory = "";
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "bulkhead-lock-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const lock = (): string => join(directory, "agent.lock");
const written = (): { readonly pid: number; readonly started: string; readonly boot: string } =>
  JSON.parse(readFileSync(lock(), "utf8")) as { readonly pid: number; readonly started: string; readonly boot: string };

test("a directory that one agent holds is refused to another, and free when that one lets go", () => {
  const release = claim(directory);
  expect(holderOf(directory)).toBe(process.pid);
  expect(() => claim(directory)).toThrow(`an agent with process id ${process.pid} already holds ${directory}`);
  expect(holderOf(directory)).toBe(process.pid);
  release();
  expect([holderOf(directory), readdirSync(directory)]).toEqual([null, []]);
  claim(directory)();
});

test("what a killed agent left behind is no holder, also when its number belongs to another process by now", () => {
  claim(directory);
  const { pid, started, boot } = written();
  const others = [
    { pid, started: String(Number(started) - 1), boot },
    { pid, started, boot: "before-the-last-start" },
    { pid: 2 ** 22 + 1, started, boot },
    4711,
    "?",
  ];
  for (const one of others) {
    writeFileSync(lock(), JSON.stringify(one));
    expect(holderOf(directory), JSON.stringify(one)).toBeNull();
    claim(directory)();
  }
  // The control: with the right start it is one.
  writeFileSync(lock(), JSON.stringify({ pid, started, boot }));
  expect(holderOf(directory)).toBe(process.pid);
});

test("one that has ended holds nothing, also while nobody has asked how it ended", async () => {
  const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const pid = Number(await new Promise<string>((resolve) => parent.stdout.once("data", (bytes: Buffer) => resolve(bytes.toString()))));
    const stat = (): readonly string[] => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    while (stat()[0] !== "Z") await new Promise((resolve) => setTimeout(resolve, 10));
    claim(directory);
    writeFileSync(lock(), JSON.stringify({ ...written(), pid, started: stat()[19] }));
    expect(holderOf(directory)).toBeNull();
  } finally {
    parent.kill("SIGKILL");
  }
});

test("the rules of a host belong to one agent, whatever their directories", () => {
  const release = claimHost(directory);
  expect(() => claimHost(directory)).toThrow(`an agent with process id ${process.pid} already enforces on this host`);
  release();
  claimHost(directory)();
  // Where nothing can be written nothing is claimed, and nobody is kept from enforcing.
  claimHost("/proc/nowhere")();
});

/** What six processes say that claim a directory at the same instant, beside a lock that was left behind. */
async function racing(claiming: string): Promise<readonly string[]> {
  writeFileSync(lock(), JSON.stringify({ pid: process.pid, started: "1", boot: "" }));
  const script = `const { claim, holderOf } = await import(${JSON.stringify(new URL("../dist/lock.js", import.meta.url).href)});
    const { writeFileSync } = await import("node:fs");
    const [directory, lock] = process.argv.slice(1);
    process.stdin.once("data", async () => {
      try { ${claiming}; console.log("held"); } catch (error) { console.log(error.message.replace(/\\d+.*/, "…")); }
      process.stdin.on("end", () => process.exit());
    });
    console.log("ready");`;
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ["--input-type=module", "-e", script, directory, lock()], { stdio: ["pipe", "pipe", "inherit"] }),
  );
  const said = children.map((child) => {
    const texts: string[] = [];
    child.stdout.on("data", (bytes: Buffer) => texts.push(bytes.toString()));
    return texts;
  });
  const all = async (shape: RegExp): Promise<void> => {
    while (!said.every((texts) => shape.test(texts.join("")))) {
      expect(children.filter(({ exitCode }) => exitCode !== null)).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  await all(/ready/);
  for (const child of children) child.stdin.write("go\n");
  await all(/ready\n./);
  const ended = children.map((child) => new Promise((resolve) => child.once("close", resolve)));
  for (const child of children) child.stdin.end();
  await Promise.all(ended);
  rmSync(lock(), { force: true });
  return said.map((texts) => texts.join("").replace("ready\n", "").trim()).sort();
}

test("of many that start at the same instant one gets the directory", { timeout: 60_000 }, async () => {
  for (let round = 0; round < 2; round += 1)
    expect(await racing("claim(directory)")).toEqual([...Array.from({ length: 5 }, () => "an agent with process id …"), "held"]);
  // The control: whoever looks first and writes then is not alone.
  const naive = "if (holderOf(directory) === null) { await new Promise((resolve) => setTimeout(resolve, 300)); writeFileSync(lock, ''); }";
  expect((await racing(naive)).filter((one) => one === "held").length).toBeGreaterThan(1);
});

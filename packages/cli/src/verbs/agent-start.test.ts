import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { cli, host, type Host, missingForAgent, runWords, smallWorld } from "../testing/agent-process.ts";

const missing = missingForAgent();
if (missing !== null) process.stderr.write(`how an agent starts is not tried here: ${missing}\n`);

let dir = "";
let web: Host;
const path = (name: string): string => join(dir, name);

beforeAll(() => void (dir = smallWorld()));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
beforeEach(async () => void (missing === null && (web = await host())));
afterEach(async () => void (missing === null && (await web.remove())));

/** A start that is to be refused: what it says and leaves. `around` stands before the words. */
function refused(data: string, { around = [], words = runWords(dir, data) }: { readonly around?: readonly string[]; readonly words?: readonly string[] } = {}) {
  const { status, stdout, stderr } = web.run(...around, ...cli(...words));
  expect(`${stdout}${stderr}`).not.toMatch(/\bat .*\.js:\d|bug of ours/);
  expect(stderr).toMatch(/^bulkhead: .*\n {2}next: .*\n$/);
  const left = existsSync(path(data)) && readdirSync(path(data)).length > 0 ? readdirSync(path(data)) : [];
  return { code: status, said: stderr, stdout, left, rules: web.run("nft", "list", "ruleset").stdout };
}

const nothing = { code: 2, stdout: "", left: [], rules: "" };

test.skipIf(missing !== null)("without nft nothing is begun", { timeout: 180_000 }, () => {
  const bare = ["unshare", "-m", "sh", "-c", 'mount -t tmpfs none /usr/sbin; exec "$@"', "sh"];
  expect(refused("no-nft", { around: bare })).toEqual({
    ...nothing,
    said: expect.stringMatching(/this machine has no `nft`\n {2}next: install nftables/) as string,
  });
});

test.skipIf(missing !== null)("without the right to change rules nothing is begun", { timeout: 180_000 }, () => {
  const around = ["setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin"];
  expect(refused("no-right", { around })).toEqual({ ...nothing, said: expect.stringMatching(/operation not permitted[\s\S]*NET_ADMIN/) as string });
});

test.skipIf(missing !== null)("whoever is not root is told so by every verb of the agent", { timeout: 180_000 }, () => {
  const around = ["setpriv", "--reuid", "65534", "--clear-groups"];
  const verbs = [runWords(dir, "nobody"), ["agent", "status", "--data", path("nobody")], ["agent", "unenforce", "--data", path("nobody")]];
  for (const words of verbs)
    expect(refused("nobody", { around, words })).toEqual({ ...nothing, said: expect.stringMatching(/only root may[\s\S]*run it as root/) as string });
});

test.skipIf(missing !== null)("a kernel that lacks something is told what, and what brings it", { timeout: 180_000 }, async () => {
  // This `nft` answers as a kernel does that has no such module; all others pass.
  mkdirSync(path("bin"));
  const without = (word: string) => {
    const answer = 'echo "$3:1:1-9: Error: Could not process rule: No such file or directory" >&2; exit 1';
    writeFileSync(path("bin/nft"), `#!/bin/sh\nPATH=\${PATH#*:}\n[ -f "$3" ] && grep -q '${word}' "$3" && { ${answer}; }\nexec nft "$@"\n`, { mode: 0o755 });
    return ["env", `PATH=${path("bin")}:${process.env["PATH"] ?? ""}`];
  };
  const { said, ...rest } = refused("lacks", { around: without("reject with tcp reset") });
  expect([rest, said]).toEqual([
    nothing,
    expect.stringMatching(/lacks: reasons of refusals \(CONFIG_NFT_REJECT_INET\)\n {2}next: nothing was changed; load the modules/),
  ]);
  expect(refused("lacks", { around: without("ct state") }).said).toMatch(/lacks: the state of conversations \(CONFIG_NF_CONNTRACK, CONFIG_NFT_CT\)/);
  expect(refused("lacks", { around: without("table inet") }).said).toMatch(/lacks: tables for IPv4 and IPv6 together .*; the state of/);
  // The control: a kernel that lacks nothing of ours.
  const agent = web.start(...without("no such thing"), ...cli(...runWords(dir, "lacks")));
  const first = await new Promise<string>((resolve) => agent.stdout.once("data", (bytes: Buffer) => resolve(bytes.toString())));
  expect(first).toContain('"event":"started"');
  agent.kill("SIGTERM");
});

test.skipIf(missing !== null)("a kernel that takes rules and does not apply them is found out with a datagram", { timeout: 180_000 }, async () => {
  web.run("ip", "link", "set", "lo", "up");
  // This `nft` says of every rule set that it is loaded.
  const pretending = path("pretending");
  mkdirSync(pretending);
  writeFileSync(join(pretending, "nft"), `#!/bin/sh\nPATH=\${PATH#*:}\n[ "$1" = -f ] && exit 0\nexec nft "$@"\n`, { mode: 0o755 });
  const around = ["env", `PATH=${pretending}:${process.env["PATH"] ?? ""}`];
  expect(refused("pretends", { around })).toEqual({
    ...nothing,
    said: expect.stringMatching(/does not apply them: a datagram came that a rule drops/) as string,
  });
  // The control: the kernel of this machine drops it, and nothing of the trial is left.
  const agent = web.agent(...runWords(dir, "pretends"));
  await agent.told("installed");
  expect(web.run("nft", "list", "tables").stdout).toBe("table inet bulkhead_seen\ntable inet bulkhead\n");
  await agent.end();
});

test.skipIf(missing !== null)("with nothing kept, what cannot be enforced ends the agent before it has touched anything", { timeout: 180_000 }, () => {
  const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      "an inventory without the point",
      runWords(dir, "first", { point: "web-9" }),
      /has no workload `web-9`, which this point is to be: name another with --point/,
    ],
    ["no policy directory", runWords(dir, "first", { policy: "nowhere" }), /there is no policy directory, and nothing is kept/],
    ["a policy directory without policy", runWords(dir, "first", { policy: "." }), /inventory\.json|holds no policy/],
    [
      "no inventory",
      runWords(dir, "first").map((word) => word.replace("inventory.json", "missing.json")),
      /missing\.json cannot be read \(ENOENT\): name a file/,
    ],
  ];
  for (const [name, words, wanted] of cases) {
    const { said, ...rest } = refused("first", { words });
    expect([name, rest, said], name).toEqual([name, nothing, expect.stringMatching(wanted)]);
  }
});

test.skipIf(missing !== null)("a data directory that is none, or cannot be written, is told", { timeout: 180_000 }, () => {
  writeFileSync(path("a-file"), "");
  const never = web.run(...cli(...runWords(dir, "a-file").map((word) => (word === path("a-file") ? "/proc/nowhere/at" : word))));
  expect([never.status, never.stderr]).toEqual([2, expect.stringContaining("/proc/nowhere/at cannot be made a directory (ENOENT)")]);
  expect(web.run(...cli(...runWords(dir, "a-file")))).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/cannot be made a directory[\s\S]*next: name another/) as string,
  });
  const around = ["unshare", "-m", "sh", "-c", `mkdir -p ${path("full")}; mount -t tmpfs -o ro none ${path("full")}; exec "$@"`, "sh"];
  expect(refused("full", { around })).toEqual({
    ...nothing,
    said: expect.stringMatching(/cannot be written \(EROFS\)[\s\S]*next: give the data directory space/) as string,
  });
});

test.skipIf(missing !== null)("a second agent on the same directory is refused, and the first goes on", { timeout: 180_000 }, async () => {
  const agent = web.agent(...runWords(dir, "shared"));
  const { pid } = await agent.told("started");
  await agent.told("installed");
  const other = await host();
  try {
    for (const place of [web, other]) {
      const { status, stderr } = place.run(...cli(...runWords(dir, "shared")));
      expect([status, stderr]).toEqual([
        2,
        expect.stringMatching(new RegExp(`an agent with process id ${pid} already holds [\\s\\S]*next: stop that one first`)),
      ]);
    }
    expect(other.run("nft", "list", "ruleset").stdout).toBe("");
  } finally {
    await other.remove();
  }
  // Nor may one with a directory of its own undo what the first enforces on this host; on another host it may.
  const { said, ...rest } = refused("of-its-own");
  expect([rest.code, rest.left, said]).toEqual([2, [], expect.stringMatching(new RegExp(`process id ${pid} already enforces on this host`))]);
  expect(web.rules()).toContain("map live_in");
  // Killed, it leaves its lock behind, and that holds nobody.
  agent.signal("SIGKILL");
  await agent.ended;
  expect(readFileSync(path("shared/agent.lock"), "utf8")).toContain(String(pid));
  const again = web.agent(...runWords(dir, "shared"));
  await again.told("installed");
  await again.end();
  expect(readdirSync(path("shared")).filter((name) => name.startsWith("agent.lock"))).toEqual([]);
});

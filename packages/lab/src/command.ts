import { Failure } from "@bulkhead/core/base/failure";
import { spawnSync } from "node:child_process";

/** The environment of every program that the lab starts: a shell without /usr/sbin still finds `ip` and `nft`. */
export const environment = (): NodeJS.ProcessEnv => ({ ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` });

const secondsMax = 30;

/** Runs a program to its end; what it says on standard error becomes the Failure. */
export function command(program: string, words: readonly string[], input = ""): string {
  const { status, error, stdout, stderr } = spawnSync(program, words, {
    input,
    encoding: "utf8",
    env: environment(),
    timeout: secondsMax * 1000,
    maxBuffer: 64 << 20,
  });
  if (status === 0) return stdout;
  const said = error?.message ?? stderr.trim().split("\n").slice(0, 2).join(" / ");
  throw new Failure(`\`${program} ${words.join(" ")}\` did not work: ${said}`, "`bulkhead lab down` removes what is left of the lab");
}

const needed: Readonly<Record<string, string>> = { ip: "iproute2", nft: "nftables", nsenter: "util-linux", setpriv: "util-linux", ping: "iputils-ping" };

/** Says in words why this machine can have no lab now, or null. */
export function missing(): Failure | null {
  if (process.platform !== "linux") return new Failure("a lab needs the network namespaces of Linux", "run it on Linux, as root");
  if (process.getuid?.() !== 0) return new Failure("a lab makes network namespaces, which only root may", "run it as root");
  const absent = Object.keys(needed).filter((program) => spawnSync("sh", ["-c", `command -v ${program}`], { env: environment() }).status !== 0);
  if (absent.length > 0)
    return new Failure(
      `this machine has no ${absent.map((program) => `\`${program}\``).join(", ")}`,
      `install ${absent.map((program) => needed[program]).join(", ")}`,
    );
  return null;
}

import { basename } from "node:path";
import { type Finding, type SourceText } from "./finding.ts";

const vague = /(^|-)(data|info|manager|handler|helpers?|utils?|misc|common)(-|\.|$)/;

/** File names that a newcomer could not guess from the thing inside: not kebab-case, `index.ts`, or a word that says nothing. */
export function nameFindings(paths: readonly string[]): readonly Finding[] {
  return paths
    .filter((path) => /\.(ts|mjs)$/.test(path))
    .flatMap((path) => {
      const name = basename(path);
      if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.(ts|mjs)$/.test(name))
        return [{ path, line: 1, message: "file names are kebab-case, after the one thing the file exports" }];
      if (name === "index.ts") return [{ path, line: 1, message: "no `index.ts`: name the file after what it exports" }];
      return vague.test(name) ? [{ path, line: 1, message: `\`${name}\` says nothing: name the file after what it exports` }] : [];
    });
}

// Split so that this file does not find itself.
const reminders = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "XX" + "X"].join("|")})\\b`);
const machinePath = new RegExp(`(^|[^A-Za-z0-9_.-])/(${["wo" + "rk", "ro" + "ot", "fa" + "rm"].join("|")})/`);
const registry = new RegExp(["registry\\.npm", "js\\.org|npm", "mirror|deb\\.deb", "ian\\.org"].join(""));
const unrun = /\b(it|test|describe)\.(only|todo|skip)\(/;

/** Words that must not be committed: reminders, paths of one machine, hosts of a registry, tests that do not run. */
export function wordFindings(sources: readonly SourceText[]): readonly Finding[] {
  return sources.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) => {
      const found: Finding[] = [];
      const at = { path, line: index + 1 };
      if (reminders.test(line) && path !== "STYLE.md") found.push({ ...at, message: "a reminder was forgotten here: do it, or open an issue" });
      if (machinePath.test(line)) found.push({ ...at, message: "a path of one machine" });
      if (registry.test(line)) found.push({ ...at, message: "the host of a package registry" });
      if (unrun.test(line) && path.endsWith(".ts"))
        found.push({ ...at, message: "a test that does not run reads as one that passes; use `skipIf` with its reason" });
      return found;
    }),
  );
}

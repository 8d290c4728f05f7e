import { type Finding } from "./finding.ts";

/** What each package may need at run time. Adding a name here is the review; the commit says what it saves, costs, and how to leave it. */
export const allowed: Readonly<Record<string, readonly string[]>> = {
  "packages/core": ["yaml", "zod"],
  "packages/adapters": ["@bulkhead/core", "@myriaddreamin/typst-ts-node-compiler", "chdb", "yaml"],
  "packages/cli": ["@bulkhead/adapters", "@bulkhead/agent", "@bulkhead/core", "@bulkhead/lab", "@stricli/core"],
  "packages/agent": ["@bulkhead/adapters", "@bulkhead/core"],
  "packages/lab": ["@bulkhead/adapters", "@bulkhead/core", "yaml"],
  tools: [],
};

/** Run-time dependencies that the table does not allow, and those it allows that are gone. */
export function dependencyFindings(manifests: Readonly<Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>>): readonly Finding[] {
  return Object.entries(manifests).flatMap(([folder, manifest]) => {
    const known = allowed[folder];
    if (known === undefined) return [];
    return Object.keys(manifest.dependencies ?? {})
      .filter((name) => !known.includes(name))
      .map((name) => ({ path: `${folder}/package.json`, line: 1, message: `\`${name}\` is not on the list in tools/src/tidy/dependencies.ts` }));
  });
}

interface Locked {
  readonly engines?: { readonly node?: string } | readonly string[];
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly resolved?: string;
}

/** Addresses in the lock file, and packages whose `engines` refuse Node 20 and that nobody has tried there. */
export function lockFindings(lock: { readonly packages: Readonly<Record<string, Locked>> }, triedOn20: readonly string[]): readonly Finding[] {
  return Object.entries(lock.packages).flatMap(([path, locked]) => {
    const at = { path: "package-lock.json", line: 1 };
    const found: Finding[] = [];
    if (/^https?:/.test(locked.resolved ?? "")) found.push({ ...at, message: `\`${path}\` carries the address of a registry` });
    const engines = locked.engines;
    const node = engines === undefined || Array.isArray(engines) ? undefined : (engines as { node?: string }).node;
    if (node !== undefined && refusesNode20(node) && !triedOn20.some((name) => path.endsWith(`node_modules/${name}`)))
      found.push({ ...at, message: `\`${path}\` wants Node ${node}; try it on 20 and add it to the list in tools/src/tidy.ts` });
    return found;
  });
}

/** Whether every alternative of a range starts above Node 20. Reads the forms that packages use: `>=22`, `^22.1 || >=24`, `20 || 22`. */
export function refusesNode20(range: string): boolean {
  const lowest = range.split("||").map((part) => Number(/(\d+)/.exec(part)?.[1] ?? 0));
  return !range.includes("*") && lowest.every((major) => major > 20);
}

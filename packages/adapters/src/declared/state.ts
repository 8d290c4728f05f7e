import { Failure } from "@bulkhead/core/base/failure";
import type { DeclaredExport } from "@bulkhead/core/inventory/declared";
import { randomBytes } from "node:crypto";
import { open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { makePath } from "../make-path.ts";

const version = 1;

/** Everything that was declared, in the order in which the sources were first imported. */
export async function loadDeclared(dataDirectory: string): Promise<readonly DeclaredExport[]> {
  const directory = join(dataDirectory, "declared");
  return (await keptIn(directory)).map(({ one }) => one);
}

/** Keeps what a source declares; what it declared before is replaced. */
export async function saveDeclared(dataDirectory: string, exported: DeclaredExport): Promise<void> {
  const directory = join(dataDirectory, "declared");
  const unkept = (error: Error): never => {
    throw new Failure(
      `what was declared cannot be kept in ${directory}: ${error.message}`,
      "what was there before is unchanged; mend the cause and import again",
    );
  };
  try {
    makePath(directory);
  } catch (error) {
    unkept(error as Error);
  }
  const kept = await keptIn(directory);
  const next = 1 + Math.max(0, ...kept.map(({ name }) => Number.parseInt(name, 10)));
  const name = kept.find(({ one }) => one.source === exported.source)?.name ?? `${String(next).padStart(6, "0")}.json`;
  const beside = join(directory, `.${randomBytes(6).toString("hex")}`);
  try {
    const file = await open(beside, "wx", 0o600);
    try {
      await file.writeFile(`${JSON.stringify({ version, ...exported })}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, join(directory, name));
  } catch (error) {
    await rm(beside, { force: true });
    unkept(error as Error);
  }
}

async function keptIn(directory: string): Promise<readonly { readonly name: string; readonly one: DeclaredExport }[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new Failure(`what was declared in ${directory} cannot be read: ${error.message}`, "look at the rights of the data directory");
  });
  const kept = [];
  for (const name of names.filter((one) => /^\d{6}\.json$/.test(one)).sort()) kept.push({ name, one: await exportIn(join(directory, name)) });
  return kept;
}

async function exportIn(path: string): Promise<DeclaredExport> {
  let kept: DeclaredExport & { readonly version?: unknown };
  try {
    kept = JSON.parse(await readFile(path, "utf8")) as DeclaredExport & { readonly version?: unknown };
    if (typeof kept.source !== "string" || !Array.isArray(kept.dependencies)) throw new Error("it names no source");
  } catch (error) {
    throw new Failure(`${path} is damaged: ${(error as Error).message}`, "remove it and import that source again");
  }
  if (kept.version === version) return kept;
  throw new Failure(
    `${path} has the version ${String(kept.version).slice(0, 40)}, and this bulkhead reads version ${version}`,
    "use the bulkhead that wrote it, or remove the file and import that source again",
  );
}

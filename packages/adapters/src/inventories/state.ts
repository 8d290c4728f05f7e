/** inventories/ reads what organisations know of their machines: one folder for each format, and the state that keeps the latest export of each source. */
import { Failure } from "@bulkhead/core/base/failure";
import { ipOf, ipText } from "@bulkhead/core/base/ip";
import { believe, type Believed } from "@bulkhead/core/inventory/believe";
import type { SourceExport } from "@bulkhead/core/inventory/sighting";
import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";

/** What all sources together say, the one that was imported first believed first. */
export async function loadInventory(dataDirectory: string): Promise<Believed> {
  return believe(await exportsIn(dataDirectory));
}

/** Keeps an export; an earlier one of the same source is replaced, and the source keeps its place among the others. */
export async function saveSource(dataDirectory: string, { source, at, sightings }: SourceExport): Promise<void> {
  const directory = join(dataDirectory, "inventory");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const names = await filesIn(directory);
  const known = (await exportsOf(directory, names)).find(({ one }) => one.source === source)?.name;
  const next = 1 + Math.max(0, ...names.map((name) => Number.parseInt(name, 10)));
  const name = known ?? `${String(next).padStart(6, "0")}.json`;
  const leases = (one: SourceExport["sightings"][number]) => one.leases.map(({ ip, from, until }) => ({ address: ipText(ip), from, until }));
  const text = JSON.stringify({ source, at, sightings: sightings.map((one) => ({ ...one, leases: leases(one) })) });
  await writeWhole(join(directory, name), text);
}

// A reader sees the old export or the new one, whole, also after a power cut.
async function writeWhole(path: string, text: string): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(beside, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path).catch(async (error: Error) => {
    await rm(beside, { force: true });
    throw new Failure(`the inventory cannot be kept in ${path}: ${error.message}`, "the earlier export is still there; mend the cause and import again");
  });
}

async function exportsIn(dataDirectory: string): Promise<readonly SourceExport[]> {
  const directory = join(dataDirectory, "inventory");
  return (await exportsOf(directory, await filesIn(directory))).map(({ one }) => one);
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new Failure(`the inventory in ${directory} cannot be read: ${error.message}`, "look at the rights of the data directory");
  });
  return names.filter((name) => /^\d{6}\.json$/.test(name)).sort();
}

function exportsOf(directory: string, names: readonly string[]): Promise<readonly { readonly name: string; readonly one: SourceExport }[]> {
  return Promise.all(
    names.map(async (name) => {
      try {
        const kept = JSON.parse(await readFile(join(directory, name), "utf8")) as Kept;
        const sightings = kept.sightings.map((one) => ({
          ...one,
          leases: one.leases.map(({ address, from, until }) => ({ ip: ipOf(address)!, from, until })),
        }));
        return { name, one: { ...kept, sightings } };
      } catch (error) {
        throw new Failure(`${join(directory, name)} is damaged: ${(error as Error).message}`, "remove it and import that source again");
      }
    }),
  );
}

interface Kept extends Omit<SourceExport, "sightings"> {
  readonly sightings: readonly (Omit<SourceExport["sightings"][number], "leases"> & {
    readonly leases: readonly { readonly address: string; readonly from: number | null; readonly until: number | null }[];
  })[];
}

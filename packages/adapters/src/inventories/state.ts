/** inventories/ reads what organisations know of their machines: one folder for each format, and the state that keeps the latest export of each source. */
import { Failure } from "@bulkhead/core/base/failure";
import { ipOf, ipText } from "@bulkhead/core/base/ip";
import { believe, type Believed } from "@bulkhead/core/inventory/believe";
import { continued } from "@bulkhead/core/inventory/continued";
import type { Sighting, SourceExport } from "@bulkhead/core/inventory/sighting";
import { randomBytes } from "node:crypto";
import { open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makePath } from "../make-path.ts";

// 2 keeps points and what is quarantined; files without a version are the first.
const version = 2;
const partMin = 1 << 20;

/** What all sources together say: corrections are believed first, then the sources in the order in which they were first imported. */
export async function loadInventory(dataDirectory: string): Promise<Believed> {
  const directory = join(dataDirectory, "inventory");
  return believedOf((await exportsOf(directory, await filesIn(directory))).map(({ one }) => one));
}

/** What all sources together would say if this export were kept; nothing is. */
export async function inventoryWith(dataDirectory: string, exported: SourceExport & { readonly isSnapshot?: boolean }): Promise<Believed> {
  const directory = join(dataDirectory, "inventory");
  const exports = (await exportsOf(directory, await filesIn(directory))).map(({ one }) => one);
  const known = exports.find(({ source }) => source === exported.source);
  const next = followed(known, exported);
  return believedOf(known === undefined ? [...exports, next] : exports.map((one) => (one === known ? next : one)));
}

const believedOf = (exports: readonly SourceExport[]): Believed =>
  believe([...exports.filter(({ isFirst }) => isFirst === true), ...exports.filter(({ isFirst }) => isFirst !== true)]);

/** The export that takes the place of an earlier one of its source: a view of the present goes on where that ended. */
function followed(known: SourceExport | undefined, exported: SourceExport & { readonly isSnapshot?: boolean }): SourceExport {
  return exported.isSnapshot === true && known !== undefined && known.at <= exported.at ? continued(known, exported) : exported;
}

/** Keeps an export; an earlier one of the same source is replaced, or goes on where it sees only the present. The source keeps its place among the others. */
export async function saveSource(dataDirectory: string, exported: SourceExport & { readonly isSnapshot?: boolean }): Promise<void> {
  const directory = join(dataDirectory, "inventory");
  try {
    makePath(directory);
  } catch (error) {
    unkept(directory)(error as Error);
  }
  const names = await filesIn(directory);
  const known = (await exportsOf(directory, names)).find(({ one }) => one.source === exported.source);
  const next = 1 + Math.max(0, ...names.map((name) => Number.parseInt(name, 10)));
  const path = join(directory, known?.name ?? `${String(next).padStart(6, "0")}.json`);
  await writeWhole(path, followed(known?.one, exported)).catch(unkept(path));
}

const unkept =
  (path: string) =>
  (error: Error): never => {
    throw new Failure(`the inventory cannot be kept in ${path}: ${error.message}`, "what was there before is unchanged; mend the cause and import again");
  };

// A reader sees the old export or the new one, whole, also after a power cut.
async function writeWhole(path: string, exported: SourceExport): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    const file = await open(beside, "wx", 0o600);
    try {
      await writeFile(file, partsOf(exported));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** The file's text in parts: as one string a large estate would be longer than strings may be. */
function* partsOf({ sightings, ...rest }: SourceExport): Generator<string> {
  let part = `${JSON.stringify({ version, ...headOf(rest) }).slice(0, -1)},"sightings":[\n`;
  for (const [index, { leases, ...one }] of sightings.entries()) {
    const kept = { ...one, leases: leases.map(({ ip, from, until }) => ({ address: ipText(ip), from, until })) };
    part += `${index > 0 ? ",\n" : ""}${JSON.stringify(kept)}`;
    if (part.length < partMin) continue;
    yield part;
    part = "";
  }
  yield `${part}\n]}\n`;
}

/** Everything of an export but its sightings; what a source does not state is none. */
function headOf(one: Omit<SourceExport, "sightings">): Required<Omit<SourceExport, "sightings">> {
  const { source, at, points = [], quarantined = [], networks = [], credentials = [], systems = [], agreements = [], isFirst = false } = one;
  return { source, at, points, quarantined, networks, credentials, systems, agreements, isFirst };
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw new Failure(`the inventory in ${directory} cannot be read: ${error.message}`, "look at the rights of the data directory");
  });
  return names.filter((name) => /^\d{6}\.json$/.test(name)).sort();
}

async function exportsOf(directory: string, names: readonly string[]): Promise<readonly { readonly name: string; readonly one: SourceExport }[]> {
  const kept = [];
  for (const name of names) kept.push({ name, one: await exportIn(join(directory, name)) });
  return kept;
}

async function exportIn(path: string): Promise<SourceExport> {
  let kept: Kept;
  try {
    kept = JSON.parse(await readFile(path, "utf8")) as Kept;
    if (![undefined, 1, version].includes(kept.version)) return unknownVersion(path, kept.version);
    return { ...headOf(kept), sightings: kept.sightings.map(sightingOf) };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`${path} is damaged: ${(error as Error).message}`, "remove it and import that source again");
  }
}

function unknownVersion(path: string, found: unknown): never {
  throw new Failure(
    `${path} has the version ${String(found).slice(0, 40)}, and this bulkhead reads versions up to ${version}`,
    "use the bulkhead that wrote it, or remove the file and import that source again",
  );
}

function sightingOf({ id, labels, attributes, leases }: Kept["sightings"][number]): Sighting {
  if (typeof id !== "string") throw new Error("a workload has no id");
  return {
    id,
    labels,
    attributes,
    leases: leases.map(({ address, from, until }) => {
      const ip = ipOf(address);
      if (ip === undefined) throw new Error("a lease has no address");
      return { ip, from, until };
    }),
  };
}

interface Kept extends Omit<SourceExport, "sightings"> {
  readonly version?: number;
  readonly sightings: readonly (Omit<Sighting, "leases"> & {
    readonly leases: readonly { readonly address: string; readonly from: number | null; readonly until: number | null }[];
  })[];
}

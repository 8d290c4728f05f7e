import { Failure } from "@bulkhead/core/base/failure";
import type { Connection } from "@bulkhead/core/model/connection";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { makePath } from "../make-path.ts";

/** What an operator declares about a sensor; keys that we do not know are kept as they are. */
export interface Sensor {
  readonly name: string;
  /** A file or folder, against the folder of the declaration. */
  readonly files?: string;
  /** N for 1 in N packets. */
  readonly sampling?: number | null;
  readonly [key: string]: unknown;
}

const bytesMax = 16 << 20;
const sensorsMax = 10_000;

/** Reads a declaration of sensors: `{ "sensors": [ { "name", "files", "sampling", "gaps", … } ] }`. */
export function readSensors(path: string): readonly Sensor[] {
  const wrong = (why: string): Failure =>
    new Failure(`${path} is no declaration of sensors: ${why}`, 'write { "sensors": [ { "name": "core-zeek", "files": "flows/core-zeek/" } ] }');
  const listed = (jsonOf(path, wrong) as { readonly sensors?: unknown } | null)?.sensors;
  if (!Array.isArray(listed) || listed.length > sensorsMax) throw wrong("it has no list `sensors`");
  for (const [at, one] of listed.entries()) {
    const { name, files, sampling } = (typeof one === "object" && one !== null ? one : {}) as Record<string, unknown>;
    if (typeof name !== "string" || name === "" || name.length > 200) throw wrong(`sensor ${at + 1} has no name`);
    if (files !== undefined && typeof files !== "string") throw wrong(`\`files\` of ${name} is no path`);
    if (sampling !== undefined && sampling !== null && !(Number.isSafeInteger(sampling) && Number(sampling) > 0))
      throw wrong(`\`sampling\` of ${name} is neither null nor N for 1 in N`);
  }
  return listed as readonly Sensor[];
}

function jsonOf(path: string, wrong: (why: string) => Failure): unknown {
  try {
    if (statSync(path).size > bytesMax) throw wrong("it is larger than 16 MiB");
    return JSON.parse(readFileSync(path, "utf8")) as unknown;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw wrong(error instanceof SyntaxError ? "it is not JSON" : `it cannot be read (${String((error as NodeJS.ErrnoException).code)})`);
  }
}

/** Which sensor wrote a file, by the longest declared path that leads to it. */
export function sensorFinder(declaration: string, sensors: readonly Sensor[]): (file: string) => Sensor | null {
  const base = dirname(resolve(declaration));
  const places = sensors
    .flatMap((sensor) => (sensor.files === undefined ? [] : [{ sensor, path: resolve(base, sensor.files) }]))
    .sort((a, b) => b.path.length - a.path.length);
  return (file) => {
    const path = resolve(file);
    return places.find((place) => path === place.path || path.startsWith(place.path + sep))?.sensor ?? null;
  };
}

/** A connection with what its sensor's declaration says where the record itself is silent. */
export function asDeclared(connection: Connection, { name, sampling }: Pick<Sensor, "name" | "sampling">): Connection {
  if (connection.observer !== null && (connection.sampling !== null || (sampling ?? null) === null)) return connection;
  return { ...connection, observer: connection.observer ?? name, sampling: connection.sampling ?? sampling ?? null };
}

/** Keeps declarations in the data directory for the questions about what was missed; a sensor that is declared again is replaced. */
export function keepSensors(dataDirectory: string, sensors: readonly Sensor[]): void {
  makePath(dataDirectory);
  const all = new Map([...keptSensors(dataDirectory), ...sensors].map((sensor) => [sensor.name, sensor]));
  const path = join(dataDirectory, "sensors.json");
  const beside = `${path}.${process.pid}`;
  const descriptor = openSync(beside, "w", 0o600);
  writeSync(descriptor, `${JSON.stringify({ sensors: [...all.values()] }, null, 1)}\n`);
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(beside, path);
}

/** The sensors declared so far. */
export function keptSensors(dataDirectory: string): readonly Sensor[] {
  const path = join(dataDirectory, "sensors.json");
  return statSync(path, { throwIfNoEntry: false }) === undefined ? [] : readSensors(path);
}

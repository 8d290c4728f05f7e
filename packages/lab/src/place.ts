import { digestOf } from "@bulkhead/adapters/digest";
import { makePath } from "@bulkhead/adapters/make-path";
import { Failure } from "@bulkhead/core/base/failure";
import { realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the lab of a data directory keeps its state, and how its namespaces begin. */
export interface Place {
  readonly directory: string;
  readonly socket: string;
  readonly lastWords: string;
  readonly prefix: string;
}

// Linux holds 107 bytes in a socket's address.
const socketPathMax = 100;

/** Creates the lab's directory where it is missing. One data directory has one lab: the names follow from its path, so a killed lab can be found again. */
export function placeOf(data: string): Place {
  try {
    makePath(join(data, "lab"));
  } catch (error) {
    throw new Failure(
      `the data directory ${data} cannot be written (${String((error as NodeJS.ErrnoException).code)})`,
      "name another one with --data or BULKHEAD_DATA",
    );
  }
  const directory = realpathSync(join(data, "lab"));
  const digest = digestOf(directory).slice(0, 8);
  const near = join(directory, "socket");
  const socket = Buffer.byteLength(near) <= socketPathMax ? near : join(tmpdir(), `bulkhead-lab-${digest}.socket`);
  return { directory, socket, lastWords: join(directory, "last-words"), prefix: `bulkhead-lab-${digest}-` };
}

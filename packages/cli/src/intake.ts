import type { Read } from "@bulkhead/adapters/sources/read-file";
import type { Connection } from "@bulkhead/core/model/connection";
import type { FlowArchive } from "@bulkhead/core/outside";

// Batches begin at the same records whenever a file is read, so that the archive knows again what it has of each.
const batchMax = 25_000;
const onTheWayMax = 100_000;

/** Takes what was read into the archive: batches of one file each, several on the way at a time, in bounded memory. */
export class Intake {
  /** Connections that the archive acknowledged, and those of batches that it knew. */
  kept = 0;
  known = 0;
  private batch: Connection[] = [];
  private onTheWay = 0;
  private readonly adding = new Set<Promise<void>>();
  private failure: unknown = null;

  constructor(
    private readonly archive: FlowArchive,
    private readonly declared: (connection: Connection) => Connection,
  ) {}

  async take(read: Read): Promise<void> {
    if (read.kind === "end" || read.kind === "unread") return this.flush();
    if (read.kind !== "decoded") return;
    for (const one of read.decoded) {
      if (one.kind !== "connection") continue;
      this.batch.push(this.declared(one.connection));
      if (this.batch.length === batchMax) await this.flush();
    }
  }

  async finished(): Promise<void> {
    await this.flush();
    await Promise.all(this.adding);
    if (this.failure !== null) throw this.failure;
  }

  private async flush(): Promise<void> {
    const connections = this.batch;
    if (connections.length === 0) return;
    this.batch = [];
    this.onTheWay += connections.length;
    const adding = this.add(connections).finally(() => {
      this.adding.delete(adding);
      this.onTheWay -= connections.length;
    });
    this.adding.add(adding);
    while (this.onTheWay > onTheWayMax) await Promise.race(this.adding);
    if (this.failure !== null) throw this.failure;
  }

  private async add(connections: readonly Connection[]): Promise<void> {
    try {
      const kept = await this.archive.add({ token: null, connections });
      this.kept += kept;
      this.known += connections.length - kept;
    } catch (error) {
      this.failure ??= error;
    }
  }
}

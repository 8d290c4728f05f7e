import { quoted } from "@bulkhead/core/inventory/problem";
import type { DocumentFormat, TextFormat } from "../formats.ts";
import { type Gathering, gathering } from "../gathered.ts";
import { machineId } from "../machine-id.ts";
import { nothingRead } from "../reading.ts";
import { isFields, listAt, textAt } from "../tree.ts";

// `INCOMPLETE` and `FAILED` say that nobody answered; `NOARP` is the kernel's own rule for groups and tunnels.
const silent = /^(INCOMPLETE|FAILED|NOARP|NONE)$/;
const line = /^(\S+) dev (\S+)( lladdr (\S+))?(.*)$/;
const states = /\b(REACHABLE|STALE|DELAY|PROBE|PERMANENT|INCOMPLETE|FAILED|NOARP|NONE)\s*$/;

/** What `ip neigh` prints: who answered for which address on the wire. Entries say nothing of the time before, so leases begin when the file was written. */
export const ipNeigh: TextFormat = {
  name: "ip-neigh",
  recognises: (head) => /^\S+ dev \S+ .*[A-Z]+\s*$/m.test(head) && line.test(firstLine(head)) && states.test(firstLine(head)),
  read(text, { say, at }) {
    const gathered = gathering(say);
    for (const [index, written] of text.split("\n").entries()) {
      const where = `line ${index + 1}`;
      if (written.trim() === "") continue;
      const [, address = "", , , mac, rest = ""] = line.exec(written.trim()) ?? [];
      if (address === "") say({ reason: "no-neighbour", message: `${where}: ${quoted(written)} is no line of \`ip neigh\`` });
      else add(gathered, { address, mac, state: states.exec(rest)?.[1] ?? "", where, at });
    }
    return { ...nothingRead, isSnapshot: true, sightings: gathered.sightings() };
  },
};

/** What `ip -j neigh` prints. */
export const ipNeighJson: DocumentFormat = {
  name: "ip-neigh",
  recognises: (document) =>
    Array.isArray(document) && document.length > 0 && document.every((one) => textAt(one, "dst") !== undefined && textAt(one, "dev") !== undefined),
  read(documents, { say, at }) {
    const gathered = gathering(say);
    for (const [index, one] of documents.flat().entries()) {
      if (!isFields(one)) continue;
      const state = listAt(one, "state").find((word) => typeof word === "string" && silent.test(word));
      add(gathered, { address: textAt(one, "dst") ?? "", mac: textAt(one, "lladdr"), state: String(state ?? ""), where: `entry ${index + 1}`, at });
    }
    return { ...nothingRead, isSnapshot: true, sightings: gathered.sightings() };
  },
};

interface Neighbour {
  readonly address: string;
  readonly mac: string | undefined;
  readonly state: string;
  readonly where: string;
  readonly at: number;
}

function add(gathered: Gathering, { address, mac, state, where, at }: Neighbour): void {
  const id = machineId(undefined, mac);
  if (id === undefined || silent.test(state)) return;
  gathered.add({ id, where, attributes: { mac: id.slice("mac-".length) }, addresses: [address], from: at });
}

const firstLine = (text: string): string => (/^[^\n]*/.exec(text)?.[0] ?? "").trim();

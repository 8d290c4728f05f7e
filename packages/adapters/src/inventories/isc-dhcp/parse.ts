import { instantOf, second } from "@bulkhead/core/base/instant";
import { type Ip, ipKey, ipOf } from "@bulkhead/core/base/ip";
import { quoted, type Say } from "@bulkhead/core/inventory/problem";
import type { TextFormat } from "../formats.ts";
import { type GivenLease, leasedInventory } from "../lease-turns.ts";

/** ISC's dhcpd.leases and dhcpd6.leases: a journal, in which a later block of one address and start replaces an earlier one. */
export const iscDhcp: TextFormat = {
  name: "isc-dhcp",
  recognises: (head) => /^(lease [0-9a-f.:]+ \{|ia-(na|ta) ".*" \{)\s*$/m.test(head),
  read(text, { say }) {
    const found = new Map<string, GivenLease>();
    for (const block of blocksOf(text, say)) {
      const lease = leaseOf(block, say);
      if (lease === null) continue;
      const key = `${ipKey(lease.ip)} ${String(lease.from)}`;
      // The journal's order is the order of what happened.
      found.delete(key);
      found.set(key, lease);
    }
    return leasedInventory([...found.values()], say);
  },
};

interface Block {
  readonly address: string;
  readonly where: string;
  readonly statements: readonly string[];
  /** The client's identifier of an ia-na block around it. */
  readonly around: string | undefined;
}

const opening = /^(lease|iaaddr) ([0-9a-fA-F.:]+) \{$/;
const association = /^ia-(na|ta|pd) (".*") \{$/;

function* blocksOf(text: string, say: Say): Generator<Block> {
  let block: { address: string; where: string; statements: string[]; around: string | undefined } | null = null;
  let around: string | undefined;
  let isPrefix = false;
  // Of an ia-na block, when its client was last answered.
  let answered: string[] = [];
  // Braces of other declarations: failover peers, subclasses, prefixes.
  let depth = 0;
  for (const [index, written] of text.split("\n").entries()) {
    const line = written.trim();
    if (line === "" || line.startsWith("#")) continue;
    const opened = opening.exec(line);
    const wrapped = association.exec(line);
    if (block !== null && opened === null) {
      if (line !== "}") block.statements.push(line);
      else {
        yield block;
        block = null;
      }
    } else if (opened !== null && depth === 0) {
      if (block !== null) say({ reason: "unclosed", message: `${block.where}: the lease of ${quoted(block.address)} is never closed` });
      block = { address: opened[2] ?? "", where: `line ${index + 1}`, statements: [...answered], around: isPrefix ? undefined : around };
    } else if (wrapped !== null) [around, isPrefix, answered] = [wrapped[2], wrapped[1] === "pd", []];
    else if (around !== undefined && line.startsWith("cltt ")) answered = [line];
    else if (line.endsWith("{")) depth += 1;
    else if (line === "}" && depth > 0) depth -= 1;
    else if (line === "}") [around, answered] = [undefined, []];
  }
  if (block !== null) say({ reason: "unclosed", message: `${block.where}: the lease of ${quoted(block.address)} is never closed` });
}

// `abandoned` is held by somebody who never asked; `backup` is the other server's.
const heldStates = new Set(["active", "free", "expired", "released", ""]);

function leaseOf({ address, where, statements, around }: Block, say: Say): GivenLease | null {
  const ip: Ip | undefined = ipOf(address);
  if (ip === undefined) {
    say({ reason: "bad-address", message: `${where}: ${quoted(address)} is no address` });
    return null;
  }
  const value = (name: string): string | undefined =>
    statements
      .find((one) => one.startsWith(`${name} `))
      ?.slice(name.length + 1)
      .replace(/;(\s*#.*)?$/, "")
      .trim();
  if (!heldStates.has(value("binding state") ?? "")) return null;
  // Version 6 keeps the time of the last answer instead of a start, and a lifetime beside it.
  const [from, until] = [timeOf(value("starts") ?? value("cltt")), timeOf(value("ends"))];
  if (from === undefined || until === undefined) {
    say({ reason: "bad-time", message: `${where}: the lease of ${quoted(address)} starts or ends at no time such as \`2 2026/11/24 12:00:00\`` });
    return null;
  }
  return {
    ip,
    where,
    from,
    until,
    hostname: value("client-hostname")?.replace(/^"|"$/g, ""),
    mac: value("hardware ethernet"),
    clientId: value("uid")?.replace(/^"|"$/g, "") ?? around?.replace(/^"|"$/g, ""),
  };
}

/** dhcpd's times: a weekday, a date and a time of UTC, `epoch` and seconds, or `never`; null is open, undefined is none of them. */
function timeOf(text: string | undefined): number | null | undefined {
  if (text === undefined || text === "never") return null;
  const seconds = /^epoch (\d{1,11})$/.exec(text)?.[1];
  if (seconds !== undefined) return Number(seconds) * second;
  const [, year, month, day, time] = /^\d (\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d)$/.exec(text) ?? [];
  return instantOf(`${year}-${month}-${day}T${time}Z`);
}

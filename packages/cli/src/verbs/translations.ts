import { Failure } from "@bulkhead/core/base/failure";
import type { Instant } from "@bulkhead/core/base/instant";
import { ipText } from "@bulkhead/core/base/ip";
import type { BelievedWorkload } from "@bulkhead/core/inventory/believe";
import type { Connection } from "@bulkhead/core/model/connection";
import type { Attribution } from "@bulkhead/core/telemetry/attribute";
import type { Translated } from "@bulkhead/core/telemetry/translated";
import { buildCommand } from "@stricli/core";
import { dataFlag } from "../place-flags.ts";
import { type Context, heldDirectory, printable } from "../context.ts";
import { counted } from "../counted.ts";
import { workloadsOf } from "../held-connection.ts";
import { instantIn } from "../instant-flag.ts";

interface Flags {
  readonly since?: Instant;
  readonly until?: Instant;
  readonly json?: boolean;
  readonly data?: string;
}

// A record takes half a kilobyte while they are joined.
const recordsMax = 2_000_000;
/** Classes of workloads that write other addresses into packets. */
const translating: ReadonlySet<string> = new Set(["nat-gateway", "nat", "load-balancer", "kubernetes-service", "vip", "firewall", "virtual-address"]);

export const command = buildCommand<Flags, [], Context>({
  docs: { brief: "Who really talked with whom behind balancers and NAT gateways, where both sides were seen" },
  parameters: {
    flags: {
      since: { kind: "parsed", parse: instantIn, optional: true, brief: "Only what began at this time or later" },
      until: { kind: "parsed", parse: instantIn, optional: true, brief: "Only what began before this time" },
      json: { kind: "boolean", optional: true, brief: "JSON for machines" },
      data: dataFlag,
    },
  },
  async func(this: Context, { json, data, ...times }) {
    const [{ openArchive }, { loadInventory }, { holderSegments }, { attributionOf }, { conversationsOf }, { translatedPairs }] = await Promise.all([
      import("@bulkhead/adapters/stores/open"),
      import("@bulkhead/adapters/inventories/state"),
      import("@bulkhead/core/inventory/holders"),
      import("@bulkhead/core/telemetry/attribute"),
      import("@bulkhead/core/telemetry/conversations"),
      import("@bulkhead/core/telemetry/translated"),
    ]);
    const directory = heldDirectory(this, data);
    const { workloads } = await loadInventory(directory);
    const translators = translatorsOf(workloads);
    if (translators.size === 0)
      throw new Failure("no workload of the inventory translates addresses", "give balancers and gateways the class load-balancer, nat-gateway or vip");
    const archive = await openArchive(directory);
    const records: Connection[] = [];
    try {
      for await (const portion of archive.connections(times)) {
        for (const one of portion) records.push(one);
        if (records.length > recordsMax) throw new Failure(`there are more than ${recordsMax} records`, "ask for a shorter time with --since and --until");
      }
    } finally {
      await archive.close();
    }
    const { pairs, ambiguous } = translatedPairs(conversationsOf(records), translators);
    const rows = summed(pairs, attributionOf(holderSegments(workloads)));
    await this.outSlowly(json === true ? `${printable(JSON.stringify({ pairs: rows, joined: pairs.length, ambiguous }))}\n` : rows.map(lineOf).join(""));
    this.say(
      `${counted(pairs.length, "conversation")} joined at ${counted(translators.size, "address", "addresses")} that translate; ${ambiguous} fit several others and are left apart\n`,
    );
    if (pairs.length === 0) this.exit(1);
  },
});

const translatorsOf = (workloads: readonly BelievedWorkload[]): ReadonlySet<string> =>
  new Set(workloads.flatMap(({ attributes, leases }) => (translating.has(attributes["class"] ?? "") ? leases.map(({ ip }) => ipText(ip)) : [])));

interface Row {
  readonly client: string;
  readonly server: string;
  readonly service: string;
  readonly through: string;
  readonly hides: "server" | "client";
  readonly conversations: number;
  /** Of all of them, the least. */
  readonly confidence: number;
}

/** The true ends by name, as far as they are known, with how many conversations they had through each translator. */
function summed(pairs: readonly Translated[], attribution: Attribution): readonly Row[] {
  const rows = new Map<string, Row>();
  const nameOf = (address: string, at: Instant | null): string => workloadsOf(attribution(address, at)).join(" or ") || address;
  for (const { outer, inner, translator, hides, confidence } of pairs) {
    const [client, server, through] = [nameOf(outer.client, outer.first), nameOf(inner.server, inner.first), nameOf(translator, outer.first)];
    const service = inner.serverPort === null ? inner.protocol : `${inner.protocol}/${inner.serverPort}`;
    const key = [client, server, service, through, hides].join(" ");
    const known = rows.get(key);
    rows.set(key, {
      client,
      server,
      service,
      through,
      hides,
      conversations: (known?.conversations ?? 0) + 1,
      confidence: Math.min(known?.confidence ?? 1, Math.floor(confidence * 1000) / 1000),
    });
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

const lineOf = ({ client, server, service, through, hides, conversations, confidence }: Row): string =>
  `${printable(`${client} → ${server} ${service} through ${through}, which hides the ${hides}: ${counted(conversations, "conversation")}, confidence ${confidence}`)}\n`;

import type { Stretch } from "@bulkhead/core/compile/ruleset";
import { textsOf } from "./render.ts";
import { seenText } from "./seen.ts";
import type { Floor } from "./skeleton.ts";

/** Something that a kernel has to be able to do, with the least text that asks for it. */
export interface Need {
  readonly what: string;
  /** The options of the kernel, or the modules, that bring it. */
  readonly from: string;
  readonly text: string;
}

/** The table of what is only asked or tried. */
export const needsTableName = "bulkhead_needs";

const inTable = (body: string): string => `table inet ${needsTableName} {\n${body}\n}\n`;
const inChain = (rule: string): string => inTable(`  chain in {\n    ${rule}\n  }`);

/** What our texts need of a kernel. `nft -c` asks the kernel about each, and nothing is left behind. */
export const needs: readonly Need[] = [
  { what: "tables for IPv4 and IPv6 together", from: "CONFIG_NF_TABLES, CONFIG_NF_TABLES_INET", text: inTable("") },
  { what: "the state of conversations", from: "CONFIG_NF_CONNTRACK, CONFIG_NFT_CT", text: inChain("ct state invalid ct direction reply accept") },
  { what: "refusals", from: "CONFIG_NFT_REJECT, CONFIG_NFT_REJECT_INET", text: inChain("reject with icmpx admin-prohibited") },
  { what: "reasons of refusals", from: "CONFIG_NFT_REJECT_INET", text: inChain("meta l4proto tcp reject with tcp reset") },
  {
    what: "maps of ranges whose elements end by themselves and count",
    from: "Linux 5.11, CONFIG_NF_TABLES",
    text: inTable(
      "  map m {\n    typeof meta l4proto . th dport : verdict; flags interval,timeout; counter;\n    elements = { tcp . 80-90 timeout 60s : accept }\n  }",
    ),
  },
  {
    what: "sets that packets fill",
    from: "Linux 5.11, CONFIG_NF_TABLES",
    text: inTable(
      "  set s { typeof ip saddr . meta l4proto; size 8; flags dynamic,timeout; timeout 1h; }\n  chain in {\n    update @s { ip saddr . meta l4proto counter }\n  }",
    ),
  },
  { what: "rules that end at a time", from: "Linux 5.4", text: inChain("meta time < 4102444800 accept") },
];

/** Everything together: a rule set with one of each, and the table of observations. */
export function needsText(floor: Floor): string {
  const until = 4_102_444_800_000_000;
  const pass = (protocol: number | null, low: number, ending: number | null): Stretch => ({
    protocol,
    low,
    high: low,
    action: "pass",
    until: ending,
    by: ["a/b"],
  });
  const rest: Stretch = { ...pass(null, 0, null), action: "block", by: [] };
  const classes = [
    [pass(1, 8, null), pass(6, 80, null), pass(6, 81, until), pass(47, 0, until), pass(58, 128, null), rest],
    [{ ...rest, action: "would" as const }],
  ];
  const hosts = ["192.0.2.1", "2001:db8::1"].map((address) => ({ address, class: 0 }));
  const ranges = [
    { first: "192.0.2.8", last: "192.0.2.9", class: 0 },
    { first: "2001:db8::8", last: "2001:db8::9", class: 0 },
  ];
  const table = { classes, hosts, ranges, otherwise: 1 };
  const ruleset = { version: 1, point: "any", inbound: table, outbound: table } as const;
  return textsOf({ ruleset, prefix: "gneeds_", now: until - 60_000_000 }, { floor, trialMs: 1000, graceSeconds: 1 }).whole + seenText();
}

/** A table that drops what comes to a port over loopback: a kernel that takes rules has to apply them, too. */
export const canaryText = (port: number): string =>
  `${noCanaryText}table inet ${needsTableName} {\n  chain in {\n    type filter hook input priority 0; policy accept;\n    iif lo udp dport ${port} drop\n  }\n}\n`;

export const noCanaryText = `table inet ${needsTableName}\ndelete table inet ${needsTableName}\n`;

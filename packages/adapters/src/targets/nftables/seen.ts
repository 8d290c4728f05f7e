/** The table that records who talks with whom; no change of policy touches it. */
export const seenTableName = "bulkhead_seen";

/** The sets that remember conversations: what was asked for, what was asked, what came back. Their elements are cumulative and never reset. */
export const seenSets = ["opened4", "opened6", "asked4", "asked6", "answered4", "answered6", "echo4", "echo6"] as const;

// 16,384 pairs are read in 0.6 s on our smallest host (2026-09); what does not fit is counted (`total` less `kept`), not kept.
const pairsMax = 16_384;
const rememberedHours = 6;

/** The text of the table, in place of whatever it holds. */
export function seenText(): string {
  const set = (name: string, key: string, size = pairsMax): string =>
    `  set ${name} { typeof ${key}; size ${size}; flags dynamic,timeout; timeout ${rememberedHours}h; }`;
  const ports = "meta l4proto { tcp, udp, sctp }";
  const key = (ip: string): string => `ct original ${ip} saddr . ct reply ${ip} saddr . meta l4proto . ct reply proto-src`;
  const each = (rule: (family: string, ip: string, suffix: string) => string): readonly string[] => [rule("ipv4", "ip", "4"), rule("ipv6", "ip6", "6")];
  return [
    `table inet ${seenTableName}`,
    `delete table inet ${seenTableName}`,
    `table inet ${seenTableName} {`,
    "  set total { typeof meta nfproto; size 8; flags dynamic; }",
    "  set kept { typeof meta nfproto; size 8; flags dynamic; }",
    ...["opened", "asked", "answered"].flatMap((name) =>
      each((_, ip, suffix) => set(`${name}${suffix}`, `${ip} saddr . ${ip} daddr . meta l4proto . th dport`)),
    ),
    set("echo4", "ip saddr . ip daddr . icmp type", 4096),
    set("echo6", "ip6 saddr . ip6 daddr . icmpv6 type", 4096),
    "  chain kept {\n    update @kept { meta nfproto counter }\n  }",
    "  chain opened {",
    "    update @total { meta nfproto counter }",
    ...each((family, ip, suffix) => `    meta nfproto ${family} ${ports} update @opened${suffix} { ${key(ip)} counter } goto kept`),
    "    meta l4proto icmp update @echo4 { ip saddr . ip daddr . icmp type counter } goto kept",
    "    meta l4proto ipv6-icmp update @echo6 { ip6 saddr . ip6 daddr . icmpv6 type counter } goto kept",
    "  }",
    "  chain seen {",
    "    ct state new jump opened",
    ...each((family, ip, suffix) => `    meta nfproto ${family} ${ports} ct direction original update @asked${suffix} { ${key(ip)} counter }`),
    // A reset refuses: it is no answer.
    "    ct direction reply tcp flags & rst == rst return",
    ...each(
      (family, ip, suffix) => `    meta nfproto ${family} ${ports} ct state established ct direction reply update @answered${suffix} { ${key(ip)} counter }`,
    ),
    "  }",
    // What comes in is recorded after it was judged (10), what goes out before: an attempt of this host is a fact whatever becomes of it.
    "  chain in {\n    type filter hook input priority 20; policy accept;\n    iif lo return\n    goto seen\n  }",
    "  chain out {\n    type filter hook output priority -10; policy accept;\n    oif lo return\n    goto seen\n  }",
    "}\n",
  ].join("\n");
}

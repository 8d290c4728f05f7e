/** nftables/ writes a rule set as text for `nft -f`: a table of our own, two generations side by side, one element that switches. */

/** Our table; everything outside it is somebody else's. */
export const tableName = "bulkhead";

/** What a host keeps open whatever the policy says; declared at installation. */
export interface Floor {
  /** The management path: TCP or UDP ports of this host, from anyone. */
  readonly management: readonly { readonly protocol: "tcp" | "udp"; readonly port: number }[];
}

// After filter (0): what we count has already passed Docker, firewalld and iptables; a refusal is final in any base chain.
const priority = 10;
// How many (peer, service) pairs are remembered of what was, or would have been, denied.
const denialsMax = 4096;

const recorded = (name: string): string =>
  [
    `  set ${name}4 { typeof ip saddr . meta l4proto . th dport; size ${denialsMax}; flags dynamic,timeout; timeout 1h; }`,
    `  set ${name}6 { typeof ip6 saddr . meta l4proto . th dport; size ${denialsMax}; flags dynamic,timeout; timeout 1h; }`,
    `  set ${name}x { typeof meta nfproto . meta l4proto; size 256; flags dynamic,timeout; timeout 1h; }`,
  ].join("\n");

/** Records who asked for what, by the conntrack tuple, then does `end`. `peer` is where the tuple holds the other end. */
const recording = (name: string, { peer, end }: { readonly peer: "original" | "reply"; readonly end: readonly string[] }): string =>
  [
    `  chain ${name} {`,
    `    meta nfproto ipv4 meta l4proto { tcp, udp, sctp } update @${name}4 { ct ${peer} ip saddr . meta l4proto . ct reply proto-src counter }`,
    `    meta nfproto ipv6 meta l4proto { tcp, udp, sctp } update @${name}6 { ct ${peer} ip6 saddr . meta l4proto . ct reply proto-src counter }`,
    `    meta l4proto != { tcp, udp, sctp } update @${name}x { meta nfproto . meta l4proto counter }`,
    ...end.map((rule) => `    ${rule}`),
    "  }",
  ].join("\n");

/** The part of the table that outlives every policy: hooks, floor, records, and the maps that say which generation decides. */
export function skeletonText({ management }: Floor): string {
  const managed = (words: (protocol: string, port: number) => string): string[] =>
    management.map(({ protocol, port }) => `    ${words(protocol, port)} accept`);
  const refuse = ["meta l4proto tcp reject with tcp reset", "reject with icmpx admin-prohibited"];
  const hook = (way: "in" | "out"): string =>
    [
      `  map trial_${way} { typeof meta nfproto : verdict; flags timeout; }`,
      `  map live_${way} { typeof meta nfproto : verdict; }`,
      `  chain ${way} {`,
      `    type filter hook ${way}put priority ${priority}; policy accept;`,
      `    ${way === "in" ? "iif" : "oif"} lo accept`,
      `    jump floor_${way}`,
      "    ct state vmap { related : goto related, invalid : goto invalid }",
      `    meta nfproto vmap @trial_${way}`,
      `    meta nfproto vmap @live_${way}`,
      "  }",
    ].join("\n");
  return [
    ...["would_server", "would_client", "deny_server", "deny_client"].map(recorded),
    "  set invalid_seen { typeof meta nfproto; size 8; flags dynamic; }",
    "  map grace { typeof meta nfproto : verdict; flags timeout; }",
    recording("would_server", { peer: "original", end: ["accept"] }),
    recording("would_client", { peer: "reply", end: ["accept"] }),
    recording("deny_server", { peer: "original", end: refuse }),
    recording("deny_client", { peer: "reply", end: refuse }),
    // Neighbour discovery (RFC 4861: hop limit 255 proves that no router passed it on) and DHCP: without them there is no host to protect.
    "  chain floor_in {",
    "    icmpv6 type { 133, 134, 135, 136 } ip6 hoplimit 255 accept",
    "    udp sport 67 udp dport 68 accept",
    "    ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept",
    ...managed((protocol, port) => `ct direction original ${protocol} dport ${port}`),
    ...managed((protocol, port) => `ct state invalid ${protocol} dport ${port}`),
    "  }",
    "  chain floor_out {",
    "    icmpv6 type { 133, 134, 135, 136 } ip6 hoplimit 255 accept",
    "    udp sport 68 udp dport 67 accept",
    "    ip6 saddr fe80::/10 udp sport 546 udp dport 547 accept",
    ...managed((protocol, port) => `ct direction reply ${protocol} sport ${port}`),
    ...managed((protocol, port) => `ct state invalid ${protocol} sport ${port}`),
    "  }",
    // `related` is only for errors of conversations, and for our own refusals of them; no helper opens a port.
    "  chain related {",
    "    icmp type { destination-unreachable, time-exceeded, parameter-problem } accept",
    "    icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept",
    "    tcp flags & rst == rst accept",
    "    drop",
    "  }",
    // Conversations older than the table have no entry in conntrack (tcp_loose is 0): they live on for a time of grace, and cannot be opened anew.
    "  chain invalid {",
    "    update @invalid_seen { meta nfproto counter }",
    "    meta nfproto vmap @grace",
    "    drop",
    "  }",
    hook("in"),
    hook("out"),
  ].join("\n");
}

/**
 * A stretch of the service space: an IP protocol number (or every one), and ports or ICMP types low…high.
 * TCP, UDP, SCTP have ports 0–65535; ICMP (1) and ICMPv6 (58) types 0–255; the rest have neither, and low = high = 0.
 * `ip/6` is `{ protocol: 6, low: 0, high: 65535 }`; `any` has protocol null.
 */
export interface Service {
  readonly protocol: number | null;
  readonly low: number;
  readonly high: number;
}

/** One point of that space, as a question names it. */
export interface ServicePoint {
  readonly protocol: number;
  readonly port: number;
}

export const protocolNumbers = { tcp: 6, udp: 17, sctp: 132, icmp4: 1, icmp6: 58 } as const;

import type { Instant } from "../base/instant.ts";
import type { Ip } from "../base/ip.ts";

/** What was heard on a wire about who holds an address. Nothing is ever asked for it. */
export interface Claim {
  readonly at: Instant;
  /** `00:07:7c:29:de:61` */
  readonly mac: string;
  readonly ip: Ip;
  /**
   * `announced`: it told everybody, as devices do when they take an address. `used`: it spoke from the address. `answered`: it answered for the
   * address, which a router does for others, too. `leased`: a DHCP server gave it, until `until`. `released`: it gave it back.
   */
  readonly how: "announced" | "used" | "answered" | "leased" | "released";
  readonly until: Instant | null;
}

/** What a device calls itself: by its hardware address where it is known, else by an address that it says is its own. */
export interface SelfName {
  readonly at: Instant;
  readonly mac: string | null;
  readonly ip: Ip | null;
  readonly name: string;
}

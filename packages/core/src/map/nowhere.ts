import { ipOf } from "../base/ip.ts";
import { covers, readPrefix } from "../base/prefix.ts";

// RFC 1122 §3.2.1.3 and RFC 4291 §2.5: nobody yet, this host, this link. The same address stands for another machine on every link.
const prefixes = ["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "::/128", "::1/128", "fe80::/10"].flatMap((text) => {
  const reading = readPrefix(text);
  return reading.kind === "prefix" ? [reading.prefix] : [];
});

/** Whether the address names no machine: unspecified, loopback or link-local. */
export function isNowhere(address: string): boolean {
  const ip = ipOf(address);
  return ip !== undefined && prefixes.some((prefix) => covers(prefix, { ...ip, realm: "" }));
}

import { Failure } from "@bulkhead/core/base/failure";
import { ipOf } from "@bulkhead/core/base/ip";
import { type Prefix, readPrefix } from "@bulkhead/core/base/prefix";

/** An address or a prefix as a prefix; anything else is refused in words. */
export function prefixNamed(text: string): Prefix {
  const ip = ipOf(text);
  if (ip !== undefined) return { ...ip, length: ip.family === 4 ? 32 : 128 };
  const reading = readPrefix(text);
  if (reading.kind === "prefix") return reading.prefix;
  throw new Failure(`${text} is no address and no prefix`, "write 10.0.0.7, 10.0.0.0/8, 2001:db8::/32, or 10.0.0.7%realm");
}

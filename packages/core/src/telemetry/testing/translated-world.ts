import { type Instant, second } from "../../base/instant.ts";
import type { Connection } from "../../model/connection.ts";
import { told } from "./told.ts";
import { dice } from "./wire-world.ts";

export const translators: ReadonlySet<string> = new Set(["10.0.9.1", "10.0.9.2", "10.0.9.9"]);

export interface TranslatedWorld {
  readonly records: readonly Connection[];
  /** Client ports of halves that truly belong together: outer and inner. */
  readonly truth: ReadonlySet<string>;
}

/**
 * An hour of clients that reach servers through balancers (which keep the client's address or use their own) and through a NAT gateway, seen on both sides by two
 * observers; beside it the same services are asked directly. `sizes` is how many different sizes conversations have: few make them alike. So many records in a hundred are
 * lost.
 */
export function translatedWorld(
  seed: number,
  { conversations, sizes, lost = 0 }: { readonly conversations: number; readonly sizes: number; readonly lost?: number },
): TranslatedWorld {
  const { unit, below } = dice(seed);
  const truth = new Set<string>();
  const records = Array.from({ length: conversations }, (_, nth) => nth).flatMap((nth): readonly Connection[] => {
    const at = below(3600) * second + below(1_000_000);
    const bytes = { bytesToServer: 200 + below(sizes), bytesToClient: 1000 + below(sizes) };
    const client = `10.0.0.${1 + below(50)}`;
    const server = `10.0.1.${1 + below(10)}`;
    const [outerPort, innerPort] = [20_000 + nth, 40_000 + nth];
    const one = (known: Partial<Connection>, first: Instant): Connection => told({ ...bytes, ...known, first });
    const later = at + below(2_000_000);
    const kind = unit();
    if (kind < 0.4) return [one({ client, clientPort: outerPort, server, serverPort: 443 }, at)];
    truth.add(`${outerPort} ${innerPort}`);
    const outer = { client, clientPort: outerPort, observer: "core" };
    const inner = { clientPort: innerPort, observer: "edge", server, serverPort: 8443 };
    if (kind < 0.6) return [one({ ...outer, server: "10.0.9.1", serverPort: 443 }, at), one({ ...inner, client }, later)];
    if (kind < 0.8) return [one({ ...outer, server: "10.0.9.2", serverPort: 443 }, at), one({ ...inner, client: "10.0.9.2" }, later)];
    return [
      one({ ...outer, server: "198.51.100.7", serverPort: 443 }, at),
      one({ ...inner, client: "10.0.9.9", server: "198.51.100.7", serverPort: 443 }, later),
    ];
  });
  return { records: records.filter(() => unit() * 100 >= lost), truth };
}

import type { DeclaredSeen } from "../map/declared-seen.ts";
import { eachOnce, type Likely, type Side } from "./dependency.ts";
import type { Sides } from "./sides.ts";

/** What somebody declared and nobody saw, as far as a rule can say it; over a whole protocol it would open everything, and stays a declaration. */
export function declaredLikely(declared: readonly DeclaredSeen[], sides: Sides): readonly Likely[] {
  const sidesAt = (ids: readonly string[]): readonly Side[] => eachOnce(ids.flatMap((holder) => sides.of({ kind: "held", holder }) ?? []));
  return declared
    .filter(({ connections }) => connections === 0)
    .flatMap(({ source, dependency, clients, servers }) =>
      sidesAt(clients).flatMap((client) =>
        sidesAt(servers).flatMap((server) =>
          dependency.services
            .filter((service) => onePort.test(service))
            .map((service) => ({
              client,
              server,
              service,
              because: `declared by ${source} (${dependency.where})${client.zone === server.zone ? "" : "; it crosses zones, and opens only with a conduit"}`,
            })),
        ),
      ),
    );
}

const onePort = /^(tcp|udp|sctp)\/\d+$/;

import { decide } from "../../decide/decide.ts";
import { worldOf } from "../../decide/world.ts";
import { readPolicySet } from "../../language/read.ts";
import { bytesOf } from "../../language/utf8.ts";
import type { Flow } from "../../model/flow.ts";
import { protocolNumbers } from "../../model/service.ts";
import type { ProposalWorkload } from "../dependency.ts";
import type { Recommendation } from "../recommend.ts";

/** `APP/ENV/ROLE`, an empty part is not stated; the id is the parts that are, with dashes. */
export function machine(text: string, os = "linux"): ProposalWorkload {
  const [app = "", env = "", role = ""] = text.split("/");
  const labels = Object.fromEntries(Object.entries({ app, env, role }).filter(([, value]) => value !== ""));
  return { id: Object.values(labels).join("-"), labels, owner: null, attributes: { os } };
}

/** A machine that used another over a service. */
export function seen(client: string, server: string, service: string): Flow {
  const [protocol = "", port] = service.split("/");
  return {
    client: { kind: "held", holder: client },
    server: { kind: "held", holder: server },
    protocol,
    serverPort: Number(port),
    icmpType: null,
    connections: 3,
    answered: 3,
    unanswered: 0,
    untold: 0,
    denied: 0,
    bytesToServer: null,
    bytesToClient: null,
    first: 0,
    last: 9_000_000,
    observers: ["core"],
    sampling: null,
    oneSided: 0,
    reasons: {},
  };
}

/** What a recommendation says of `CLIENT SERVER SERVICE` among these machines. Throws when its files are no policy. */
export function verdictsOf({ files }: Pick<Recommendation, "files">, machines: readonly ProposalWorkload[]): (question: string) => string {
  const { set, diagnostics } = readPolicySet(files.map(({ path, text }) => ({ path, bytes: bytesOf(text) })));
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("; "));
  const world = worldOf(set, {
    workloads: machines.map(({ id, labels }) => ({ id, labels, leases: [], identity: null, point: false })),
    points: [],
    quarantined: [],
  });
  return (question) => {
    const [from = "", to = "", service = ""] = question.split(" ");
    const [protocol = "", port] = service.split("/");
    return decide(world, { from, to, over: { protocol: protocolNumbers[protocol as "tcp" | "udp"], port: Number(port) }, at: 0, facts: {} }).verdict;
  };
}

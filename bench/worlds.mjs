// Generated estates and policies: the same for the same seed.
import { readPolicySet } from "@bulkhead/core/language/read";

const [roles, envs] = [7, ["prod", "dev"]];
const rulesEach = 2;
const ports = ["tcp/443", "tcp/5432", "tcp/8000-8100", "udp/53", "tcp/6379"];
const because = "the benchmark asks";

/** So many applications in two environments with seven roles each, a segment for each with two rules; of each role so many workloads. */
export function segmented(random, apps, ofEachRole = 1) {
  const labels = (app, env, role) => ({ app: `app-${app}`, env, role: `role-${role}` });
  const each = envs.flatMap((env) => Array.from({ length: apps }, (_, app) => ({ app, env })));
  const workloads = each.flatMap(({ app, env }) =>
    Array.from({ length: roles * ofEachRole }, (_, number) => number).map((number) => ({
      id: `w-${app}-${env}-${number}`,
      labels: labels(app, env, number % roles),
      leases: [],
      identity: null,
      point: (number % roles) % 2 === 0,
    })),
  );
  const policies = each.map(({ app, env }) => ({
    policy: `app-${app}-${env}`,
    owner: "bench",
    scope: { app: `app-${app}`, env },
    allow: Array.from({ length: rulesEach }, (_, rule) => ({
      name: `rule-${rule}`,
      from: labels(random(apps), env, random(roles)),
      to: labels(app, env, random(roles)),
      over: [ports[random(ports.length)]],
      because,
    })),
  }));
  return { inventory: { workloads, points: [], quarantined: [] }, policies, rules: policies.length * rulesEach };
}

/** The environments as zones, production enforced, with these conduits. */
export const zonesWith = (...conduits) => ({
  zones: envs.map((env) => ({ name: env, members: { env }, because })),
  conduits,
  stages: { zones: { prod: { boundary: "enforce" } }, segments: {} },
});

export const conduit = (from, to, over) => ({ name: `${from}-to-${to}`, from, to, over: [over], owner: "bench", because });

/** The policy set of what is written here, which has no mistake. */
export function setOf(written) {
  const { set, diagnostics } = readPolicySet(written.map((one, number) => ({ path: `${number}.json`, bytes: new TextEncoder().encode(JSON.stringify(one)) })));
  const error = diagnostics.find(({ severity }) => severity === "error");
  if (error !== undefined) throw new Error(`the generated policy has a mistake: ${error.message}`);
  return set;
}

import { registerKeys, zoneRegisterKeys } from "./register.ts";
import { requiredIn } from "./rule.ts";
import { wellKnown } from "./service.ts";

type Schema = Readonly<Record<string, unknown>>;

/** The JSON Schema (2020-12) of one policy file as text, for completion and first checks in editors. `check` knows more. */
export function policySchemaText(): string {
  return `${JSON.stringify(policySchema, null, 2)}\n`;
}

const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });
const oneOrMore = (items: Schema): Schema => ({ anyOf: [items, { type: "array", items, minItems: 1 }] });
const listOf = (items: Schema): Schema => ({ anyOf: [{ type: "null" }, { type: "array", items }] });
const byName = (values: Schema): Schema => ({ type: ["object", "null"], propertyNames: ref("name"), additionalProperties: values });
const described = (schema: Schema, description: string): Schema => ({ ...schema, description });
const closed = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});

const registerSchemas: Readonly<Record<string, Schema>> = {
  because: described(ref("text"), "Why this is so, in words."),
  owner: described(ref("text"), "Who answers for it."),
  "approved-by": described(ref("text"), "Who allowed it."),
  ticket: described(ref("text"), "Where the decision is written down."),
  review: described(ref("time"), "When it should be looked at again. A reminder; it closes nothing."),
  agreement: oneOrMore(ref("text")),
  "data-class": oneOrMore(ref("text")),
  controls: described(oneOrMore(ref("text")), "Controls that it serves, such as AC-4."),
  level: ref("text"),
  trust: ref("text"),
};

const register = (keys: readonly string[]): Readonly<Record<string, Schema>> =>
  Object.fromEntries(keys.map((key) => [key, registerSchemas[key] ?? ref("text")]));

const ruleOf = (section: Parameters<typeof requiredIn>[0], side: Schema): Schema =>
  closed(
    {
      name: described(ref("name"), "Unique; other places name the rule by it."),
      from: described(side, "Who opens the connection."),
      to: described(side, "Who is connected to."),
      over: described(oneOrMore(ref("service")), "Services: `tcp/443`, a range, a name, `any`."),
      where: ref("where"),
      "from-date": described(ref("time"), "In force from here on."),
      until: described(ref("time"), "In force until here; a date includes its day."),
      ...register(registerKeys),
    },
    requiredIn(section),
  );

const end: Schema = { anyOf: [{ type: "string" }, { type: "object", minProperties: 1, additionalProperties: ref("text") }] };
const stage: Schema = { enum: ["observe", "warn", "enforce"] };
const stages = (keys: readonly string[]): Schema => ({
  type: ["object", "null"],
  additionalProperties: closed(Object.fromEntries(keys.map((key) => [key, stage]))),
});

const definitions: Readonly<Record<string, Schema>> = {
  name: { type: "string", pattern: "^[a-z0-9][a-z0-9._-]*$" },
  text: { type: "string", minLength: 1 },
  time: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d))?$" },
  service: { type: "string", minLength: 1, examples: ["tcp/443", "udp/any", "tcp/8000-8010", "icmp/echo", "any", ...wellKnown.keys()] },
  selector: {
    type: "object",
    minProperties: 1,
    propertyNames: { pattern: "^(?!(zone|network|identity)$)" },
    additionalProperties: oneOrMore(ref("text")),
  },
  peer: {
    anyOf: [
      { enum: ["workloads", "anyone"] },
      closed({ zone: oneOrMore(ref("name")) }, ["zone"]),
      closed({ network: oneOrMore(ref("name")) }, ["network"]),
      closed({ identity: oneOrMore(ref("text")) }, ["identity"]),
      ref("selector"),
    ],
  },
  where: {
    ...closed({
      encrypted: { type: "boolean" },
      function: oneOrMore(ref("text")),
      process: oneOrMore(ref("text")),
      user: oneOrMore(ref("text")),
      name: described(oneOrMore(ref("text")), "The DNS name by which the server was asked for."),
      identity: described({ enum: [0, 1, 2, 3] }, "The client's tier at least."),
    }),
    minProperties: 1,
  },
  zone: closed(
    {
      name: ref("name"),
      members: described(ref("selector"), "Workloads, by labels."),
      networks: described(oneOrMore(ref("name")), "Bare addresses, by networks."),
      inside: described({ enum: ["open", "closed"] }, "`closed`: members need an allow even among themselves."),
      ...register(zoneRegisterKeys),
    },
    ["name", "because"],
  ),
  conduit: ruleOf("conduits", oneOrMore(ref("name"))),
  forbid: ruleOf("forbid", oneOrMore(ref("peer"))),
  common: ruleOf("common", oneOrMore(ref("peer"))),
  exception: ruleOf("exceptions", oneOrMore(ref("peer"))),
  allow: ruleOf("allow", oneOrMore(ref("peer"))),
  test: closed({ from: end, to: end, over: oneOrMore(ref("service")), expect: { enum: ["allow", "deny", "unknown"] }, by: ref("text") }, [
    "from",
    "to",
    "over",
    "expect",
  ]),
  label: { anyOf: [{ type: "null" }, closed({ required: { type: "boolean" }, values: oneOrMore(ref("text")), authority: ref("text") })] },
  network: {
    anyOf: [oneOrMore(ref("text")), closed({ prefixes: oneOrMore(ref("text")), own: { type: "boolean" }, expects: { const: "workloads" } }, ["prefixes"])],
  },
};

/** What a policy file may hold. */
export const policySchema: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "bulkhead policy file",
  type: ["object", "null"],
  properties: {
    policy: described(ref("name"), "This file is the policy of one micro-segment."),
    scope: described(ref("selector"), "Which workloads are its members."),
    egress: described({ enum: ["open", "closed"] }, "`closed`: its members, as clients, also need a rule of their own."),
    allow: described(listOf(ref("allow")), "Who may come in, and what members need."),
    ...register(registerKeys),
    labels: described({ type: ["object", "null"], additionalProperties: ref("label") }, "Which label keys exist."),
    services: byName(oneOrMore(ref("service"))),
    networks: byName(ref("network")),
    zones: listOf(ref("zone")),
    conduits: described(listOf(ref("conduit")), "What may cross from zone to zone."),
    forbid: described(listOf(ref("forbid")), "What is denied whatever else allows it."),
    common: described(listOf(ref("common")), "Shared infrastructure: opens segments, no boundary."),
    exceptions: described(listOf(ref("exception")), "Allowed for a time; with `policy`, for its segment only."),
    stages: { anyOf: [{ type: "null" }, closed({ zones: stages(["boundary", "inside"]), segments: stages(["in", "out"]) })] },
    tests: described(listOf(ref("test")), "Questions with the answers they must have."),
  },
  additionalProperties: false,
  dependentRequired: { policy: ["owner", "scope"], owner: ["policy"], scope: ["policy"], egress: ["policy"], allow: ["policy"] },
  $defs: definitions,
};

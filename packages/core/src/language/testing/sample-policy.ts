/** testing/ holds what several tests of the language share. */
import fc from "fast-check";
import type { PolicyFile } from "../policy-file.ts";

/** Two files that use every section; without a mistake and without a warning. */
export const sampleZones = `# zones.yaml: the architects'
labels:
  app: { required: true, authority: cmdb }
  env: { required: true, values: [prod, dev] }
  role:
services:
  ledger: [tcp/5432, tcp/6432-6440] # two clusters
networks:
  corporate: { prefixes: [10.20.0.0/16, "2001:db8:20::/48"], own: true, expects: workloads }
  auditors: 10.9.0.0/24%site-b
zones:
  - { name: production, members: { env: prod }, inside: closed, because: customer data, level: "4", controls: [AC-4, SC-7] }

  # Staff computers only.
  - name: offices
    networks: corporate
    because: "staff: computers"
  - { name: unplaced, inside: closed, because: nothing is open by accident }
conduits:
  - { name: mail-out, from: [production, offices], to: outside, over: submission, where: { encrypted: true }, owner: a, because: invoices, until: 2027-01-01T08:00:00+01:00 }
forbid:
  - { name: no-dev, from: { env: dev }, to: { env: prod }, because: separation }
common:
  - { name: monitoring, from: [{ app: mon }, { identity: spiffe://x/* }], to: workloads, over: [tcp/9100, icmp/echo], owner: a, because: watched, review: 2027-05-01 }
exceptions:
  - name: audit
    from: { network: auditors }
    to: anyone
    over: any
    where: { identity: 3, name: [ledger.example], function: modbus/3 }
    owner: cfo
    approved-by: b
    ticket: "1042"
    because: |
      yearly audit
      reads the ledger
    from-date: 2026-11-01
    until: 2026-12-15
stages:
  zones: { production: { boundary: enforce, inside: warn } }
  segments: { billing: { in: enforce } }
`;

export const samplePolicy = `policy: billing
owner: team-billing
scope: { app: billing, env: prod }
egress: closed
allow:
  - name: api-reads-ledger
    from: { app: billing, env: prod, role: [api, web] }
    to: { app: billing, env: prod, role: ledger }
    over: [ledger, https]
    because: balances come from the ledger
  - { name: needs-mail, from: { app: billing }, to: { network: internet }, over: submission, because: invoices }
tests:
  - { from: { app: billing, env: prod }, to: 10.0.0.7, over: https, expect: deny, by: segment }
  - { from: { network: auditors }, to: { app: billing, env: prod }, over: ssh, expect: unknown, by: exception/audit }
`;

const encoder = new TextEncoder();

export const fileOf = (path: string, text: string): PolicyFile => ({ path, bytes: encoder.encode(text) });

export const sampleFiles: readonly PolicyFile[] = [fileOf("billing.yaml", samplePolicy), fileOf("zones.yaml", sampleZones)];

type Cut = { readonly at: number; readonly length: number; readonly put: Uint8Array };

const cuts = fc.record({
  at: fc.nat(4000),
  length: fc.oneof(fc.constant(0), fc.nat(6), fc.nat(200)),
  put: fc.oneof(
    fc.constant(new Uint8Array()),
    fc.uint8Array({ maxLength: 3 }),
    fc
      .constantFrom(
        "\n",
        " ",
        "\t",
        ":",
        ": ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "&a",
        "*a",
        "<<: ",
        "!x ",
        '"',
        "'",
        "#",
        "---\n",
        "? ",
        "|\n",
        "null",
        "1",
        "[]",
        "{}",
        "é",
        "💥",
      )
      .map((text) => encoder.encode(text)),
  ),
});

/** The bytes of a text after up to four random cuts and insertions. */
export function mutated(text: string): fc.Arbitrary<Uint8Array> {
  return fc.array(cuts, { minLength: 1, maxLength: 4 }).map((list) => list.reduce(mutate, encoder.encode(text)));
}

function mutate(bytes: Uint8Array, { at, length, put }: Cut): Uint8Array {
  const start = at % (bytes.length + 1);
  return Uint8Array.from([...bytes.subarray(0, start), ...put, ...bytes.subarray(start + length)]);
}

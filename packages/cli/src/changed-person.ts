import { Failure } from "@bulkhead/core/base/failure";
import type { Instant } from "@bulkhead/core/base/instant";
import { type Ip, ipKey, ipOf } from "@bulkhead/core/base/ip";
import { nearest } from "@bulkhead/core/language/hints";
import type { LabelKey } from "@bulkhead/core/model/policy-set";
import type { Inventory, Lease, Workload } from "@bulkhead/core/model/workload";
import { checkLabels } from "./asked.ts";

/** What would be otherwise about a workload, as it was typed. */
export interface PersonChange {
  readonly id: string;
  /** `KEY=VALUE`, or `KEY=` for no such label. */
  readonly terms: readonly string[];
  readonly gain: readonly string[];
  readonly lose: readonly string[];
  readonly at: Instant;
  readonly schema: readonly LabelKey[];
}

/** The inventory in which one workload has other labels, or other addresses from an instant on. */
export function changedPerson(inventory: Inventory, { id, terms, gain, lose, at, schema }: PersonChange): Inventory {
  const known = inventory.workloads.find((one) => one.id === id);
  if (known === undefined) {
    const meant = nearest(
      id,
      inventory.workloads.map((one) => one.id),
    );
    throw new Failure(`no workload is called \`${id}\``, meant === null ? "`bulkhead inventory list` shows who is known" : `did you mean \`${meant}\`?`);
  }
  if (terms.length + gain.length + lose.length === 0)
    throw new Failure("nothing would be otherwise", "write for example `env=prod`, or --gain-address 10.0.0.9");
  const changed: Workload = { ...known, labels: relabelled(known.labels, terms, schema), leases: readdressed(known, { gain, lose, at }) };
  return { ...inventory, workloads: inventory.workloads.map((one) => (one === known ? changed : one)) };
}

function relabelled(labels: Workload["labels"], terms: readonly string[], schema: readonly LabelKey[]): Workload["labels"] {
  const changed = Object.assign(Object.create(null) as Record<string, string>, labels);
  const given = Object.create(null) as Record<string, string>;
  for (const term of terms) {
    const [, key = "", value = ""] = /^([^=]+)=(.*)$/s.exec(term) ?? [];
    if (key === "") throw new Failure(`\`${term}\` is no label`, "write KEY=VALUE, or KEY= to take a label away");
    if (key in given) throw new Failure(`the label \`${key}\` is given twice`, "a workload has one value of it; leave one out");
    given[key] = value;
    if (value === "") delete changed[key];
    else changed[key] = value;
  }
  checkLabels(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== "")), schema);
  return changed;
}

function readdressed({ leases }: Workload, { gain, lose, at }: Pick<PersonChange, "gain" | "lose" | "at">): readonly Lease[] {
  const lost = new Set(lose.map((text) => ipKey(addressIn(text))));
  const isHeld = ({ ip, until }: Lease): boolean => lost.has(ipKey(ip)) && (until === null || until > at);
  for (const text of lose)
    if (!leases.some((lease) => isHeld(lease) && ipKey(lease.ip) === ipKey(addressIn(text))))
      throw new Failure(`it does not hold ${text}`, "`bulkhead inventory list` shows what it holds");
  const kept = leases.flatMap((lease): readonly Lease[] => {
    if (!isHeld(lease)) return [lease];
    return lease.from !== null && lease.from >= at ? [] : [{ ...lease, until: at }];
  });
  return [...kept, ...gain.map((text): Lease => ({ ip: addressIn(text), from: at, until: null }))];
}

function addressIn(text: string): Ip {
  const ip = ipOf(text);
  if (ip === undefined) throw new Failure(`\`${text}\` is no address`, "write for example 10.0.0.9, or 10.0.0.9%site-b in a realm");
  return ip;
}

import { Failure } from "@bulkhead/core/base/failure";
import { ipOf } from "@bulkhead/core/base/ip";
import { nearest } from "@bulkhead/core/language/hints";
import type { PolicySet } from "@bulkhead/core/model/policy-set";
import type { Inventory } from "@bulkhead/core/model/workload";
import type { Somebody } from "@bulkhead/core/reach/whom";

/** Whether somebody is meant by a flag. */
export type IsMeant = (one: Somebody) => boolean;

interface Known {
  readonly set: PolicySet;
  readonly inventory: Inventory;
}

/**
 * Whom a flag means: `workloads`, `anyone`, `internet`, `outside`, a workload id, an address, or KEY=VALUE,KEY=VALUE, where `zone` and `network` are keys,
 * too; of several values of one key (`role=api,role=web`) any will do. What nobody has is refused: its answer would be "no way", and mean nothing.
 */
export function whomAsked(flag: "--from" | "--to", text: string, known: Known): IsMeant {
  const { workloads } = known.inventory;
  if (workloads.some(({ id }) => id === text)) return ({ workload }) => workload === text;
  switch (text) {
    case "anyone":
      return () => true;
    case "workloads":
      return ({ workload }) => workload !== null;
    case "internet":
      return inNetwork("internet");
    case "outside":
      return inZone("outside");
  }
  if (text.includes("=")) return byTerms(flag, text, known);
  const ip = ipOf(text);
  if (ip === undefined) {
    const meant = nearest(
      text,
      workloads.map(({ id }) => id),
    );
    throw new Failure(
      `${flag} is \`${text}\`, and no workload is called that`,
      meant === null
        ? "write a workload id, an address, internet, outside, workloads, anyone, or KEY=VALUE,KEY=VALUE such as app=shop,zone=prod"
        : `did you mean \`${meant}\`?`,
    );
  }
  return ({ end, range }) => {
    if (end.kind === "known" && end.workload !== null)
      return end.workload.leases.some((lease) => lease.ip.value === ip.value && lease.ip.family === ip.family && lease.ip.realm === ip.realm);
    return range !== null && range.family === ip.family && range.realm === ip.realm && range.first <= ip.value && ip.value <= range.last;
  };
}

const inNetwork =
  (name: string): IsMeant =>
  ({ end }) =>
    end.kind === "known" && end.networks.has(name);

const inZone =
  (name: string): IsMeant =>
  ({ end }) =>
    end.kind === "known" && end.zone === name;

/** Any value of each key, and all keys. */
function byTerms(flag: string, text: string, { set, inventory }: Known): IsMeant {
  const values = new Map<string, string[]>();
  for (const term of text.split(",").map((one) => one.trim())) {
    const [, key = "", value = ""] = /^([^=]+)=(.*)$/s.exec(term) ?? [];
    if (key === "") throw new Failure(`${flag} has \`${term}\` in it, which is no KEY=VALUE`, "write for example app=shop,env=prod");
    checkName(flag, { key, value }, { set, inventory });
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  const labels = new Map(inventory.workloads.map((workload) => [workload.id, workload.labels]));
  const each = [...values].map(([key, some]): IsMeant => {
    if (key === "zone") return (one) => some.some((name) => inZone(name)(one));
    if (key === "network") return (one) => some.some((name) => inNetwork(name)(one));
    return ({ workload }) => {
      const own = workload === null ? undefined : labels.get(workload);
      return own !== undefined && Object.hasOwn(own, key) && some.includes(own[key]!);
    };
  });
  return (one) => each.every((isMeant) => isMeant(one));
}

function checkName(flag: string, { key, value }: { readonly key: string; readonly value: string }, { set, inventory }: Known): void {
  const known = namesUnder(key, set, inventory);
  if (known.includes(value)) return;
  const kind = key === "zone" || key === "network" ? `no ${key} is called \`${value}\`` : `no workload has the label \`${key}=${value}\``;
  const meant = nearest(value, known);
  const listed = known.slice(0, 8).join(", ");
  const next =
    meant !== null
      ? `did you mean \`${key}=${meant}\`?`
      : known.length === 0
        ? `no workload has a label \`${key}\``
        : `there is ${key}=${listed}${known.length > 8 ? " and others" : ""}`;
  throw new Failure(`${flag}: ${kind}`, next);
}

function namesUnder(key: string, { zones, networks }: PolicySet, { workloads }: Inventory): readonly string[] {
  if (key === "zone") return [...zones.map(({ name }) => name), "outside", "unplaced"];
  if (key === "network") return [...networks.map(({ name }) => name), "internet"];
  return [...new Set(workloads.flatMap(({ labels }) => (Object.hasOwn(labels, key) ? [labels[key]!] : [])))];
}

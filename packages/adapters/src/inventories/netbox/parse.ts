import type { DocumentFormat } from "../formats.ts";
import { at as valueAt, isFields, listAt, textAt, wordAt } from "../tree.ts";
import { netboxReading, type NetboxReading, stated } from "./objects.ts";

/** Answers of NetBox's API: a page with `results`, a list of objects, or one of them. */
export const netbox: DocumentFormat = {
  name: "netbox",
  recognises: (document) =>
    objectsIn(document)
      .slice(0, 100)
      .some((one) => kindOf(one) !== null),
  read(documents, { say }) {
    const told = netboxReading(say);
    for (const document of documents) {
      if (textAt(document, "next") !== undefined)
        say({ reason: "more-pages", message: "this is one page of several; ask with `limit=0`, or give all pages at once" });
      for (const [index, one] of objectsIn(document).entries()) tell(told, one, index + 1);
    }
    return told.reading();
  },
};

const objectsIn = (document: unknown): readonly unknown[] =>
  Array.isArray(document) ? document : Array.isArray(valueAt(document, "results")) ? listAt(document, "results") : [document];

type Kind = "device" | "machine" | "address" | "prefix" | "vlan" | "other";

const paths: readonly (readonly [string, Kind])[] = [
  ["/api/dcim/devices/", "device"],
  ["/api/virtualization/virtual-machines/", "machine"],
  ["/api/ipam/ip-addresses/", "address"],
  ["/api/ipam/prefixes/", "prefix"],
  ["/api/ipam/vlans/", "vlan"],
];

/** Which object this is, by its own address in the API; `other` is one of NetBox that says nothing of machines. */
function kindOf(one: unknown): Kind | null {
  const url = textAt(one, "url") ?? "";
  const known = paths.find(([path]) => url.includes(path))?.[1];
  if (known !== undefined) return known;
  return /\/api\/(dcim|ipam|virtualization|tenancy|extras)\//.test(url) ? "other" : null;
}

function tell(told: NetboxReading, one: unknown, number: number): void {
  const kind = kindOf(one);
  if (kind === "device" || kind === "machine") return told.machine(machineOf(one, kind, `${kind} ${number}`));
  if (kind === "address") {
    const holder = holderOf(one);
    const [address, role, dnsName] = [textAt(one, "address") ?? "", wordOf(one, "role"), textAt(one, "dns_name") ?? ""];
    return told.address({ where: `address ${number}`, address, status: wordOf(one, "status"), role, holder, dnsName });
  }
  if (kind !== "prefix" && kind !== "vlan") return;
  const attributes = stated({
    vlan: wordAt(one, "vid") ?? wordAt(one, "vlan", "vid") ?? "",
    site: nameOf(one, "site") || nameOf(one, "scope"),
    role: nameOf(one, "role"),
    vrf: nameOf(one, "vrf"),
    tenant: nameOf(one, "tenant"),
    status: wordOf(one, "status"),
  });
  const name = kind === "vlan" ? (textAt(one, "name") ?? "") : textAt(one, "description") || nameOf(one, "vlan") || "";
  told.network({ where: `${kind} ${number}`, name, prefix: textAt(one, "prefix") ?? "", kind, attributes });
}

function machineOf(one: unknown, kind: "device" | "machine", where: string) {
  const custom = valueAt(one, "custom_fields");
  const own = textAt(one, "name") ?? textAt(one, "display") ?? "";
  return {
    where,
    name: own,
    status: wordOf(one, "status"),
    class: kind === "machine" ? "server" : "device",
    platform: nameOf(one, "platform"),
    labels: stated({
      role: slugOf(one, "role") || slugOf(one, "device_role"),
      site: nameOf(one, "site"),
      tenant: nameOf(one, "tenant"),
      cluster: nameOf(one, "cluster"),
      tags: listAt(one, "tags")
        .map((tag) => textAt(tag, "slug") ?? textAt(tag, "name") ?? (typeof tag === "string" ? tag : ""))
        .filter((tag) => tag !== "")
        .sort()
        .join(" "),
    }),
    tags: isFields(custom) ? Object.entries(custom).map(([key, value]) => [key, textAt(value, "name") ?? textAt(value, "label") ?? value] as const) : [],
    addresses: ["primary_ip4", "primary_ip6", "primary_ip"].flatMap((key) => textAt(one, key, "address") ?? []),
  };
}

/** Who holds an address; versions before 2.9 hang it on an interface of its own kind. */
function holderOf(one: unknown): string {
  for (const side of ["assigned_object", "interface"])
    for (const owner of ["device", "virtual_machine"]) {
      const name = textAt(one, side, owner, "name");
      if (name !== undefined) return name;
    }
  return "";
}

/** A choice is `{ value, label }`, in old versions a number or a word. */
const wordOf = (one: unknown, key: string): string => textAt(one, key, "value") ?? textAt(one, key) ?? "";
const nameOf = (one: unknown, key: string): string => textAt(one, key, "name") ?? textAt(one, key) ?? "";
const slugOf = (one: unknown, key: string): string => textAt(one, key, "slug") ?? nameOf(one, key);

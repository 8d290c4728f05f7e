/** gcp/ reads what `gcloud … list --format json` and Google Cloud's API print: who holds which address, with its labels, and how the networks are cut. */
import { cloudReading, type CloudReading, cloudTime } from "../cloud.ts";
import type { DocumentFormat } from "../formats.ts";
import { listed } from "../listed.ts";
import { meantTags } from "../meant-keys.ts";
import { at, isFields, listAt, textAt } from "../tree.ts";
import { networkKinds } from "./networks.ts";
import { lastOf, nameOf } from "./url.ts";

type Tell = (told: CloudReading, value: unknown, where: string) => void;

const kinds: Readonly<Record<string, Tell>> = {
  "compute#instance": machineOf,
  "compute#forwardingRule": balancerOf,
  "compute#address": () => undefined,
  "compute#targetInstance": () => undefined,
  "compute#backendService": () => undefined,
  "sql#instance": databaseOf,
  ...networkKinds,
};

export const gcp: DocumentFormat = {
  name: "gcp",
  recognises: (document) =>
    resourcesIn(document)
      .slice(0, 100)
      .some((one) => Object.hasOwn(kinds, textAt(one, "kind") ?? "")),
  read(documents, { say }) {
    const told = cloudReading(say);
    for (const document of documents)
      for (const [index, value] of resourcesIn(document).entries()) {
        const kind = textAt(value, "kind") ?? "";
        const tell = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
        tell?.(told, value, `resource ${index + 1}`);
      }
    return told.reading();
  },
};

/** What a list, a page of the API, or a list of all zones holds; effective firewalls hold their rules. */
function resourcesIn(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document;
  const items = at(document, "items");
  if (Array.isArray(items)) return items;
  if (isFields(items))
    return Object.values(items).flatMap((zone) => (isFields(zone) ? Object.values(zone).flatMap((list) => (Array.isArray(list) ? list : [])) : []));
  return Array.isArray(at(document, "firewalls")) ? listAt(document, "firewalls") : [document];
}

function labelsOf(labels: unknown): ReturnType<typeof meantTags> {
  return meantTags(isFields(labels) ? Object.entries(labels) : []);
}

function machineOf(told: CloudReading, value: unknown, where: string): void {
  const { labels, attributes } = labelsOf(at(value, "labels"));
  const id = nameOf(value);
  const accounts = listAt(value, "serviceAccounts").map((one) => textAt(one, "email"));
  const tags = listAt(value, "tags", "items").map((one) => (typeof one === "string" ? one : undefined));
  told.holds({
    id,
    where,
    labels: { ...labels, "network-tags": listed(tags), zone: lastOf(textAt(value, "zone")) },
    attributes: { class: "server", identity: accounts.find((email) => email !== undefined), fqdn: textAt(value, "hostname"), ...attributes },
  });
  const from = cloudTime(textAt(value, "creationTimestamp"));
  for (const one of listAt(value, "networkInterfaces")) told.holds({ id, where, within: lastOf(textAt(one, "network")), addresses: addressesOf(one), from });
}

const addressesOf = (one: unknown): readonly string[] =>
  [
    textAt(one, "networkIP"),
    textAt(one, "ipv6Address"),
    ...listAt(one, "accessConfigs").flatMap((access) => [textAt(access, "natIP"), textAt(access, "externalIpv6")]),
    ...listAt(one, "ipv6AccessConfigs").map((access) => textAt(access, "externalIpv6")),
    // Ranges of many addresses are pods', which Kubernetes knows by name.
    ...listAt(one, "aliasIpRanges").map((range) => (/\/(32|128)$/.test(textAt(range, "ipCidrRange") ?? "") ? textAt(range, "ipCidrRange") : undefined)),
  ].filter((text) => text !== undefined);

function balancerOf(told: CloudReading, value: unknown, where: string): void {
  const own = labelsOf(at(value, "labels"));
  const address = textAt(value, "IPAddress");
  told.holds({
    id: nameOf(value, "forwarding-rules"),
    where,
    labels: own.labels,
    attributes: { class: "load-balancer", backends: lastOf(textAt(value, "backendService") ?? textAt(value, "target")), ...own.attributes },
    within: lastOf(textAt(value, "network")),
    // Private service connect names a bundle of services where others have an address.
    addresses: address === undefined || !/^[\d.]+$|:/.test(address) ? [] : [address],
    from: cloudTime(textAt(value, "creationTimestamp")),
  });
}

function databaseOf(told: CloudReading, value: unknown, where: string): void {
  const own = labelsOf(at(value, "settings", "userLabels"));
  told.holds({
    id: `${textAt(value, "project") ?? "project"}/sql/${textAt(value, "name") ?? ""}`,
    where,
    labels: { ...own.labels, engine: textAt(value, "databaseVersion") },
    attributes: { class: "database", fqdn: textAt(value, "dnsName"), ...own.attributes },
    within: lastOf(textAt(value, "settings", "ipConfiguration", "privateNetwork")),
    addresses: listAt(value, "ipAddresses").flatMap((one) => textAt(one, "ipAddress") ?? []),
    from: cloudTime(textAt(value, "createTime")),
  });
}

/** azure/ reads what `az … list` and the API of Azure print: who holds which address, with the labels of its tags, and how the networks are cut. */
import { cloudReading, type CloudReading, cloudTime } from "../cloud.ts";
import type { DocumentFormat } from "../formats.ts";
import { macOf } from "../host-names.ts";
import { listed } from "../listed.ts";
import { meantTags } from "../meant-keys.ts";
import { at, isFields, listAt, textAt } from "../tree.ts";
import { networkKinds } from "./networks.ts";
import { nameOfId, networkInId, property, propertyList, propertyText, reference, type Resource, resourceOf } from "./resource.ts";

type Tell = (told: CloudReading, resource: Resource, where: string) => void;

const kinds: Readonly<Record<string, Tell>> = {
  "microsoft.compute/virtualmachines": machineOf,
  "microsoft.compute/virtualmachinescalesets/virtualmachines": machineOf,
  "microsoft.network/networkinterfaces": interfaceOf,
  "microsoft.compute/virtualmachinescalesets/virtualmachines/networkinterfaces": interfaceOf,
  "microsoft.network/publicipaddresses": publicAddressOf,
  "microsoft.network/loadbalancers": (told, one, where) => frontsOf(told, one, { where, fronts: "frontendIPConfigurations" }),
  "microsoft.network/applicationgateways": (told, one, where) => frontsOf(told, one, { where, fronts: "frontendIPConfigurations" }),
  "microsoft.network/azurefirewalls": (told, one, where) => frontsOf(told, one, { where, fronts: "ipConfigurations", class: "firewall" }),
  ...networkKinds,
};

export const azure: DocumentFormat = {
  name: "azure",
  recognises: (document) =>
    resourcesIn(document)
      .slice(0, 100)
      .some((one) => resourceOf(one) !== null),
  read(documents, { say }) {
    const told = cloudReading(say);
    for (const document of documents)
      for (const [index, value] of resourcesIn(document).entries()) {
        const resource = resourceOf(value);
        if (resource === null) continue;
        const tell = Object.hasOwn(kinds, resource.type) ? kinds[resource.type] : undefined;
        tell?.(told, resource, `resource ${index + 1}`);
      }
    return told.reading();
  },
};

const resourcesIn = (document: unknown): readonly unknown[] =>
  Array.isArray(document) ? document : Array.isArray(at(document, "value")) ? listAt(document, "value") : [document];

function tagsOf(value: unknown): ReturnType<typeof meantTags> {
  const tags = at(value, "tags");
  return meantTags(isFields(tags) ? Object.entries(tags) : []);
}

function machineOf(told: CloudReading, { id, value }: Resource, where: string): void {
  const { labels, attributes } = tagsOf(value);
  const identity = textAt(value, "identity", "principalId");
  // `az vm list -d` adds the addresses, in one text each.
  const addresses = ["privateIps", "publicIps"]
    .flatMap((name) => (textAt(value, name) ?? "").split(","))
    .map((text) => text.trim())
    .filter((text) => text !== "");
  told.holds({
    id: nameOfId(id) ?? "",
    where,
    labels: { ...labels, location: textAt(value, "location") },
    attributes: {
      class: "server",
      os: textAt(property(value, "storageProfile"), "osDisk", "osType"),
      fqdn: textAt(value, "fqdns"),
      identity: identity === undefined ? undefined : `azure:${identity}`,
      ...attributes,
    },
    addresses,
    from: cloudTime(propertyText(value, "timeCreated")),
  });
}

/** An interface holds its addresses for its machine; a public address that names the interface finds it by `same-as`. */
function interfaceOf(told: CloudReading, { id, value }: Resource, where: string): void {
  const own = nameOfId(id) ?? "";
  const machine = nameOfId(reference(value, "virtualMachine"));
  const configurations = propertyList(value, "ipConfigurations");
  const { labels, attributes } = tagsOf(value);
  if (machine !== undefined && machine !== own) told.holds({ id: own, where, attributes: { "same-as": machine } });
  told.holds({
    id: machine ?? own,
    where,
    labels: machine === undefined ? labels : {},
    attributes: { ...(machine === undefined ? { class: isEndpoint(value) ? "endpoint" : "network-interface", ...attributes } : {}), mac: macIn(value) },
    within: configurations.map((one) => networkInId(reference(one, "subnet"))).find((name) => name !== undefined),
    addresses: configurations.flatMap(addressesIn),
  });
}

const isEndpoint = (value: unknown): boolean => property(value, "privateEndpoint") !== undefined && property(value, "privateEndpoint") !== null;

/** The hardware address of the interface by which a machine is known; further ones are not its name. */
const macIn = (value: unknown): string | undefined => (property(value, "primary") === false ? undefined : macOf(propertyText(value, "macAddress")));

const addressesIn = (configuration: unknown): readonly string[] =>
  [propertyText(configuration, "privateIPAddress"), propertyText(property(configuration, "publicIPAddress"), "ipAddress")].filter((text) => text !== undefined);

/** A public address is held by whatever its configuration belongs to. */
function publicAddressOf(told: CloudReading, { value }: Resource, where: string): void {
  const address = propertyText(value, "ipAddress");
  const holder = nameOfId(reference(value, "ipConfiguration") ?? reference(value, "natGateway"));
  if (address !== undefined && holder !== undefined)
    told.holds({ id: holder, where, addresses: [address], attributes: { fqdn: textAt(property(value, "dnsSettings"), "fqdn") } });
}

interface Fronts {
  readonly where: string;
  readonly fronts: string;
  readonly class?: string;
}

/** What stands before others: a balancer, an application gateway, a firewall. */
function frontsOf(told: CloudReading, { id, value }: Resource, { where, fronts, class: kind = "load-balancer" }: Fronts): void {
  const { labels, attributes } = tagsOf(value);
  const configurations = propertyList(value, fronts);
  const pools = propertyList(value, "backendAddressPools");
  const behind = pools.flatMap((pool) => [
    ...propertyList(pool, "backendIPConfigurations").map((one) => nameOfId(textAt(one, "id"))),
    ...[...propertyList(pool, "loadBalancerBackendAddresses"), ...propertyList(pool, "backendAddresses")].map((one) => propertyText(one, "ipAddress")),
  ]);
  told.holds({
    id: nameOfId(id) ?? "",
    where,
    labels,
    attributes: { class: kind, backends: listed(behind), ...attributes },
    within: configurations.map((one) => networkInId(reference(one, "subnet"))).find((name) => name !== undefined),
    addresses: configurations.flatMap(addressesIn),
  });
}

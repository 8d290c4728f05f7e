/** netbox/ reads what NetBox's API and its CSV exports say: devices, virtual machines, addresses, prefixes, VLANs. */
import { prefixText, readPrefix } from "@bulkhead/core/base/prefix";
import { quoted, type Say } from "@bulkhead/core/inventory/problem";
import type { KnownNetwork } from "@bulkhead/core/inventory/sighting";
import { type Gathering, gathering } from "../gathered.ts";
import { meantTags } from "../meant-keys.ts";
import type { InventoryReading } from "../reading.ts";

/** A device or a virtual machine, whatever form it was written in; empty texts are missing. */
export interface NetboxMachine {
  readonly where: string;
  readonly name: string;
  readonly status: string;
  readonly class: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly platform: string;
  readonly tags: Iterable<readonly [string, unknown]>;
  readonly addresses: readonly string[];
}

export interface NetboxAddress {
  readonly where: string;
  readonly address: string;
  readonly status: string;
  /** `vip`, `anycast`, `vrrp`, …: an address that several machines hold. */
  readonly role: string;
  readonly holder: string;
  readonly dnsName: string;
}

export interface NetboxNetwork {
  readonly where: string;
  readonly name: string;
  /** Empty for a VLAN. */
  readonly prefix: string;
  readonly kind: "prefix" | "vlan";
  readonly attributes: Readonly<Record<string, string>>;
}

/** Gathers what NetBox says, in any order of its kinds. */
export interface NetboxReading {
  machine(one: NetboxMachine): void;
  address(one: NetboxAddress): void;
  network(one: NetboxNetwork): void;
  reading(): InventoryReading;
}

// What has one of these is not on the network, or not yet.
const absent = /^(planned|staged|offline|decommissioning|inventory|deprecated|reserved|failed)$/i;
const shared = /^(vip|anycast|vrrp|hsrp|glbp|carp)$/i;

export function netboxReading(say: Say): NetboxReading {
  const gathered: Gathering = gathering(say);
  const networks: KnownNetwork[] = [];
  return {
    machine({ where, name, status, class: kind, labels, platform, tags, addresses }) {
      const told = meantTags(tags);
      gathered.add({
        id: name,
        where,
        labels: { ...told.labels, ...labels },
        attributes: { class: kind, os: platform, ...told.attributes },
        addresses: absent.test(status) ? [] : addresses,
      });
    },
    address({ where, address, status, role, holder, dnsName }) {
      if (absent.test(status)) return;
      // An address that machines take turns at is a workload of its own, as a balancer's is.
      const id = shared.test(role) ? dnsName || `${role.toLowerCase()}-${address.split("/")[0]}` : holder || dnsName;
      if (id !== "") gathered.add({ id, where, attributes: { fqdn: dnsName, class: shared.test(role) ? "virtual-address" : undefined }, addresses: [address] });
    },
    network({ where, name, prefix, kind, attributes }) {
      const read = readPrefix(prefix);
      if (kind === "prefix" && read.kind !== "prefix") say({ reason: "bad-prefix", message: `${where}: ${quoted(prefix)} is no prefix` });
      else networks.push({ name: name || prefix, kind, prefix: read.kind === "prefix" ? prefixText(read.prefix) : null, attributes });
    },
    reading: () => ({ sightings: gathered.sightings(), points: [], quarantined: [], networks }),
  };
}

/** The attributes that are stated. */
export const stated = (attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== ""));

import { second } from "@bulkhead/core/base/instant";
import type { TextFormat } from "../formats.ts";
import { gathering } from "../gathered.ts";
import { hostIds } from "../host-names.ts";
import { machineId } from "../machine-id.ts";
import { nothingRead, refused } from "../reading.ts";
import { type XmlElement, xmlOf } from "../xml.ts";

/** What `nmap -oX` wrote: hosts that are up, by their name in DNS, else their hardware address, else their address. Each holds its addresses from when it was scanned. */
export const nmap: TextFormat = {
  name: "nmap",
  recognises: (head) => (head.startsWith("<?xml") || head.startsWith("<nmaprun")) && /<nmaprun[\s>]/.test(head),
  read(text, { say, at }) {
    const root = xmlOf(text);
    if ("wrong" in root) return refused(say, "no-xml", root.wrong);
    const started = secondsIn(root.attributes["start"]) ?? at;
    const hosts = root.children.filter(({ name, children }) => name === "host" && first(children, "status")?.attributes["state"] !== "down");
    const idOf = hostIds(hosts.flatMap((host) => nameOf(host) ?? []));
    const gathered = gathering(say);
    for (const [index, host] of hosts.entries()) {
      const addresses = host.children.filter(({ name }) => name === "address");
      const of = (kind: string): readonly string[] =>
        addresses.flatMap(({ attributes }) => (attributes["addrtype"] === kind ? [attributes["addr"] ?? ""] : []));
      const own = [...of("ipv4"), ...of("ipv6")];
      const name = nameOf(host);
      const [mac] = of("mac");
      const id = name === undefined ? (machineId(undefined, mac) ?? (own[0] === undefined ? "" : `unnamed-${own[0]}`)) : idOf(name);
      gathered.add({
        id,
        where: `host ${index + 1}`,
        attributes: { os: osOf(host), mac: machineId(undefined, mac)?.slice("mac-".length), fqdn: name?.toLowerCase() },
        addresses: own,
        from: secondsIn(host.attributes["starttime"]) ?? started,
      });
    }
    return { ...nothingRead, isSnapshot: true, sightings: gathered.sightings() };
  },
};

const first = (children: readonly XmlElement[], name: string): XmlElement | undefined => children.find((one) => one.name === name);

/** The name that the address has in DNS, before one that was typed by whoever scanned. */
function nameOf({ children }: XmlElement): string | undefined {
  const names = first(children, "hostnames")?.children ?? [];
  const name = (names.find(({ attributes }) => attributes["type"] === "PTR") ?? names[0])?.attributes["name"];
  return name === "" ? undefined : name;
}

/** The best guess at its operating system, when nmap is sure. */
function osOf({ children }: XmlElement): string | undefined {
  const match = first(first(children, "os")?.children ?? [], "osmatch")?.attributes;
  return match !== undefined && Number(match["accuracy"]) >= 95 ? match["name"] : undefined;
}

const secondsIn = (text: string | undefined): number | undefined => (/^\d{1,11}$/.test(text ?? "") ? Number(text) * second : undefined);

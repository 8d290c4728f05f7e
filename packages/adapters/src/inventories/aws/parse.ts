/** aws/ reads what `aws … describe-…` prints: who holds which address, with the labels of its tags, and how the networks are cut. */
import type { DocumentFormat } from "../formats.ts";
import { cloudReading } from "../cloud.ts";
import { at, isFields, listAt, textAt } from "../tree.ts";
import type { AwsList } from "./list.ts";
import { addressLists, machineLists } from "./machines.ts";
import { networkLists } from "./networks.ts";

/** Lists that say nothing of addresses and networks: they belong to an estate that is given as a directory. */
const silent: Readonly<Record<string, AwsList>> = {
  AvailabilityZones: { key: "ZoneName" },
  ClassicLinkInstances: { key: "InstanceId" },
  DhcpOptions: { key: "DhcpOptionsId" },
  Hosts: { key: "HostId" },
  InstanceStatuses: { key: "InstanceId" },
  MovingAddressStatuses: { key: "PublicIp" },
  PlacementGroups: { key: "GroupName" },
  PrefixLists: { key: "PrefixListId" },
  ServiceNames: { key: "" },
  ServiceDetails: { key: "ServiceName" },
  TargetHealthDescriptions: { key: "Target" },
  VpcEndpointServices: { key: "" },
};
const lists: ReadonlyMap<string, AwsList> = new Map(Object.entries({ ...machineLists, ...addressLists, ...networkLists, ...silent }));

// Collectors that gather an account write the lists in lower case with underscores, and instances without their reservations.
const collected = new Map([...lists].map(([name, list]) => [name.replace(/(?!^)([A-Z])/g, "_$1").toLowerCase(), list] as const));

const listNamed = (name: string): AwsList | undefined => lists.get(name) ?? collected.get(name);

// What the command line adds to a list.
const beside = new Set(["NextToken", "NextMarker", "Marker", "ResponseMetadata", "failures"]);

export const aws: DocumentFormat = {
  name: "aws",
  recognises(document) {
    if (!isFields(document)) return false;
    if (textAt(document, "provider") === "aws") return true;
    const names = Object.keys(document).filter((name) => !beside.has(name));
    return names.length > 0 && names.every((name) => lists.has(name) && isListOf(document, name));
  },
  read(documents, { say }) {
    const told = cloudReading(say);
    for (const document of documents)
      for (const name of isFields(document) ? Object.keys(document) : []) {
        const tell = listNamed(name)?.tell;
        if (tell === undefined) continue;
        for (const [index, one] of listAt(document, name).entries()) tell(told, one, `${name} ${index + 1}`);
      }
    return told.reading();
  },
};

/** Whether the list is empty, or its elements are what this name promises. */
function isListOf(document: unknown, name: string): boolean {
  const key = lists.get(name)!.key;
  const value = at(document, name);
  return Array.isArray(value) && value.slice(0, 20).every((one) => key === "" || at(one, key) !== undefined);
}

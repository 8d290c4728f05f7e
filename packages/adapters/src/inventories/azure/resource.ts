import { at, isFields, textAt } from "../tree.ts";

/** A resource of Azure: what its id says, and its values, which the command line lays beside the id and the API below `properties`. */
export interface Resource {
  readonly id: string;
  /** `microsoft.network/networkinterfaces`, in lower case. */
  readonly type: string;
  readonly value: unknown;
}

const shape = /\/providers\/(microsoft\.[\w.]+\/[\w.]+)\/[^/]+/i;

/** The resource that a value is, or null when it has no id of Azure's. */
export function resourceOf(value: unknown): Resource | null {
  const id = textAt(value, "id");
  // Of a subnet the type is that of the network and more.
  const type = [...(id ?? "").matchAll(/\/providers\/(microsoft\.[\w.]+)((?:\/[\w.]+\/[^/]+)+)/gi)].at(-1);
  if (id === undefined || type === undefined || !shape.test(id)) return null;
  const kinds = (type[2] ?? "").split("/").filter((_, index) => index % 2 === 1);
  return { id, type: `${type[1]}/${kinds.join("/")}`.toLowerCase(), value };
}

/** The value under a name, wherever it lies and however its acronym is spelt: `privateIPAddress` or `privateIpAddress`. */
export function property(value: unknown, name: string): unknown {
  for (const side of [at(value, "properties"), value]) {
    if (!isFields(side)) continue;
    if (Object.hasOwn(side, name)) return side[name];
    const other = name.replace("IPAddress", "IpAddress").replace("IPConfig", "IpConfig");
    if (Object.hasOwn(side, other)) return side[other];
  }
  return undefined;
}

export const propertyText = (value: unknown, name: string): string | undefined => {
  const found = property(value, name);
  return typeof found === "string" && found !== "" ? found : undefined;
};

export const propertyList = (value: unknown, name: string): readonly unknown[] => {
  const found = property(value, name);
  return Array.isArray(found) ? found : [];
};

/** The id that another resource is referred to by. */
export const reference = (value: unknown, name: string): string | undefined => textAt(property(value, name), "id");

/**
 * What a resource is called: its group and name, with its kind before the name where it is no machine. Azure's ids mean the same in upper
 * and lower case. Parts of a resource, such as the addresses of an interface, are called as the resource.
 */
export function nameOfId(id: string | undefined): string | undefined {
  const [, group, kind, name, rest = ""] = /\/resourcegroups\/([^/]+)\/providers\/microsoft\.[\w.]+\/([\w.]+)\/([^/]+)(.*)$/i.exec(id ?? "") ?? [];
  if (group === undefined || kind === undefined || name === undefined) return undefined;
  const machine = kind.toLowerCase() === "virtualmachinescalesets" ? /^\/virtualmachines\/(\d+)/i.exec(rest)?.[1] : undefined;
  const own = machine === undefined ? name : `${name}_${machine}`;
  const isMachine = machine !== undefined || kind.toLowerCase() === "virtualmachines";
  return (isMachine ? `${group}/${own}` : `${group}/${kind}/${own}`).toLowerCase();
}

/** The name of the virtual network in the id of a subnet. */
export const networkInId = (id: string | undefined): string | undefined => /\/virtualnetworks\/([^/]+)/i.exec(id ?? "")?.[1]?.toLowerCase();

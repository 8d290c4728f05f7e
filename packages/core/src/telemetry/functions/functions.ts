import type { IndustrialFunction } from "../../model/function-use.ts";
import { bacnet, bacnetUnconfirmed } from "./bacnet.ts";
import { cip, cipConnections, enip } from "./cip.ts";
import { dnp3 } from "./dnp3.ts";
import { iec104 } from "./iec104.ts";
import type { Known } from "./known.ts";
import { modbus } from "./modbus.ts";
import { opcua } from "./opcua.ts";
import { s7 } from "./s7.ts";

/** functions/ knows what the messages of industrial protocols do: whether a client only looks, or changes something. */

export const protocols = ["modbus", "dnp3", "enip", "cip", "opcua", "s7", "iec104", "bacnet", "bacnet-unconfirmed"] as const;
export type IndustrialProtocol = (typeof protocols)[number];

const tables: Readonly<Record<IndustrialProtocol, readonly Known[]>> = {
  modbus,
  dnp3,
  enip,
  cip,
  opcua,
  s7,
  iec104,
  bacnet,
  "bacnet-unconfirmed": bacnetUnconfirmed,
};

const byCode = new Map(protocols.map((protocol) => [protocol, codesOf(protocol, tables[protocol])] as const));
const connectionManager = codesOf("cip", cipConnections);

function codesOf(protocol: IndustrialProtocol, table: readonly Known[]): ReadonlyMap<number, IndustrialFunction> {
  return new Map(table.map(([code, name, effect]) => [code, { function: `${protocol}/${code}`, name, effect }]));
}

/** The function of a code; a code that the specification does not know has no name and an unknown effect. */
export function functionOf(protocol: IndustrialProtocol, code: number): IndustrialFunction {
  return byCode.get(protocol)?.get(code) ?? { function: `${protocol}/${code}`, name: null, effect: "unknown" };
}

/** The function of a CIP service; what codes above 0x31 mean depends on the class that is asked. */
export function cipFunction(service: number, classId: number | null): IndustrialFunction {
  return (classId === 6 ? connectionManager.get(service) : undefined) ?? functionOf("cip", service);
}

const names = new Map(protocols.map((protocol) => [protocol, new Map(tables[protocol].map(([code, name, , zeek]) => [zeek ?? name, code]))] as const));

/** The function that Zeek's logs call so, or null. */
export function functionNamed(protocol: IndustrialProtocol, name: string): IndustrialFunction | null {
  const code = names.get(protocol)?.get(name);
  return code === undefined ? null : functionOf(protocol, code);
}

/** CIP's cyclic messages: they carry inputs one way and outputs the other, and do not say which is which. */
export const cipCyclic: IndustrialFunction = { function: "cip/io", name: "Cyclic I/O", effect: "unknown" };

/** What Siemens' newer controllers speak, which nobody else can read. */
export const s7Opaque: IndustrialFunction = { function: "s7/plus", name: "S7comm-plus", effect: "unknown" };
/** S7comm's user messages: reading of lists, clocks, blocks, whose codes have no meaning of their own. */
export const s7User: IndustrialFunction = { function: "s7/userdata", name: "Userdata", effect: "unknown" };

/** A message of OPC UA whose service cannot be read, because the channel encrypts it. */
export const opcuaSealed: IndustrialFunction = { function: "opcua/encrypted", name: "Encrypted", effect: "unknown" };

/** Whether a function changes something; null when nobody can tell. */
export function changes({ effect }: Pick<IndustrialFunction, "effect">): boolean | null {
  return effect === "unknown" ? null : effect === "write" || effect === "control";
}

import type { FunctionUse, IndustrialFunction } from "@bulkhead/core/model/function-use";
import { cipCyclic, cipFunction, functionNamed, functionOf, type IndustrialProtocol } from "@bulkhead/core/telemetry/functions/functions";

const none: readonly IndustrialFunction[] = [];

/** The value of a line under a name; undefined where it says nothing. */
export type Field = (name: string) => string | undefined;

/** What one kind of log tells of a message; `fields` are the names by which it is known from others. */
export interface Log {
  readonly path: string;
  readonly fields: readonly string[];
  /** The functions of the line's messages; none when it asks for nothing: an answer, a part of another line's message. */
  asked(field: Field, values: () => readonly string[]): readonly IndustrialFunction[];
  readonly protocol: FunctionUse["protocol"];
  /** Whether the line says itself who sent the message to whom. */
  readonly isBothWays?: true;
}

const isRequest = (field: Field): boolean => !(field("is_orig") === "F" || field("is_orig") === "false");

/** A log in which functions have Zeek's names. Since Zeek 6 it has a line for the answer, too; ICSNPP's details had one before. */
function named(protocol: IndustrialProtocol, column: string): Log["asked"] {
  return (field) => {
    const name = field(column)?.replace(/_EXCEPTION$/, "");
    const isAnswer = /^RESP/i.test(field("pdu_type") ?? field("request_response") ?? "") || !isRequest(field);
    if (name === undefined || isAnswer) return none;
    return [functionNamed(protocol, name) ?? { function: `${protocol}/${name}`, name: null, effect: "unknown" }];
  };
}

/** The logs of Zeek and ICSNPP that say what was asked, the more telling first. Details that repeat a message of theirs are not among them. */
export const logs: readonly Log[] = [
  { path: "modbus_detailed", fields: ["func", "tid", "unit", "request_values"], protocol: "tcp", asked: matched(named("modbus", "func")) },
  { path: "modbus", fields: ["func"], protocol: "tcp", asked: named("modbus", "func") },
  { path: "dnp3", fields: ["fc_request", "fc_reply"], protocol: "tcp", asked: dnp3Asked },
  { path: "cip", fields: ["cip_service_code"], protocol: "tcp", asked: cipAsked },
  { path: "enip", fields: ["enip_command_code"], protocol: "tcp", asked: coded("enip", "enip_command_code") },
  { path: "cip_io", fields: ["connection_id", "sequence_number"], protocol: "udp", asked: () => [cipCyclic], isBothWays: true },
  { path: "opcua_binary", fields: ["msg_type", "is_final"], protocol: "tcp", asked: opcuaAsked },
];

/** A line of dnp3.log is a request with its answer; what a station sends unasked comes as an answer to anything. */
function dnp3Asked(field: Field, values: () => readonly string[]): readonly IndustrialFunction[] {
  const unasked = field("fc_reply") === "UNSOLICITED_RESPONSE" ? functionNamed("dnp3", "UNSOLICITED_RESPONSE") : null;
  return [...named("dnp3", "fc_request")(field, values), ...(unasked === null ? [] : [unasked])];
}

function coded(protocol: IndustrialProtocol, column: string): Log["asked"] {
  return (field) => {
    const code = numberOf(field(column));
    return code === null || !isRequest(field) ? none : [functionOf(protocol, code)];
  };
}

function cipAsked(field: Field): readonly IndustrialFunction[] {
  const service = numberOf(field("cip_service_code"));
  const isAnswer = field("direction")?.toLowerCase() === "response" || !isRequest(field);
  return service === null || isAnswer ? none : [cipFunction(service & 0x7f, numberOf(field("class_id")))];
}

/** The service stands under a name that has changed from release to release; its look has not: `ReadRequest`. */
function opcuaAsked(_: Field, values: () => readonly string[]): readonly IndustrialFunction[] {
  for (const value of values()) {
    const [, name] = /^([A-Z]\w{2,60})Request$/.exec(value) ?? [];
    if (name !== undefined) return [functionNamed("opcua", name) ?? { function: `opcua/${name}`, name, effect: "unknown" }];
  }
  return none;
}

/** A request and its answer that were not matched stand in two lines with one transaction. */
function matched(asked: Log["asked"]): Log["asked"] {
  let last = "";
  return (field, values) => {
    const key = field("matched") === "T" || field("matched") === "true" ? "" : [field("uid"), field("tid"), field("unit"), field("func")].join(" ");
    const isAgain = key !== "" && key === last;
    last = isAgain ? "" : key;
    return isAgain ? none : asked(field, values);
  };
}

/** A number, decimal or hexadecimal as ICSNPP writes codes. */
function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : null;
}

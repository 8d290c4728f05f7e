import { functionOf, opcuaSealed } from "@bulkhead/core/telemetry/functions/functions";
import { u16, u16Little, u32Little } from "../packet.ts";
import type { Framing, Stretch } from "./framing.ts";

export const opcuaPort = 4840;
const types: ReadonlySet<string> = new Set(["HEL", "ACK", "ERR", "RHE", "OPN", "MSG", "CLO"]);
const unsecured = "http://opcfoundation.org/UA/SecurityPolicy#None";

/** OPC UA over TCP (OPC 10000-6 §7.1): messages cut into chunks, the service in the first of each. */
export const opcuaFraming: Framing = {
  headBytes: 8,
  // Behind two certificates stands the service that opens a channel.
  wantedBytes: 16_384,
  lengthOf: (chunk) => (isOpcua(chunk) ? u32Little(chunk.bytes, chunk.at + 4) : -1),
  read(chunk, way, asked) {
    const type = typeOf(chunk);
    if (type === "HEL") way.isClient = true;
    if (type !== "OPN" && type !== "MSG" && type !== "CLO") return;
    const wasInside = way.isInside;
    way.isInside = chunk.bytes[chunk.at + 3] === intermediate;
    const body = bodyOf(chunk, type);
    if (body === null) return;
    if (type === "OPN") way.isSealed = body.isSealed;
    if (wasInside) return;
    const service = serviceAt(chunk, body.at);
    if (service !== null && isRequest(service)) return asked(functionOf("opcua", service));
    const isAnswer = service !== null && isKnownAnswer(service);
    if (isAnswer || !(way.isClient || way.destinationPort === opcuaPort)) return;
    asked(way.isSealed || service === null ? opcuaSealed : functionOf("opcua", service));
  },
};

/** Whether a chunk of OPC UA begins here, on whatever port. */
export function isOpcua(stretch: Stretch): boolean {
  const { bytes, at, end } = stretch;
  if (at + 8 > end || !types.has(typeOf(stretch))) return false;
  const [kind, length] = [bytes[at + 3]!, u32Little(bytes, at + 4)];
  return (kind === final || kind === intermediate || kind === abort) && length >= 8 && length <= chunkMax;
}

const [final, intermediate, abort] = [0x46, 0x43, 0x41];
// What both ends agree on is 64 KiB nearly everywhere; beyond this it is something else.
const chunkMax = 16 << 20;

const typeOf = ({ bytes, at }: Stretch): string => String.fromCharCode(bytes[at]!, bytes[at + 1]!, bytes[at + 2]!);

interface Body {
  readonly at: number;
  readonly isSealed: boolean;
}

/** Where the body begins: behind channel, token and sequence, or, when a channel is opened, behind what secures it. */
function bodyOf({ bytes, at, end }: Stretch, type: string): Body | null {
  if (type !== "OPN") return at + 24 < end ? { at: at + 24, isSealed: false } : null;
  let next = at + 12;
  let policy = "";
  for (const nth of [0, 1, 2]) {
    if (next + 4 > end) return null;
    const length = u32Little(bytes, next) === 0xffff_ffff ? 0 : u32Little(bytes, next);
    if (next + 4 + length > end) return null;
    if (nth === 0) policy = String.fromCharCode(...bytes.subarray(next + 4, next + 4 + Math.min(length, 200)));
    next += 4 + length;
  }
  return next + 8 < end ? { at: next + 8, isSealed: policy !== unsecured && policy !== "" } : null;
}

/** The number of the service in the namespace of OPC UA itself, in the encodings that a number has; null when none stands there. */
function serviceAt({ bytes, end }: Stretch, at: number): number | null {
  if (bytes[at] === 0 && at + 2 <= end) return bytes[at + 1]!;
  if (bytes[at] === 1 && at + 4 <= end) return bytes[at + 1] === 0 ? u16Little(bytes, at + 2) : null;
  return bytes[at] === 2 && at + 7 <= end && u16(bytes, at + 1) === 0 ? u32Little(bytes, at + 3) : null;
}

const isRequest = (service: number): boolean => functionOf("opcua", service).name !== null;
const serviceFault = 397;
// An answer's number is its request's and three, or one in the services that were added later.
const isKnownAnswer = (service: number): boolean => service === serviceFault || isRequest(service - 3) || isRequest(service - 1);

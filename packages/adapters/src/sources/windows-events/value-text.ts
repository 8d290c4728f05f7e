import { instantText } from "@bulkhead/core/base/instant";

const wide = new TextDecoder("utf-16le", { ignoreBOM: true });
const isArray = 0x80;
// Binary values are nothing that a connection is told by.
const binaryMax = 64;

/** A value of a template as the text that Windows would write; empty for what has none. */
export function valueText(view: DataView, { type, at, size }: { readonly type: number; readonly at: number; readonly size: number }): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, size);
  if ((type & isArray) !== 0) return type === (isArray | 1) ? wide.decode(bytes).replace(/\0+$/, "").replaceAll("\0", "\n") : "";
  switch (type) {
    case 0x01:
      return wide.decode(bytes).replace(/\0+$/, "");
    case 0x02:
      return new TextDecoder("latin1").decode(bytes).replace(/\0+$/, "");
    case 0x0b:
      return size >= 4 ? String(view.getFloat32(at, true)) : "";
    case 0x0c:
      return size >= 8 ? String(view.getFloat64(at, true)) : "";
    case 0x0d:
      return size >= 4 ? String(view.getUint32(at, true) !== 0) : "";
    case 0x0e:
      return hex(bytes.subarray(0, binaryMax));
    case 0x0f:
      return size === 16 ? guidText(view, at) : "";
    case 0x11:
      return size >= 8 ? fileTimeText(view.getBigUint64(at, true)) : "";
    case 0x12:
      return size >= 16 ? systemTimeText(view, at) : "";
    case 0x13:
      return sidText(view, at, size);
    default:
      return numberText(view, { type, at, size });
  }
}

/** Integers, by their size; types 0x14 and 0x15 are written in hexadecimal. */
function numberText(view: DataView, { type, at, size }: { readonly type: number; readonly at: number; readonly size: number }): string {
  const isSigned = type === 0x03 || type === 0x05 || type === 0x07 || type === 0x09;
  const number =
    size === 1
      ? view[isSigned ? "getInt8" : "getUint8"](at)
      : size === 2
        ? view[isSigned ? "getInt16" : "getUint16"](at, true)
        : integerAt(view, { at, size, isSigned });
  if (number === null) return "";
  return type === 0x14 || type === 0x15 ? `0x${number.toString(16)}` : String(number);
}

function integerAt(view: DataView, { at, size, isSigned }: { readonly at: number; readonly size: number; readonly isSigned: boolean }): number | bigint | null {
  if (size === 4) return isSigned ? view.getInt32(at, true) : view.getUint32(at, true);
  if (size === 8) return isSigned ? view.getBigInt64(at, true) : view.getBigUint64(at, true);
  return null;
}

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function guidText(view: DataView, at: number): string {
  const pad = (number: number, digits: number): string => number.toString(16).padStart(digits, "0");
  const rest = hex(new Uint8Array(view.buffer, view.byteOffset + at + 8, 8));
  return `{${pad(view.getUint32(at, true), 8)}-${pad(view.getUint16(at + 4, true), 4)}-${pad(view.getUint16(at + 6, true), 4)}-${rest.slice(0, 4)}-${rest.slice(4)}}`;
}

// A FILETIME counts tenths of microseconds since 1601.
const since1601 = 11_644_473_600_000_000n;

function fileTimeText(tenths: bigint): string {
  const micros = tenths / 10n - since1601;
  return micros >= 0n && micros <= BigInt(Number.MAX_SAFE_INTEGER) ? instantText(Number(micros)) : "";
}

function systemTimeText(view: DataView, at: number): string {
  const [year, month, , day, hour, minute, second, ms] = Array.from({ length: 8 }, (_, nth) => view.getUint16(at + nth * 2, true));
  const pad = (number: number | undefined, digits = 2): string => String(number ?? 0).padStart(digits, "0");
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}:${pad(second)}.${pad(ms, 3)}Z`;
}

/** `S-1-5-18`: a revision, an authority of six bytes, and up to fifteen numbers. */
function sidText(view: DataView, at: number, size: number): string {
  if (size < 8) return "";
  const count = Math.min(view.getUint8(at + 1), 15);
  if (size < 8 + count * 4) return "";
  const authority = view.getUint16(at + 2) * 2 ** 32 + view.getUint32(at + 4);
  const parts = Array.from({ length: count }, (_, nth) => view.getUint32(at + 8 + nth * 4, true));
  return ["S", view.getUint8(at), authority, ...parts].join("-");
}

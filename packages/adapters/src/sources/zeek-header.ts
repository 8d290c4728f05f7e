/** What the lines that begin with `#` say of a Zeek log. */
export interface ZeekHeader {
  /** The name of the log: `conn`, `modbus`; empty where it is not said. */
  readonly path: string;
  readonly fields: readonly string[];
  readonly separator: string;
  readonly unset: string;
  readonly empty: string;
}

// conn.log has some twenty; sites add a few of their own.
const fieldsMax = 1000;

export const noHeader: ZeekHeader = { path: "", fields: [], separator: "\t", unset: "-", empty: "(empty)" };

/** The header with one more of its lines. */
export function zeekHeader(header: ZeekHeader, line: string): ZeekHeader {
  if (line.startsWith("#separator "))
    return { ...header, separator: line.slice(11).replace(/\\x([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) };
  const [key, ...rest] = line.split(header.separator);
  // A file that several runs wrote holds a header for each; the fields of the latest count.
  if (key === "#fields") return { ...header, fields: rest.slice(0, fieldsMax) };
  if (key === "#path") return { ...header, path: rest[0] ?? "" };
  if (key === "#unset_field") return { ...header, unset: rest[0] ?? "-" };
  return key === "#empty_field" ? { ...header, empty: rest[0] ?? "(empty)" } : header;
}

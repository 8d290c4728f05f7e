import type { Connection } from "@bulkhead/core/model/connection";
import type { Decoded, FileFormat, Reject } from "@bulkhead/core/outside";

/** What a format reads in a text or in bytes, pushed in these pieces; the file is called `file`. */
export function decodedBy(format: FileFormat, content: string | Uint8Array, pieceBytes = Infinity): readonly Decoded[] {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const decoder = format.decoder({ file: "file" });
  const decoded: Decoded[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) decoded.push(...decoder.push(bytes.slice(at, at + pieceBytes)));
  return [...decoded, ...decoder.end()];
}

export function connectionsBy(format: FileFormat, content: string | Uint8Array): readonly Connection[] {
  return decodedBy(format, content).flatMap((one) => (one.kind === "connection" ? [one.connection] : []));
}

export function rejectsBy(format: FileFormat, content: string | Uint8Array): readonly Reject[] {
  return decodedBy(format, content).flatMap((one) => (one.kind === "reject" ? [one.reject] : []));
}

import type { Instant } from "@bulkhead/core/base/instant";
import type { Say } from "@bulkhead/core/inventory/problem";
import { directory, directoryLdif, directoryTable } from "./active-directory/parse.ts";
import { ansible, ansibleIni } from "./ansible/parse.ts";
import { assets } from "./assets/parse.ts";
import { aws } from "./aws/parse.ts";
import { azure } from "./azure/parse.ts";
import { certificates } from "./certificates/parse.ts";
import { parseInventoryCsv } from "./csv/parse.ts";
import { dnsmasq } from "./dnsmasq/parse.ts";
import { jsonDocuments, looksYaml, yamlDocuments } from "./documents.ts";
import { entra } from "./entra/parse.ts";
import { agreements, fismaSystems } from "./fisma/parse.ts";
import type { DocumentFormat, TableFormat, TextFormat } from "./formats.ts";
import { gcp } from "./gcp/parse.ts";
import { iamReport } from "./iam-report/parse.ts";
import { ipNeigh, ipNeighJson } from "./ip-neigh/parse.ts";
import { iscDhcp } from "./isc-dhcp/parse.ts";
import { kea } from "./kea/parse.ts";
import { kubernetes } from "./kubernetes/parse.ts";
import { type ColumnMapping, parseMapped } from "./mapped/parse.ts";
import { netbox } from "./netbox/parse.ts";
import { netboxTable } from "./netbox/tables.ts";
import { nmap } from "./nmap/parse.ts";
import { powercli, powercliTable } from "./powercli/parse.ts";
import { type InventoryReading, nothingRead, type ReadingInput, refused } from "./reading.ts";
import { rvtools } from "./rvtools/parse.ts";
import { servicenow } from "./servicenow/parse.ts";
import { spire } from "./spire/parse.ts";
import { tableOf } from "./table.ts";
import { terraform } from "./terraform/parse.ts";
import { windowsDhcp, windowsDhcpTable } from "./windows-dhcp/parse.ts";

// Recognised by content, the surest first.
export const textFormats: readonly TextFormat[] = [nmap, certificates, iscDhcp, directoryLdif, dnsmasq, ipNeigh, ansibleIni];
export const documentFormats: readonly DocumentFormat[] = [
  kubernetes,
  terraform,
  aws,
  azure,
  gcp,
  netbox,
  powercli,
  spire,
  entra,
  directory,
  windowsDhcp,
  ipNeighJson,
  ansible,
  assets,
];
export const tableFormats: readonly TableFormat[] = [
  fismaSystems,
  agreements,
  kea,
  iamReport,
  windowsDhcpTable,
  directoryTable,
  rvtools,
  powercliTable,
  netboxTable,
  servicenow,
];

export interface OpenInput {
  /** When the file was written; 1970 when nobody says. */
  readonly at?: Instant;
  /** Which column is what, of a CSV that nothing else is said about. */
  readonly mapping?: ColumnMapping;
}

/** Reads an inventory whatever its form, else as our CSV with a header line. Never throws; `say` is told what could not be read. */
export function parseInventory(text: string, say: Say, input: OpenInput = {}): InventoryReading {
  const reading = { at: input.at ?? 0, say };
  const start = text.replace(/^\uFEFF/, "").trimStart();
  const head = start.slice(0, 65_536);
  const packed = packedAs(head);
  if (packed !== null) return refused(say, "packed", packed);
  if (head.includes("\u0000"))
    return refused(say, "binary", "this is a binary file; an inventory is CSV, JSON, YAML or one of the texts of docs/reference/inventory.md");
  if (start === "") return refused(say, "empty", "it is empty");
  if (input.mapping !== undefined) return parseMapped(text, input.mapping, reading);
  const known = textFormats.find((format) => format.recognises(head));
  if (known !== undefined) return known.read(start, reading);
  if (/^[[{]/.test(head)) return documentsReading(jsonDocuments(start, say), reading);
  if (looksYaml(head)) return documentsReading(yamlDocuments(start, say), reading);
  return tableReading(text, reading);
}

function documentsReading(documents: readonly unknown[] | null, input: ReadingInput): InventoryReading {
  if (documents === null) return nothingRead;
  const format = documentFormats.find(({ recognises }) => documents.some((one) => recognises(one))) ?? assets;
  return format.read(documents, input);
}

// With an `id`, a column of one of these names is our own CSV, whatever else is in it.
const ownColumns = ["address", "from", "until", "app", "env"];

function tableReading(text: string, input: ReadingInput): InventoryReading {
  const table = tableOf(text, input.say);
  const isOwn = table?.header.includes("id") === true && ownColumns.some((name) => table.header.includes(name));
  const format = table === null || isOwn ? undefined : tableFormats.find(({ recognises }) => recognises(table.columns));
  return table === null || format === undefined ? parseInventoryCsv(text, input.say) : format.read(table, input);
}

/** What to do about a file that holds an inventory in a form that is not read, or null. */
function packedAs(head: string): string | null {
  if (head.startsWith("PK\u0003\u0004"))
    return "this is a workbook (xlsx) or another zip file, which is not read; save each sheet as CSV (RVTools: `RVTools.exe -c ExportAll2csv -d DIR`)";
  if (head.startsWith("\uFFFD\uFFFD\u0011\uFFFD")) return "this is an old workbook (xls), which is not read; save each sheet as CSV";
  return head.startsWith("\u001f\uFFFD") ? "this is a gzip file; unpack it first" : null;
}

import type { InventoryReading, ReadingInput } from "./reading.ts";
import type { Table } from "./table.ts";

/** A format of JSON or YAML: recognised by one document, read from all documents of the file. Never throws on any input. */
export interface DocumentFormat {
  readonly name: string;
  recognises(document: unknown): boolean;
  read(documents: readonly unknown[], input: ReadingInput): InventoryReading;
}

/** A format of CSV: recognised by the plain names of its columns (see `plainName`). Never throws on any input. */
export interface TableFormat {
  readonly name: string;
  recognises(columns: ReadonlySet<string>): boolean;
  read(table: Table, input: ReadingInput): InventoryReading;
}

/** Any other text: recognised by its first 64 Ki characters. Never throws on any input. */
export interface TextFormat {
  readonly name: string;
  recognises(head: string): boolean;
  read(text: string, input: ReadingInput): InventoryReading;
}

/** Messages of NetFlow and IPFIX, written as their specifications draw them. */

export type Bytes = readonly number[];

export const be16 = (value: number): Bytes => [(value >>> 8) & 255, value & 255];
export const be32 = (value: number): Bytes => [...be16(Math.floor(value / 65_536)), ...be16(value % 65_536)];
export const be64 = (value: number): Bytes => [...be32(Math.floor(value / 4_294_967_296)), ...be32(value % 4_294_967_296)];
export const four = (text: string): Bytes => text.split(".").map(Number);
export const text = (value: string, length: number): Bytes => [...new TextEncoder().encode(value.padEnd(length, "\0"))];
/** A field of no fixed length. */
export const varying = (bytes: Bytes): Bytes => (bytes.length < 255 ? [bytes.length, ...bytes] : [255, ...be16(bytes.length), ...bytes]);

/** 2026-11-25T12:00:00Z. */
export const exported = 1_795_608_000;
/** The exporter has been up for an hour. */
export const uptime = 3_600_000;

/** `8:4` is element 8 of four bytes, `29305/1:8` one of an enterprise, `95:v` one of no fixed length. */
export type FieldText = string;

const fieldBytes = (field: FieldText): Bytes => {
  const [name = "", size = ""] = field.split(":");
  const length = be16(size === "v" ? 65_535 : Number(size));
  const [first = "", second] = name.split("/");
  return second === undefined ? [...be16(Number(first)), ...length] : [...be16(Number(second) + 0x8000), ...length, ...be32(Number(first))];
};

export const set = (id: number, body: Bytes): Bytes => [...be16(id), ...be16(4 + body.length), ...body];

const fieldsOf = (fields: string): readonly string[] => fields.split(" ");

export const template9 = (id: number, fields: string): Bytes => set(0, templateBody(id, fields));
export const template10 = (id: number, fields: string): Bytes => set(2, templateBody(id, fields));
const templateBody = (id: number, fields: string): Bytes => [...be16(id), ...be16(fieldsOf(fields).length), ...fieldsOf(fields).flatMap(fieldBytes)];

export const options9 = (id: number, scopes: string, options: string): Bytes =>
  set(1, [
    ...be16(id),
    ...be16(fieldsOf(scopes).length * 4),
    ...be16(fieldsOf(options).length * 4),
    ...[...fieldsOf(scopes), ...fieldsOf(options)].flatMap(fieldBytes),
  ]);

export const options10 = (id: number, scopes: string, options: string): Bytes => {
  const all = [...fieldsOf(scopes), ...fieldsOf(options)];
  return set(3, [...be16(id), ...be16(all.length), ...be16(fieldsOf(scopes).length), ...all.flatMap(fieldBytes)]);
};

interface Head {
  readonly count?: number;
  readonly sequence?: number;
  readonly domain?: number;
}

/** A message of version 9; its count is that of its records, unless told. */
export const message9 = (sets: readonly Bytes[], { count = sets.length, sequence = 1, domain = 0 }: Head = {}): Uint8Array =>
  Uint8Array.from([...be16(9), ...be16(count), ...be32(uptime), ...be32(exported), ...be32(sequence), ...be32(domain), ...sets.flat()]);

export const message10 = (sets: readonly Bytes[], { sequence = 0, domain = 0 }: Head = {}): Uint8Array =>
  Uint8Array.from([...be16(10), ...be16(16 + sets.flat().length), ...be32(exported), ...be32(sequence), ...be32(domain), ...sets.flat()]);

/** One flow of version 5: from, to, ports, protocol, flags. */
export interface Five {
  readonly from: string;
  readonly to: string;
  readonly ports: readonly [number, number];
  readonly protocol?: number;
  readonly flags?: number;
}

const recordOf5 = ({ from, to, ports, protocol = 6, flags = 0x1b }: Five): Bytes => [
  ...four(from),
  ...four(to),
  0,
  0,
  0,
  0,
  ...be16(1),
  ...be16(2),
  ...be32(10),
  ...be32(840),
  ...be32(uptime - 5e3),
  ...be32(uptime - 1e3),
  ...be16(ports[0]),
  ...be16(ports[1]),
  0,
  flags,
  protocol,
  0,
  0,
  0,
  0,
  0,
  24,
  24,
  0,
  0,
];

export const message5 = (flows: readonly Five[], { sequence = 1, sampling = 0 }: { readonly sequence?: number; readonly sampling?: number } = {}): Uint8Array =>
  Uint8Array.from([
    ...be16(5),
    ...be16(flows.length),
    ...be32(uptime),
    ...be32(exported),
    ...be32(500_000_000),
    ...be32(sequence),
    0,
    0,
    ...be16(sampling),
    ...flows.flatMap(recordOf5),
  ]);

export const message1 = (flows: readonly Five[]): Uint8Array =>
  Uint8Array.from([
    ...be16(1),
    ...be16(flows.length),
    ...be32(uptime),
    ...be32(exported),
    ...be32(0),
    ...flows.flatMap(({ from, to, ports, protocol = 6, flags = 0x1b }) => [
      ...four(from),
      ...four(to),
      0,
      0,
      0,
      0,
      ...be16(1),
      ...be16(2),
      ...be32(10),
      ...be32(840),
      ...be32(uptime - 5e3),
      ...be32(uptime - 1e3),
      ...be16(ports[0]),
      ...be16(ports[1]),
      0,
      0,
      protocol,
      0,
      flags,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
    ]),
  ]);

export const joined = (...messages: readonly Uint8Array[]): Uint8Array => Uint8Array.from(messages.flatMap((message) => [...message]));

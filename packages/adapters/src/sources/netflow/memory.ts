import type { Template } from "./template.ts";

/** One observation domain of an exporter: what it told about itself and its records so far. */
export interface Domain {
  readonly templates: Map<number, Template>;
  /** The sequence number that comes next if nothing is lost; -1 when it cannot be known. */
  expected: number;
  /** N for 1 in N packets: of the whole domain, of a sampler, of an interface. */
  sampling: number | null;
  readonly samplers: Map<number, number>;
  readonly interfaces: Map<number, number>;
  /** When the exporter's clock of uptimes began, in milliseconds, where options say it; -1. */
  bootMillis: number;
}

/** The file that is being read, and how many flows it has told. */
export interface Place {
  readonly file: string;
  /** Who sent it, where that is known: its domains are its own. */
  readonly sender: string;
  readonly observer: string | null;
  records: number;
}

/** What the header of a message says to each of its records. */
export interface Message {
  readonly source: "netflow" | "ipfix";
  readonly domain: Domain;
  readonly place: Place;
  /** Microseconds since 1970. */
  readonly exported: number;
  /** Milliseconds since the exporter started; -1 where the header does not say it. */
  readonly uptime: number;
}

/** A set whose template has not come yet. */
export interface Waiting {
  readonly message: Message;
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** What exporters have told in the files of one run, or to one address: all senders share its limits, because their addresses can be forged. */
export interface Memory {
  readonly domains: Map<string, Domain>;
  waiting: Waiting[];
  waitingBytes: number;
  /** Fields of all templates together. */
  fields: number;
}

const memories = new WeakMap<object, Memory>();

/** The memory of files that are read together. */
export function memoryOf(together: object | undefined): Memory {
  const known = together === undefined ? undefined : memories.get(together);
  if (known !== undefined) return known;
  const memory: Memory = { domains: new Map(), waiting: [], waitingBytes: 0, fields: 0 };
  if (together !== undefined) memories.set(together, memory);
  return memory;
}

// A chassis has tens of domains and hundreds of templates; whoever sends more is no router. 500,000 fields are some 30 MB.
const domainsMax = 4096;
const fieldsMax = 500_000;

export function domainOf(memory: Memory, key: string): Domain {
  const known = memory.domains.get(key);
  if (known !== undefined) return known;
  const domain: Domain = { templates: new Map(), expected: -1, sampling: null, samplers: new Map(), interfaces: new Map(), bootMillis: -1 };
  if (memory.domains.size >= domainsMax) forgetOldest(memory);
  memory.domains.set(key, domain);
  return domain;
}

/** Keeps a template; false when that is only possible by forgetting what another domain said. */
export function keepTemplate(memory: Memory, domain: Domain, template: Template): boolean {
  memory.fields += template.fields - (domain.templates.get(template.id)?.fields ?? 0);
  domain.templates.set(template.id, template);
  const isWithin = memory.fields <= fieldsMax;
  while (memory.fields > fieldsMax && memory.domains.size > 1) forgetOldest(memory);
  if (memory.fields > fieldsMax) {
    domain.templates.clear();
    memory.fields = 0;
  }
  return isWithin;
}

export function dropTemplates(memory: Memory, domain: Domain, drops: (template: Template) => boolean): void {
  for (const template of domain.templates.values())
    if (drops(template)) {
      domain.templates.delete(template.id);
      memory.fields -= template.fields;
    }
}

function forgetOldest(memory: Memory): void {
  for (const [key, domain] of memory.domains) {
    dropTemplates(memory, domain, () => true);
    memory.domains.delete(key);
    return;
  }
}

const waitingMax = 1024;
const waitingBytesMax = 1 << 20;

/** Keeps a set back until its template comes; how many sets had to be given up for it. */
export function keepBack(memory: Memory, waiting: Waiting): number {
  memory.waiting.push(waiting);
  memory.waitingBytes += waiting.bytes.length;
  let given = 0;
  while (memory.waiting.length > waitingMax || memory.waitingBytes > waitingBytesMax) {
    memory.waitingBytes -= memory.waiting.shift()?.bytes.length ?? 0;
    given += 1;
  }
  return given;
}

/** Takes out the sets that waited for this template. */
export function releasedBy(memory: Memory, domain: Domain, id: number): readonly Waiting[] {
  if (memory.waiting.length === 0) return [];
  const isReleased = (one: Waiting): boolean => one.message.domain === domain && one.id === id;
  const released = memory.waiting.filter(isReleased);
  if (released.length === 0) return released;
  memory.waiting = memory.waiting.filter((one) => !isReleased(one));
  memory.waitingBytes = memory.waiting.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return released;
}

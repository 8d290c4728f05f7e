import type { Service } from "../model/service.ts";
import { nearest } from "./hints.ts";
import { meantService } from "./meant-service.ts";
import { quoted, type Reading, report } from "./reading.ts";
import { readService, wellKnown } from "./service.ts";
import type { Tree } from "./tree.ts";
import { itemsIn, textIn } from "./values.ts";

/** The services of an `over`, as written and as what they stand for; null when none could be read. */
export interface Over {
  readonly written: readonly string[];
  readonly services: readonly Service[];
}

/** Reads one service or a list of them; names are looked up among the declared and then the well-known. */
export function overIn(reading: Reading, tree: Tree, { what, names }: { readonly what: string; readonly names: boolean }): Over | null {
  const read: Over[] = [];
  for (const item of itemsIn(reading, tree, what) ?? []) {
    const one = oneOver(reading, item, { what, names });
    if (one !== null) read.push(one);
  }
  if (read.length === 0) return null;
  return { written: read.flatMap((one) => one.written), services: read.flatMap((one) => one.services) };
}

function oneOver(reading: Reading, item: Tree, { what, names }: { readonly what: string; readonly names: boolean }): Over | null {
  if (item.kind === "scalar" && (typeof item.value === "number" || /^\d+(-\d+)?$/.test(item.source))) {
    report(reading, "bad-service", item.at, [
      `the port ${quoted(item.source)} lacks its protocol`,
      `write ${quoted(`tcp/${item.source}`)} or ${quoted(`udp/${item.source}`)}`,
    ]);
    return null;
  }
  if (item.kind === "mapping") {
    const meant = meantMapping(item);
    const help = meant === null ? "write a service such as `tcp/443`" : `write ${quoted(meant)}`;
    report(reading, "wrong-type", item.at, [`${quoted(what)} is a text, and this is a mapping`, help]);
    return null;
  }
  const text = textIn(reading, item, what);
  if (text === null) return null;
  const named = names ? (reading.services.get(text.value)?.services ?? wellKnown.get(text.value)) : undefined;
  if (named !== undefined) return { written: [text.value], services: named };
  const service = readService(text.value);
  if (service.kind === "services") return { written: [text.value], services: service.services };
  const isName = (name: string): boolean => names && reading.services.has(name);
  const meant = nearest(text.value, names ? [...reading.services.keys(), ...wellKnown.keys()] : []);
  const written = meantService(text.value, isName);
  const better = written === null ? null : `write ${quoted(written)}`;
  if (text.value.includes("/")) {
    report(reading, "bad-service", text.at, [`the service ${quoted(text.value)} cannot be read: ${service.why}`, better ?? service.help]);
    return null;
  }
  if (!names) {
    report(reading, "bad-service", text.at, [
      `a declared service is made of ports and types, not of names such as ${quoted(text.value)}`,
      portsOf(text.value) ?? better ?? service.help,
    ]);
    return null;
  }
  if (reading.vague.has("service")) {
    reading.unchecked.push(text.at);
    return null;
  }
  const likely = meant === null ? null : `did you mean ${quoted(meant)}?`;
  const help = better ?? likely ?? `declare it under \`services:\`, or write a protocol and a port such as \`tcp/443\``;
  report(reading, "unknown-name", text.at, [`there is no service ${quoted(text.value)}`, help]);
  return null;
}

/** `tcp: 443`, or `protocol: TCP` and `port: 443`, as one service. */
function meantMapping({ entries }: Extract<Tree, { kind: "mapping" }>): string | null {
  const words = entries.map(({ key, value }) => [key, value.kind === "scalar" ? value.source : ""] as const);
  return meantService(words.flatMap(([key, value]) => (words.length === 1 ? [key, value] : [value])).join("/"), () => false);
}

/** What a well-known name stands for, where names cannot stand. */
function portsOf(name: string): string | null {
  const services = wellKnown.get(name);
  if (services === undefined) return null;
  const texts = services.map(({ protocol, low, high }) => `${protocol === 17 ? "udp" : "tcp"}/${low}${high > low ? `-${high}` : ""}`);
  return `write ${quoted(texts.length > 1 ? `[${texts.join(", ")}]` : texts[0]!)}`;
}

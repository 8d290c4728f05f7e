import type { NamedService } from "../model/policy-set.ts";
import { protocolNumbers, type Service, type ServicePoint } from "../model/service.ts";

/** What a text such as `tcp/80-90` stands for, or why it stands for nothing. */
export type ServiceReading =
  { readonly kind: "services"; readonly services: readonly Service[] } | { readonly kind: "wrong"; readonly why: string; readonly help: string };

/** MEANING §1: names that exist without being declared. */
const wellKnownTexts: Readonly<Record<string, string>> = {
  http: "tcp/80",
  https: "tcp/443",
  quic: "udp/443",
  ssh: "tcp/22",
  dns: "udp/53 tcp/53",
  ntp: "udp/123",
  dhcp: "udp/67 udp/68",
  smtp: "tcp/25",
  submission: "tcp/587",
  ldap: "tcp/389 udp/389",
  ldaps: "tcp/636",
  kerberos: "tcp/88 udp/88",
  smb: "tcp/445",
  rpc: "tcp/135",
  rdp: "tcp/3389 udp/3389",
  winrm: "tcp/5985-5986",
  syslog: "udp/514 tcp/514 tcp/6514",
  snmp: "udp/161",
  mssql: "tcp/1433",
  oracle: "tcp/1521",
  mysql: "tcp/3306",
  postgres: "tcp/5432",
  redis: "tcp/6379",
  modbus: "tcp/502",
  dnp3: "tcp/20000",
  opcua: "tcp/4840",
  bacnet: "udp/47808",
};

const portProtocols: ReadonlySet<number> = new Set([protocolNumbers.tcp, protocolNumbers.udp, protocolNumbers.sctp]);
const typeProtocols: ReadonlySet<number> = new Set([protocolNumbers.icmp4, protocolNumbers.icmp6]);

/** Reads a service that is not a name: `tcp/443`, `udp/any`, `icmp/echo`, `ip/47`, `any`. */
export function readService(text: string): ServiceReading {
  if (text === "any") return services({ protocol: null, low: 0, high: 65535 });
  const [protocol = "", value, more] = text.split("/");
  if (value === undefined || more !== undefined)
    return wrong("a service is a protocol and a port", "write for example `tcp/443`, `udp/any`, `icmp/echo` or `any`");
  switch (protocol) {
    case "tcp":
    case "udp":
    case "sctp":
      return portsOf(protocol, value);
    case "icmp":
      return icmpOf(value);
    case "icmp4":
    case "icmp6":
      return typeOf(protocol, value);
    case "ip":
      return wholeOf(value);
  }
  return wrong("the protocol is none that is known here", "protocols are `tcp`, `udp`, `sctp`, `icmp`, `icmp4`, `icmp6`, and `ip/NUMBER` for the rest");
}

const services = (...list: readonly Service[]): ServiceReading => ({ kind: "services", services: list });
const wrong = (why: string, help: string): ServiceReading => ({ kind: "wrong", why, help });

/** A whole number without sign and leading zeros, at most `most`. */
function numberIn(text: string, most: number): number | undefined {
  return /^(0|[1-9]\d{0,4})$/.test(text) && Number(text) <= most ? Number(text) : undefined;
}

function portsOf(name: "tcp" | "udp" | "sctp", value: string): ServiceReading {
  const protocol = protocolNumbers[name];
  if (value === "any") return services({ protocol, low: 0, high: 65535 });
  const [first = "", last = first, more] = value.split("-");
  const [low, high] = [numberIn(first, 65535), numberIn(last, 65535)];
  if (low === undefined || high === undefined || more !== undefined)
    return wrong("a port is a number from 0 to 65535", `write for example \`${name}/443\`, \`${name}/8000-8010\` or \`${name}/any\``);
  if (low > high) return wrong("the range of ports runs backwards", `write \`${name}/${high}-${low}\``);
  return services({ protocol, low, high });
}

function icmpOf(value: string): ServiceReading {
  const { icmp4, icmp6 } = protocolNumbers;
  if (value === "echo") return services({ protocol: icmp4, low: 8, high: 8 }, { protocol: icmp6, low: 128, high: 128 });
  if (value === "any") return services({ protocol: icmp4, low: 0, high: 255 }, { protocol: icmp6, low: 0, high: 255 });
  return wrong("`icmp` takes `echo` or `any`", "write `icmp/echo`, `icmp/any`, or a type as `icmp4/TYPE` or `icmp6/TYPE`");
}

function typeOf(name: "icmp4" | "icmp6", value: string): ServiceReading {
  const type = numberIn(value, 255);
  if (type === undefined)
    return wrong("a type of ICMP is a number from 0 to 255", `write for example \`${name}/${name === "icmp4" ? 8 : 128}\`, or \`icmp/any\``);
  return services({ protocol: protocolNumbers[name], low: type, high: type });
}

function wholeOf(value: string): ServiceReading {
  const protocol = numberIn(value, 255);
  if (protocol === undefined) return wrong("a protocol is a number from 0 to 255", "write for example `ip/47`");
  return services({ protocol, low: 0, high: portProtocols.has(protocol) ? 65535 : typeProtocols.has(protocol) ? 255 : 0 });
}

/** MEANING §1: the services that exist without being declared, by name. */
export const wellKnown: ReadonlyMap<string, readonly Service[]> = new Map(
  Object.entries(wellKnownTexts).map(([name, texts]) => [
    name,
    texts.split(" ").flatMap((text) => {
      const reading = readService(text);
      return reading.kind === "services" ? reading.services : [];
    }),
  ]),
);

/** The one point of the service space that a question names, or null when it cannot be read: no ranges, no `icmp/echo`, no names of several. */
export function servicePointOf(text: string, declared: readonly NamedService[]): ServicePoint | null {
  const named = declared.find((one) => one.name === text)?.services ?? wellKnown.get(text);
  const reading = readService(text);
  const meant = named ?? (reading.kind === "services" ? reading.services : []);
  const [first, ...others] = meant;
  if (first === undefined || first.protocol === null || first.low !== first.high) return null;
  if (others.some((one) => one.protocol !== first.protocol || one.low !== first.low || one.high !== first.high)) return null;
  return { protocol: first.protocol, port: first.low };
}

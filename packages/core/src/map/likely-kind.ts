/** What a machine was seen doing, services by their names in the map: `tcp/443`. */
export interface Doing {
  readonly answers: readonly string[];
  readonly opens: readonly string[];
  readonly isScanner: boolean;
  readonly isContested: boolean;
}

// From the port registry of IANA and the vendors' manuals, 2026-11. The surest first: whoever prints or controls also answers the web.
const servers: readonly (readonly [string, readonly string[]])[] = [
  ["a controller of a plant", ["tcp/502", "tcp/102", "tcp/20000", "udp/20000", "tcp/44818", "udp/2222", "tcp/4840", "udp/47808", "tcp/2404"]],
  ["a printer", ["tcp/515", "tcp/631"]],
  ["a camera or a recorder", ["tcp/554", "udp/554", "tcp/8554"]],
  ["a telephone or its exchange", ["udp/5060", "tcp/5060", "tcp/5061"]],
  ["a directory server", ["tcp/389", "tcp/636", "tcp/88", "udp/88", "tcp/3268"]],
  ["a database", ["tcp/5432", "tcp/3306", "tcp/1433", "tcp/1521", "tcp/27017", "tcp/6379", "tcp/9042", "tcp/50000"]],
  ["a message broker", ["tcp/5672", "tcp/9092", "tcp/1883", "tcp/8883", "tcp/61616"]],
  ["a name server", ["udp/53", "tcp/53"]],
  ["a mail server", ["tcp/25", "tcp/587", "tcp/465", "tcp/143", "tcp/993"]],
  ["a log or monitoring server", ["udp/514", "tcp/514", "tcp/6514", "udp/162", "tcp/9090", "tcp/8086"]],
  ["a file server", ["tcp/2049", "tcp/111", "tcp/548", "tcp/445", "tcp/139"]],
  ["a web server", ["tcp/443", "tcp/80", "tcp/8443", "tcp/8080"]],
  ["a Windows machine that is administered", ["tcp/3389", "tcp/5985", "tcp/5986", "tcp/135"]],
  ["a machine that is administered", ["tcp/22", "tcp/23", "udp/161"]],
  // Raw printing, and the port that exporters of metrics made popular.
  ["a printer, or a machine whose metrics are collected", ["tcp/9100"]],
];
const administrative: readonly string[] = ["tcp/22", "tcp/3389", "tcp/5985", "tcp/5986"];

/** What a machine probably is, with the reason; null when nothing that it did says so. */
export function likelyKind({ answers, opens, isScanner, isContested }: Doing): { readonly kind: string; readonly why: string } | null {
  if (isContested) return { kind: "one of the workloads that claim it", why: "several hold the address at once" };
  if (isScanner) return { kind: "a scanner", why: "it tries many doors that never open" };
  for (const [kind, services] of servers) {
    const met = answers.filter((service) => services.includes(service));
    if (met.length > 0) return { kind, why: `it answers ${met.slice(0, 3).join(", ")}` };
  }
  if (answers.length > 0) return { kind: "a server", why: `it answers ${answers.slice(0, 3).join(", ")}` };
  const entered = opens.filter((service) => administrative.includes(service));
  if (entered.length > 0) return { kind: "an administrator's machine", why: `it opens ${entered.join(", ")} and answers nothing` };
  return opens.length > 0 ? { kind: "an endpoint", why: `it opens ${opens.slice(0, 3).join(", ")} and answers nothing` } : null;
}

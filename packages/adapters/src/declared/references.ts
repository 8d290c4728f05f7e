/** A host that a text names, with the port that it names it by. */
export interface Reference {
  readonly host: string;
  readonly port: number | null;
}

// A value is a few hundred characters; a file of configuration in a ConfigMap, some thousands.
const textMax = 1 << 20;
const schemePorts: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mongodb: 27017,
  redis: 6379,
  rediss: 6379,
  amqp: 5672,
  amqps: 5671,
  nats: 4222,
  kafka: 9092,
  ldap: 389,
  ldaps: 636,
  smtp: 25,
};
// Every part has a limit: without one, a long text without a match takes the square of its length.
const url = /([a-z][a-z0-9+.-]{0,30}):\/\/(?:[^\s/@"']{0,300}@)?([A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?)(?::(\d{1,5}))?/g;
const hostPort = /(?<![\w.:/@-])([A-Za-z](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?):(\d{1,5})(?![\w.:-])/g;
const bareHost = /^[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?$/;

/** Everything in a text that may be a host: in a URL, before a port, or as the whole text. */
export function referencesIn(text: string): readonly Reference[] {
  const cut = text.slice(0, textMax);
  const found: Reference[] = [];
  for (const [, scheme = "", host = "", port] of cut.matchAll(url))
    found.push({ host, port: portOf(port) ?? schemePorts[scheme.replace(/^.*\+/, "").replace(/^jdbc:/, "")] ?? null });
  const rest = cut.replace(url, " ");
  for (const [, host = "", port] of rest.matchAll(hostPort)) found.push({ host, port: portOf(port) });
  if (bareHost.test(cut.trim()) && cut.length < 254) found.push({ host: cut.trim(), port: null });
  return found;
}

function portOf(text: string | undefined): number | null {
  const port = Number(text ?? Number.NaN);
  return port >= 1 && port <= 65535 ? port : null;
}

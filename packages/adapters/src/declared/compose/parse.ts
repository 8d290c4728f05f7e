import type { DeclaredDependency, DeclaredEnd } from "@bulkhead/core/inventory/declared";
import type { Say } from "@bulkhead/core/inventory/problem";
import { at, isFields, listAt, textAt } from "../../inventories/tree.ts";
import type { DeclaredFormat } from "../reading.ts";
import { referencesIn } from "../references.ts";

/** Compose files: whoever names another service in its environment or command, links to it, or waits for it (`depends_on`) depends on it. */
export const compose: DeclaredFormat = {
  name: "compose",
  recognises(document) {
    const services = at(document, "services");
    return isFields(services) && Object.values(services).some((one) => isFields(one) && ("image" in one || "build" in one || "extends" in one));
  },
  read: (documents, say) => documents.flatMap((document) => dependenciesIn(document, say)),
};

interface ComposeService {
  readonly name: string;
  readonly written: unknown;
  readonly names: readonly string[];
  readonly end: DeclaredEnd;
  /** The ports that it is known to listen on, as services. */
  readonly ports: readonly string[];
}

function dependenciesIn(document: unknown, say: Say): readonly DeclaredDependency[] {
  const written = at(document, "services");
  const project = textAt(document, "name");
  const services = Object.entries(isFields(written) ? written : {}).map(([name, one]) => serviceOf(name, one, project));
  return services.flatMap((client) => {
    if (at(client.written, "env_file") !== undefined)
      say({ reason: "env-file", message: `service \`${client.name.slice(0, 80)}\`: its \`env_file\` is another file and is not read` });
    const said = new Map<string, DeclaredDependency>();
    const add = (server: ComposeService | undefined, ports: readonly string[], where: string): void => {
      if (server === undefined || server === client) return;
      const known = said.get(server.name);
      // A named port says more than that one waits for the other.
      const isSharper = known === undefined || (known.services[0] === "any" && ports[0] !== "any");
      const all = isSharper ? ports : [...new Set([...known.services, ...ports.filter((port) => port !== "any")])];
      said.set(server.name, {
        from: client.end,
        to: server.end,
        services: all,
        where: isSharper ? `service ${client.name}: ${where}` : known.where,
        by: null,
        at: null,
      });
    };
    const byName = (name: string): ComposeService | undefined => services.find(({ names }) => names.includes(name.toLowerCase()));
    for (const { text, where } of textsOf(client.written))
      for (const { host, port } of referencesIn(text)) {
        const server = byName(host);
        add(server, port !== null ? [`tcp/${port}`] : portsOrAny(server), where);
      }
    for (const [name, where] of namedBy(client.written)) add(byName(name), portsOrAny(byName(name)), where);
    return [...said.values()];
  });
}

const portsOrAny = (server: ComposeService | undefined): readonly string[] => (server === undefined || server.ports.length === 0 ? ["any"] : server.ports);

function serviceOf(name: string, written: unknown, project: string | undefined): ComposeService {
  const container = textAt(written, "container_name");
  const aliases = Object.values(isFields(at(written, "networks")) ? (at(written, "networks") as Readonly<Record<string, unknown>>) : {}).flatMap((one) =>
    listAt(one, "aliases"),
  );
  const names = [name, container, textAt(written, "hostname"), ...aliases].flatMap((one) => (typeof one === "string" ? [one.toLowerCase()] : []));
  return {
    name,
    written,
    names,
    end: {
      name,
      ids: [...new Set([name, ...(container === undefined ? [] : [container]), ...(project === undefined ? [] : [`${project}-${name}-1`])])],
      labels: {},
    },
    ports: portsOf(written),
  };
}

/** Ports of the container: `8080`, `8080:80`, `127.0.0.1:8080:80/udp`, `{ target: 80 }`, and what it exposes. */
function portsOf(written: unknown): readonly string[] {
  const all = [...listAt(written, "ports"), ...listAt(written, "expose")].flatMap((one): readonly string[] => {
    if (isFields(one)) {
      const target = at(one, "target");
      return typeof target === "number" ? [`${textAt(one, "protocol") ?? "tcp"}/${target}`] : [];
    }
    const [, port, protocol = "tcp"] =
      /(?:^|:)(\d{1,5})(?:\/(tcp|udp|sctp))?$/.exec(typeof one === "number" || typeof one === "string" ? String(one) : "") ?? [];
    return port === undefined || Number(port) > 65535 ? [] : [`${protocol}/${Number(port)}`];
  });
  return [...new Set(all)];
}

function textsOf(written: unknown): readonly { readonly text: string; readonly where: string }[] {
  const environment = at(written, "environment");
  const variables = isFields(environment)
    ? Object.entries(environment).map(([name, value]) => [name, value] as const)
    : listAt(written, "environment").map((one) => {
        const [, name = "", value] = /^([^=]*)=(.*)$/s.exec(typeof one === "string" ? one : "") ?? [];
        return [name, value] as const;
      });
  const words = ["command", "entrypoint"].flatMap((key) =>
    textAt(written, key) === undefined ? listAt(written, key) : (textAt(written, key) ?? "").split(/\s+/),
  );
  return [
    ...variables.flatMap(([name, value]) => (typeof value === "string" ? [{ text: value, where: name }] : [])),
    ...words.flatMap((word) => (typeof word === "string" ? [{ text: word.replace(/^--?[\w.-]+=/, ""), where: "command" }] : [])),
  ];
}

function namedBy(written: unknown): readonly (readonly [string, string])[] {
  const waits = at(written, "depends_on");
  const waitedFor = isFields(waits) ? Object.keys(waits) : listAt(written, "depends_on");
  const linked = listAt(written, "links").map((one) => (typeof one === "string" ? one.split(":")[0] : undefined));
  return [...waitedFor.map((name) => [name, "depends_on"] as const), ...linked.map((name) => [name, "links"] as const)].flatMap(([name, where]) =>
    typeof name === "string" ? [[name, where] as const] : [],
  );
}

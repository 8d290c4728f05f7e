import { readService, wellKnown } from "./service.ts";

// What other products, and habit, call what has a name of its own here.
const otherWords: Readonly<Record<string, string>> = {
  "*": "any",
  all: "any",
  everything: "any",
  tcp: "tcp/any",
  udp: "udp/any",
  sctp: "sctp/any",
  icmp: "icmp/any",
  ping: "icmp/echo",
  postgresql: "postgres",
  ftp: "tcp/21",
  sftp: "ssh",
  telnet: "tcp/23",
};

const partsMost = 16;

/** How somebody who wrote a service in the manner of another product writes it here, `[tcp/80, tcp/443]` for `tcp/80,443`; null where nobody can tell. */
export function meantService(text: string, isDeclared: (name: string) => boolean): string | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== "");
  if (parts.length > partsMost) return null;
  const meant: string[] = [];
  // In `tcp/80,443` the protocol is said once for all.
  let protocol = "tcp";
  for (const part of parts) {
    const one = meantOne(part, { protocol, isDeclared });
    if (one === null) return meantWhole(text, isDeclared);
    if (one.includes("/")) protocol = one.split("/")[0]!;
    meant.push(one);
  }
  return meant.length > 1 ? `[${[...new Set(meant)].join(", ")}]` : (meant[0] ?? null);
}

interface Around {
  readonly protocol: string;
  readonly isDeclared: (name: string) => boolean;
}

/** A protocol and a port with a blank between them, `TCP 443`, are one service after all. */
function meantWhole(text: string, isDeclared: Around["isDeclared"]): string | null {
  const joined = text.trim().replace(/\s+/g, "/");
  return joined === text ? null : meantOne(joined, { protocol: "tcp", isDeclared });
}

function meantOne(text: string, { protocol, isDeclared }: Around): string | null {
  const lower = text.toLowerCase();
  const word = otherWords[lower];
  for (const guess of [text, lower, ...(word === undefined ? [] : [word]), ...reordered(lower, protocol)])
    if (isDeclared(guess) || wellKnown.has(guess) || readService(guess).kind === "services") return guess;
  return null;
}

/** `443/tcp`, `tcp:443`, `tcp443`, `443`, and ranges with another mark, each with the protocol first. */
function reordered(lower: string, protocol: string): readonly string[] {
  const ports = lower.replace(/(\d)(?:\.\.\.?|[:–—])(\d)/g, "$1-$2");
  const [, before, range = "", after] = /^(tcp|udp|sctp)?[/:_-]?(\d+(?:-\d+)?|\*|any|all)[/:_-]?(tcp|udp|sctp)?$/.exec(ports) ?? [];
  if (range === "") return [];
  return [`${before ?? after ?? protocol}/${range === "*" || range === "all" ? "any" : range}`];
}

import type { Cell } from "@bulkhead/lab/matrix";
import type { Topology } from "@bulkhead/lab/topology";
import { counted } from "./counted.ts";

const differencesShown = 20;

interface Shown {
  readonly topology: Topology;
  readonly hasMatrix: boolean;
  readonly isEnforced: boolean;
}

/** What a probe found, for people. */
export function probeText(cells: readonly Cell[], { topology, hasMatrix, isEnforced }: Shown): string {
  const differing = cells.filter(({ agrees }) => agrees === false);
  const unknown = cells.filter(({ agrees }) => agrees === null).length;
  const calls = topology.hosts.flatMap(({ id, calls: all }) => all.map(({ to, over }) => ({ from: id, to, over })));
  const broken = calls.filter((call) =>
    cells.some((cell) => cell.from === call.from && cell.to === call.to && cell.over === call.over && cell.outcome !== "answered"),
  );
  return [
    ...(hasMatrix ? [matrixText(cells, topology), ""] : []),
    ...kinds.map(({ name, has }) => countText(name, cells.filter(has))),
    `kernel and meaning agree in ${cells.length - differing.length - unknown} of ${cells.length} cells${unknown > 0 ? `; in ${unknown} the meaning is unknown, and nothing is compared` : ""}${isEnforced ? "" : " (no policy is in force)"}`,
    `of ${counted(calls.length, "connection")} that the topology needs, ${calls.length - broken.length} ${calls.length - broken.length === 1 ? "works" : "work"}${broken.map(({ from, to, over }) => `\n  broken: ${from} -> ${to}, ${over}`).join("")}`,
    ...differing.slice(0, differencesShown).map(differenceText),
    ...(differing.length > differencesShown ? [`and ${differing.length - differencesShown} more differences`] : []),
    "",
  ].join("\n");
}

const kinds = ["tcp", "udp", "icmp"].flatMap((protocol) =>
  [4, 6].map((family) => ({
    name: `${protocol} over IPv${family}`,
    has: ({ over, address }: Cell): boolean => over.startsWith(protocol) && address.includes(":") === (family === 6),
  })),
);

const countText = (name: string, cells: readonly Cell[]): string => {
  const passed = cells.filter(({ outcome }) => outcome === "answered").length;
  return `${name.padEnd(14)} ${String(passed).padStart(4)} pass, ${String(cells.length - passed).padStart(4)} do not${cells.some(({ agrees }) => agrees === false) ? ", not as meant" : ""}`;
};

const differenceText = ({ from, to, address, over, meaning, outcome }: Cell): string =>
  `differs: ${from} -> ${to} (${address}), ${over}: the policy says ${meaning}, the kernel ${outcome === "answered" ? "let it pass" : outcome === "heard" ? "let the question pass and not the answer" : `stopped it (${outcome})`}`;

/** Rows are clients, columns servers; a cell says how many of the services pass, and `!` where the kernel differs. */
function matrixText(cells: readonly Cell[], { hosts }: Topology): string {
  const column = (text: string): string => text.padStart(7);
  const widest = Math.max(...hosts.map(({ id }) => id.length)) + 4;
  const row = (client: string): string =>
    hosts
      .map(({ id }) => {
        const own = cells.filter(({ from, to }) => from === client && to === id);
        const mark = own.some(({ agrees }) => agrees === false) ? "!" : "";
        return column(own.length === 0 ? "·" : `${mark}${own.filter(({ outcome }) => outcome === "answered").length}/${own.length}`);
      })
      .join("");
  return [
    `${"from \\ to".padEnd(widest)}${hosts.map((_, number) => column(String(number + 1))).join("")}`,
    ...hosts.map(({ id }, number) => `${`${String(number + 1).padStart(2)} ${id}`.padEnd(widest)}${row(id)}`),
  ].join("\n");
}

/** The same for machines: every cell. */
export function probeJson(cells: readonly Cell[]): string {
  const count = (agrees: boolean | null): number => cells.filter((cell) => cell.agrees === agrees).length;
  return `${JSON.stringify({ cells, agree: count(true), differ: count(false), unknown: count(null) })}\n`;
}

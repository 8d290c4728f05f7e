import { editableCsv } from "../base/csv.ts";
import { dayText, type Instant, instantText } from "../base/instant.ts";
import { servicesText } from "./unknown-ends.ts";
import type { UnknownMachine } from "./unknown-machines.ts";

const dayOf = (at: Instant | null): string => (at === null ? "?" : dayText(at));

/** One machine in a few lines: when and how much, what it does, who saw it, and what it probably is. */
export function unknownText({
  address,
  first,
  last,
  asClient,
  asServer,
  bytes,
  observers,
  answers,
  opens,
  holders,
  network,
  guess,
}: UnknownMachine): readonly string[] {
  const seen = first === null ? "at times that nobody told" : dayOf(first) === dayOf(last) ? `on ${dayOf(first)}` : `${dayOf(first)} – ${dayOf(last)}`;
  const volume = bytes === null ? "" : `, ${bytes.toLocaleString("en")} bytes`;
  const deeds = [
    ...(answers.names.length > 0 ? [`answers ${servicesText(answers)}`] : []),
    ...(opens.names.length > 0 ? [`opens ${servicesText(opens)}`] : []),
  ];
  return [
    `${address}${network === null ? "" : ` in ${network}`}: ${guess === null ? "nothing says what it is" : `probably ${guess.kind}: ${guess.why}`}`,
    `  seen ${seen}; ${asClient.toLocaleString("en")} connections as client, ${asServer.toLocaleString("en")} as server${volume}${deeds.length === 0 ? "" : `; ${deeds.join("; ")}`}`,
    `  reported by ${observersText(observers)}`,
    ...(holders.length === 0 ? [] : [`  claimed by ${holders.join(", ")}`]),
  ];
}

const observersMost = 4;

function observersText(observers: UnknownMachine["observers"]): string {
  const all = Object.entries(observers).sort(([, a], [, b]) => b - a);
  if (all.length === 0) return "files that name no sensor";
  const rest = all.length - observersMost;
  const shown = all.slice(0, observersMost).map(([name, count]) => `${name} (${count.toLocaleString("en")})`);
  return shown.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}

/** Rows for an inventory: name the machines, fill in what is known, import. What is held by several is nobody's to name. */
export function unknownCsv(machines: readonly UnknownMachine[]): string {
  const rows = machines
    .filter(({ holders }) => holders.length === 0)
    .map(({ address, first, guess }) => [
      `unnamed-${address}`,
      address,
      first === null ? "" : instantText(first),
      "",
      "",
      "",
      "",
      guess === null ? "" : `${guess.kind}: ${guess.why}`,
    ]);
  return editableCsv([["id", "address", "from", "owner", "app", "env", "role", "#guess"], ...rows]);
}

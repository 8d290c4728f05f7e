import type { Side } from "./dependency.ts";

/** What a side is called in the name of a rule. */
export function wordOf({ peer }: Side): string {
  switch (peer.kind) {
    case "labels":
      return Object.values(peer.labels).join("-");
    case "network":
      return peer.network;
    case "zone":
      return peer.zone;
  }
}

/** What a side is called in a table: its labels, its network or its zone. */
export function sideWords({ peer }: Side): string {
  switch (peer.kind) {
    case "labels":
      return Object.entries(peer.labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
    case "network":
      return peer.network;
    case "zone":
      return `zone ${peer.zone}`;
  }
}

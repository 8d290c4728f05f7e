import type { Side } from "./dependency.ts";

/** What a side is called in the name of a rule. */
export function wordOf({ peer }: Side): string {
  switch (peer.kind) {
    case "labels":
      return Object.values(peer.labels).join("-");
    case "network":
      return peer.network;
  }
}

/** What a side is called in a table: its labels or its network. */
export function sideWords({ peer }: Side): string {
  switch (peer.kind) {
    case "labels":
      return Object.entries(peer.labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(",");
    case "network":
      return peer.network;
  }
}

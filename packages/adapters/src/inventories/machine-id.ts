import { macOf, shortName } from "./host-names.ts";

/** What a machine on the network is called: its host name, else its hardware address; undefined when neither is known. */
export function machineId(hostname: string | undefined, mac: string | undefined): string | undefined {
  const name = hostname === undefined || hostname === "*" || hostname === "-" ? "" : shortName(hostname);
  const known = macOf(mac);
  return name !== "" ? name : known === undefined ? undefined : `mac-${known}`;
}

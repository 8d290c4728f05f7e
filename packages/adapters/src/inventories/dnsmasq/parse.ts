import { ipOf } from "@bulkhead/core/base/ip";
import { second } from "@bulkhead/core/base/instant";
import { quoted } from "@bulkhead/core/inventory/problem";
import type { TextFormat } from "../formats.ts";
import { type GivenLease, leasedInventory } from "../lease-turns.ts";

// Expiry, hardware address (an IAID in version 6), address, host name, client identifier.
const line = /^(\d{1,11}) (\S+) (\S+) (\S+)( (\S+))?$/;

/** dnsmasq.leases: when a lease ends, not when it began, so it begins when the file was written; an expiry of 0 is never. */
export const dnsmasq: TextFormat = {
  name: "dnsmasq",
  recognises: (head) => {
    const first = head.split("\n").find((one) => one.trim() !== "" && !one.startsWith("duid ")) ?? "";
    return ipOf(line.exec(first.trim())?.[3] ?? "") !== undefined;
  },
  read(text, { say, at }) {
    const leases: GivenLease[] = [];
    for (const [index, written] of text.split("\n").entries()) {
      const where = `line ${index + 1}`;
      // The server's own identifier stands between the leases of both versions.
      if (written.trim() === "" || written.startsWith("duid ")) continue;
      const [, expiry = "", hardware, address = "", hostname, , clientId] = line.exec(written.trim()) ?? [];
      const ip = ipOf(address);
      if (ip === undefined) say({ reason: "no-lease", message: `${where}: ${quoted(written)} is no lease of dnsmasq` });
      else {
        const until = expiry === "0" ? null : Number(expiry) * second;
        // An expired lease stays in the file until dnsmasq tidies up; since when it was held, nobody says.
        const isOver = until !== null && until <= at;
        if (!isOver) leases.push({ ip, hostname, mac: hardware, clientId: clientId === "*" ? undefined : clientId, from: at, until, where });
      }
    }
    return leasedInventory(leases, say);
  },
};

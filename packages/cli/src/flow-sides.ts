import { ipOf } from "@bulkhead/core/base/ip";
import { isSelected } from "@bulkhead/core/decide/match";
import type { Selector } from "@bulkhead/core/model/policy-set";
import type { Workload } from "@bulkhead/core/model/workload";
import type { ConnectionFilter } from "@bulkhead/core/outside";
import type { HeldConnection } from "./held-connection.ts";
import { labelTerms, valuesByKey } from "./label-terms.ts";

/** What of the ends an archive can be asked, and what only the holders of their time tell. */
export interface SidesAsked {
  readonly filter: ConnectionFilter;
  readonly isAsked: (connection: HeldConnection) => boolean;
}

/** Reads both ends: an address or a prefix is the archive's to find, a workload id and labels mean the workloads that held the address. */
export function sidesAsked({ client, server, limit, ...rest }: ConnectionFilter, workloads: readonly Workload[]): SidesAsked {
  const [clients, servers] = [holdersWith(client, "--client", workloads), holdersWith(server, "--server", workloads)];
  const isOne = (holders: ReadonlySet<string> | null, held: readonly string[]): boolean => holders === null || held.some((id) => holders.has(id));
  return {
    filter: {
      ...rest,
      ...(client === undefined || clients !== null ? {} : { client }),
      ...(server === undefined || servers !== null ? {} : { server }),
      // The archive counts before anybody has looked at the labels.
      ...(limit === undefined || clients !== null || servers !== null ? {} : { limit }),
    },
    isAsked: ({ clientWorkloads, serverWorkloads }) => isOne(clients, clientWorkloads) && isOne(servers, serverWorkloads),
  };
}

/** The workload of an id, or those with the labels of `app=shop,role=api,role=web` (a key written twice has either value); null for an address or a prefix. */
function holdersWith(text: string | undefined, flag: string, workloads: readonly Workload[]): ReadonlySet<string> | null {
  if (text === undefined || ipOf(text) !== undefined) return null;
  if (workloads.some(({ id }) => id === text)) return new Set([text]);
  if (!text.includes("=")) return null;
  const selector: Selector = { terms: [...valuesByKey(labelTerms(flag, text))].map(([key, some]) => ({ key, values: some })) };
  return new Set(workloads.filter(({ labels }) => isSelected(selector, labels)).map(({ id }) => id));
}

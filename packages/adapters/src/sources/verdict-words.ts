import type { Connection } from "@bulkhead/core/model/connection";

const allowing =
  /^(allow|allowed|accept|accepted|pass|passed|permit|permitted|trust|fastpath|monitor|monitored|detect|detected|alert|alerted|inspect|bypass|encrypt|decrypt|authorize|continue|forward|forwarded|built)$/;
const denying =
  /^(den(y|ied)|drop(ped)?|reject(ed)?|block(ed)?|prevent(ed)?|discard(ed)?|reset(-(client|server|both))?|refuse(d)?|sinkhole|quarantine|terminate(d)?|(drop|block|deny|reset)[-_ ].{1,40})$/;

/** What a firewall's word for its action means; null for a word that is no verdict. */
export function verdictOf(word: string | undefined): Connection["verdict"] {
  const text = word?.trim().toLowerCase() ?? "";
  if (allowing.test(text)) return "allowed";
  return denying.test(text) ? "denied" : null;
}

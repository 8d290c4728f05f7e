import type { FlowFormat } from "@bulkhead/core/outside";
import { firstLines } from "../first-lines.ts";
import { joinedDecoder, type Part } from "../joined-lines.ts";
import { nothing } from "../record.ts";
import { conntrackPart, isConntrack } from "./entry.ts";

/** Linux's connection tracking: the table (`conntrack -L`, /proc/net/nf_conntrack), and its events (`conntrack -E`). */
export const conntrack: FlowFormat = {
  name: "conntrack",
  tells: {
    reads: "`conntrack -L`, `conntrack -E` with and without `-o timestamp,id,extended,ktimestamp`, and /proc/net/nf_conntrack",
    opener: ["first-packet"],
    answered: "always",
    verdict: "never",
    rule: "never",
    reason: "never",
    counts: ["both", "none"],
    connections: ["records"],
    bytes: ["ip"],
    sampling: "whole",
    labels: [],
    times: "first and last",
    gaps: "a table is one instant; counts need `nf_conntrack_acct`, times need `-o timestamp` or `nf_conntrack_timestamp`; when events come too fast the kernel drops some and only conntrack's own standard error says so",
  },
  recognises: (head) => firstLines(head).some(isConntrack),
  decoder: (input) =>
    joinedDecoder("conntrack", input, (line): Part => {
      if (line.trim() === "") return nothing;
      return conntrackPart(line) ?? { kind: "notice", reason: "a line that is no entry of conntrack" };
    }),
};

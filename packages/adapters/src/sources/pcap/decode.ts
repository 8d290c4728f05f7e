import type { FlowFormat } from "@bulkhead/core/outside";
import { captureDecoder } from "./capture.ts";
import { containerOf } from "./container.ts";
import { emptyPacket } from "./packet.ts";

/** Captures, pcap and pcapng: one record for each connection, counted in IP bytes. */
export const pcap: FlowFormat = {
  name: "pcap",
  tells: {
    reads:
      "captures, pcap and pcapng, of Ethernet, Linux cooked, raw IP, PPP, 802.11 and thirty other links; and what GRE, VXLAN, GENEVE, GTP-U, Teredo, L2TP, CAPWAP, MPLS, IP in IP and a dozen other tunnels carry",
    opener: ["handshake", "first-packet", "port"],
    answered: "always",
    verdict: "never",
    rule: "never",
    reason: "never",
    counts: ["both"],
    connections: ["records"],
    bytes: ["ip"],
    sampling: "unsaid",
    labels: [],
    times: "first and last",
    gaps: "what the capturing program dropped is not seen; pcapng may say how much it was; a connection open when the capture began lacks its handshake; encrypted tunnels stay closed (the note says outer), encrypted frames are counted and said",
  },
  recognises: (head) => containerOf(head.subarray(0, 64), emptyPacket()) !== null,
  decoder: (input) => captureDecoder(input),
};

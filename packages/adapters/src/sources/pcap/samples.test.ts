import { expect, test } from "vitest";
import { decodedBy } from "../testing/decoded-by.ts";
import { samples } from "../testing/samples.ts";
import { pcap } from "./decode.ts";

test("the samples are read wholly, and each of their conversations is one", () => {
  for (const sample of samples["pcap"]!) {
    const decoded = decodedBy(pcap, sample);
    expect(decoded.map(({ kind }) => kind)).toEqual(decoded.map(() => "connection"));
    expect(decoded.map((one) => (one.kind === "connection" ? one.connection.note : ""))).toEqual([
      null,
      null,
      null,
      "IP-in-IP inner",
      "GRE inner",
      "VXLAN inner",
      "GENEVE inner",
      "GTP-U inner",
      "Teredo inner",
      null,
    ]);
  }
});

import { expect, test } from "vitest";
import { decodedBy } from "../testing/decoded-by.ts";
import { pcap } from "./decode.ts";
import { captures, plainCaptures } from "./testing/captures.ts";

test("the samples are read wholly, and each of their conversations is one", () => {
  for (const sample of plainCaptures) {
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

test("every tunnel of the samples is entered, and every frame that nobody can read is said", () => {
  const decoded = captures.slice(plainCaptures.length).flatMap((capture) => decodedBy(pcap, capture));
  const notes = decoded.flatMap((one) => (one.kind === "connection" ? [one.connection.note ?? "none"] : []));
  expect(notes.filter((note) => note.includes("outer"))).toEqual([]);
  expect(notes).toHaveLength(18);
  expect(decoded.flatMap((one) => (one.kind === "notice" ? [one.reason.replace(/^.*\((.*)\).*$/, "$1")] : []))).toEqual(["MACsec", "802.11"]);
});

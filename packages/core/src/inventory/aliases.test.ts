import { expect, test } from "vitest";
import { ipOf, ipText } from "../base/ip.ts";
import { believe } from "./believe.ts";
import { contestedAddresses } from "./contested.ts";
import type { Sighting } from "./sighting.ts";

const lease = (address: string, from: number | null = null, until: number | null = null) => ({ ip: ipOf(address)!, from, until });
const one = (id: string, attributes: Record<string, string>, leases: Sighting["leases"] = [], labels: Record<string, string> = {}): Sighting => ({
  id,
  labels,
  attributes,
  leases,
});
const believed = (...sources: readonly (readonly Sighting[])[]) =>
  believe(sources.map((sightings, index) => ({ source: `source ${index + 1}`, at: index, sightings })));
const told = (...sources: readonly (readonly Sighting[])[]) =>
  believed(...sources).workloads.map(({ id, leases }) => `${id} ${leases.map(({ ip }) => ipText(ip)).join(" ")}`.trim());

test("a machine that one source knows by its hardware address only is the workload that has it", () => {
  const neighbours = [one("mac-52:54:00:00:00:01", { mac: "52:54:00:00:00:01" }, [lease("10.0.0.7", 5)])];
  const leases = [one("laptop-1", { mac: "52:54:00:00:00:01" }, [lease("10.0.0.7", 0, 90)])];
  expect(told(neighbours, leases)).toEqual(["laptop-1 10.0.0.7"]);
  expect(contestedAddresses(believed(neighbours, leases).workloads)).toEqual([]);
  // The control: with another hardware address they are two machines, and the address is contested.
  const other = [one("laptop-1", { mac: "52:54:00:00:00:02" }, leases[0]!.leases)];
  expect(contestedAddresses(believed(neighbours, other).workloads)).toHaveLength(1);
});

test("any card of a machine tells who it is, and contradicts nothing", () => {
  const cards = [[one("web-1", { mac: "52:54:00:00:00:01 52:54:00:00:00:02" })], [one("mac-52:54:00:00:00:02", { mac: "52:54:00:00:00:02" })]];
  expect(believed(...cards).conflicts).toEqual([]);
  expect(
    told([one("web-1", { mac: "52:54:00:00:00:01 52:54:00:00:00:02" })], [one("mac-52:54:00:00:00:02", { mac: "52:54:00:00:00:02" }, [lease("10.0.0.7")])]),
  ).toEqual(["web-1 10.0.0.7"]);
});

test("a hardware address of two workloads, as of a cloned machine, tells neither", () => {
  const clones = [one("a", { mac: "52:54:00:00:00:01" }), one("b", { mac: "52:54:00:00:00:01" })];
  expect(told(clones, [one("mac-52:54:00:00:00:01", {}, [lease("10.0.0.7")])])).toEqual(["a", "b", "mac-52:54:00:00:00:01 10.0.0.7"]);
});

test("a scanned address without a name is who holds it at the time, and nobody else", () => {
  const scan = [one("unnamed-10.0.0.7", {}, [lease("10.0.0.7", 50)])];
  expect(told([one("web-1", {}, [lease("10.0.0.7")])], scan)).toEqual(["web-1 10.0.0.7"]);
  expect(told([one("web-1", {}, [lease("10.0.0.7", 0, 50)])], scan)).toEqual(["unnamed-10.0.0.7 10.0.0.7", "web-1 10.0.0.7"]);
});

test("`same-as` says that two ids are one workload, along a chain, and a circle of them is one", () => {
  expect(told([one("web-1", {}), one("WEB-1.example.gov", { "same-as": "old" }, [lease("10.0.0.7")]), one("old", { "same-as": "web-1" })])).toEqual([
    "web-1 10.0.0.7",
  ]);
  expect(told([one("b", { "same-as": "a" }), one("a", { "same-as": "b" }), one("c", { "same-as": "a" })])).toEqual(["a"]);
  // What was stated under both names is a conflict like any other.
  const { conflicts } = believed([one("a", {}, [], { app: "shop" })], [one("b", { "same-as": "a" }, [], { app: "store" })]);
  expect(conflicts.map(({ workload, attribute }) => [workload, attribute])).toEqual([["a", "label app"]]);
});

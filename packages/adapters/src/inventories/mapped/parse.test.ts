import { expect, test } from "vitest";
import { parseInventory } from "../open.ts";
import { mappingOf } from "./parse.ts";

const reading = (text: string, columns: Readonly<Record<string, string>>) => {
  const mapping = mappingOf({ columns });
  if ("wrong" in mapping) return { ids: [], wrong: [mapping.wrong] };
  const wrong: string[] = [];
  const { sightings } = parseInventory(text, ({ message }) => void wrong.push(message), { mapping });
  return { ids: sightings.map(({ id, labels, attributes, leases }) => [id, { ...labels }, { ...attributes }, leases.length]), wrong };
};

test("a mapping says which column of any table is what, and a cell may hold several addresses", () => {
  const text = '"Asset";"IPs";"System Name";"Contact"\n"web-1";"10.0.0.1, 10.0.0.2";"shop";"team"\n';
  expect(reading(text, { id: "Asset", address: "IPs", "label.app": "System Name", owner: "Contact" })).toEqual({
    ids: [["web-1", { app: "shop" }, { owner: "team" }, 2]],
    wrong: [],
  });
});

test("a column that is not there is asked about, and so is a word of the mapping that means nothing", () => {
  expect(reading("Asset,IP\nweb-1,10.0.0.1\n", { id: "Aset" }).wrong).toEqual(["the header has no column `Aset`; did you mean `Asset`?"]);
  expect(reading("Asset\nweb-1\n", { id: "Asset", adress: "IP" }).wrong[0]).toContain("did you mean `address`?");
  expect(reading("Asset\nweb-1\n", { address: "Asset" }).wrong).toEqual(["does not say which column is the `id`"]);
});

test("times without a zone and addresses that are none are told with their line, and the workload is kept", () => {
  const { ids, wrong } = reading("Asset,IP,Since\nweb-1,10.0.0.1,25/11/2026\nweb-2,nowhere,2026-11-25\n", { id: "Asset", address: "IP", from: "Since" });
  expect(ids.map(([id, , , leases]) => [id, leases])).toEqual([
    ["web-1", 0],
    ["web-2", 0],
  ]);
  expect(wrong).toEqual(["line 2: `from` and `until` are times such as 2026-11-25T12:00:00Z, or empty", "line 3: `nowhere` is no address"]);
});

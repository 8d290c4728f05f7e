import { Failure } from "@bulkhead/core/base/failure";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readTopology } from "./topology.ts";

const subnets = "subnets:\n  web: [10.0.1.0/24, fd00:0:0:1::/64]\n";
const host = "  - { id: a, subnet: web, addresses: [10.0.1.5] }\n";

function mistake(text: string): string {
  try {
    readTopology(text, "lab.yaml");
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
  return "none";
}

test("the shop's topology can be read", () => {
  const file = new URL("../../../examples/shop/lab.yaml", import.meta.url);
  const { hosts, compromised } = readTopology(readFileSync(file, "utf8"), "lab.yaml");
  expect([hosts.length, hosts.filter(({ labels }) => labels !== null).length, compromised]).toEqual([10, 9, "web-2"]);
});

test.each([
  ["a mistake of YAML", "hosts: [", /^lab\.yaml:1:9 /],
  ["no hosts", subnets, /`hosts` is no list/],
  ["an unknown key", `${subnets}hosts:\n  - { id: a, subnet: web, adresses: [10.0.1.5] }\n`, /^lab\.yaml:4:37 `adresses` means nothing here/],
  ["an address outside its subnet", `${subnets}hosts:\n  - { id: a, subnet: web, addresses: [10.0.2.5] }\n`, /10\.0\.2\.5` is no address of the subnet `web`/],
  ["the router's address", `${subnets}hosts:\n  - { id: a, subnet: web, addresses: [10.0.1.1] }\n`, /10\.0\.1\.1 is the router's/],
  ["a subnet that is not there", `${subnets}hosts:\n  - { id: a, subnet: wet, addresses: [10.0.1.5] }\n`, /`a` is in no subnet/],
  ["one id twice", `${subnets}hosts:\n${host}${host}`, /^lab\.yaml:5:11 `a` is listed twice/],
  ["one address twice", `${subnets}hosts:\n${host}${host.replace("a,", "b,")}`, /10\.0\.1\.5 is held twice/],
  ["a door that is none", `${subnets}hosts:\n  - { id: a, subnet: web, addresses: [10.0.1.5], listens: [tcp/70000] }\n`, /`tcp\/70000` is no service/],
  [
    "a call to nobody",
    `${subnets}hosts:\n  - { id: a, subnet: web, addresses: [10.0.1.5], calls: [{ to: b, over: tcp/1 }] }\n`,
    /no host `b` listens on `tcp\/1`/,
  ],
  ["a name that is a path", `${subnets}hosts:\n  - { id: ../a, subnet: web, addresses: [10.0.1.5] }\n`, /a host has an `id`/],
  ["an alias", `${subnets}hosts: &h\n${host}compromised: *h\n`, /anchors and aliases/],
  ["depth", "[".repeat(100_000), /too deeply/],
])("%s is said with its position", (_, text, words) => {
  expect(mistake(text)).toMatch(words);
});

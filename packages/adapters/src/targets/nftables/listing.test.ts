import { expect, test } from "vitest";
import { differencesOf, listingOf } from "./listing.ts";

const printed = `table inet bulkhead {
	set deny_server4 {
		typeof ip saddr . meta l4proto . th dport
		size 4096
		flags dynamic,timeout
		timeout 3600s
		elements = { 10.0.0.1 . 6 . 80 counter }
	}

	map live_in {
		typeof meta nfproto : verdict
		elements = { 2 : goto g1_in, 10 : goto g1_in }
	}

	map g1_ending {
		typeof meta l4proto . th dport : verdict
		flags interval,timeout
		counter
		elements = { 6 . 80 counter timeout 60s comment "shop/a shop/b" : accept,
			     6 . 81 counter timeout 600s : accept }
	}

	chain in {
		type filter hook input priority 10; policy accept;
		jump floor_in
	}
}
`;
const at = (secondsAgo: number, change: (text: string) => string): readonly string[] =>
  differencesOf(listingOf(printed), listingOf(change(printed)), secondsAgo);

test("what nobody touched has no differences, in whatever order the kernel prints elements", () => {
  expect(at(0, (text) => text)).toEqual([]);
  expect(at(0, (text) => text.replace("2 : goto g1_in, 10 : goto g1_in", "10 : goto g1_in, 2 : goto g1_in"))).toEqual([]);
});

test("packets fill the sets of records without making a difference", () => {
  expect(at(0, (text) => text.replace("10.0.0.1 . 6 . 80 counter", "10.0.0.2 . 6 . 81 counter"))).toEqual([]);
});

test.each<readonly [string, (text: string) => string, string]>([
  ["a flushed rule", (text) => text.replace("\t\tjump floor_in\n", ""), "bulkhead/chain in was changed"],
  ["an inserted accept", (text) => text.replace("\t\tjump", "\t\taccept\n\t\tjump"), "bulkhead/chain in was changed"],
  ["a deleted element", (text) => text.replace("2 : goto g1_in, ", ""), "bulkhead/map live_in does not hold the elements it was given"],
  ["a changed element", (text) => text.replace("2 : goto g1_in", "2 : accept"), "bulkhead/map live_in does not hold the elements it was given"],
  ["a table put to sleep", (text) => text.replace("{\n", "{\n\tflags dormant\n"), "bulkhead was changed"],
  ["a foreign chain", (text) => text.replace("\tchain in", "\tchain mine {\n\t}\n\n\tchain in"), "bulkhead/chain mine is not ours"],
  [
    "an element of another hand",
    (text) => text.replace("6 . 81", "6 . 22 timeout 9s : accept, 6 . 81"),
    "bulkhead/map g1_ending has 1 elements of another hand",
  ],
])("%s is a difference", (_, change, wanted) => {
  expect(at(0, change)).toEqual([wanted]);
});

test("a permission that ran out is no difference, one that was taken before its time is", () => {
  const without = (text: string): string => text.replace(/6 \. 80 .*accept,\n\s*/, "");
  expect(at(61, without)).toEqual([]);
  expect(at(10, without)).toEqual(["bulkhead/map g1_ending lost 1 elements before their time"]);
});

test("a table that is gone is missed with all that was in it", () => {
  expect(differencesOf(listingOf(printed), listingOf(""), 0)).toContain("bulkhead is gone");
});

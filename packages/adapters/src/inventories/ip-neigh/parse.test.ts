import { expect, test } from "vitest";
import { samples } from "../testing/samples.ts";
import { told } from "../testing/told.ts";

test("who answered for an address on the wire holds it since then; who never answered holds none", () => {
  expect(told(samples["ip-neigh"]![0]!)).toMatchObject({
    workloads: [
      "mac-52:54:00:12:35:02 | - | mac=52:54:00:12:35:02 | 10.0.0.1[11-25T12:00..]",
      "mac-52:54:00:12:35:07 | - | mac=52:54:00:12:35:07 | 10.0.0.7[11-25T12:00..] 2001:db8::7[11-25T12:00..]",
    ],
    problems: [],
  });
});

test("JSON says the same as text, and a line that is none is told with its number", () => {
  expect(told(samples["ip-neigh"]![1]!).workloads).toEqual(["mac-52:54:00:12:35:02 | - | mac=52:54:00:12:35:02 | 10.0.0.1[11-25T12:00..]"]);
  expect(told("10.0.0.1 dev eth0 lladdr 52:54:00:12:35:02 REACHABLE\nhello\n").problems).toEqual(["line 2: `hello` is no line of `ip neigh`"]);
});

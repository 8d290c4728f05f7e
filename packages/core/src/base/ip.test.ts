import { expect, test } from "vitest";
import { ipOf, ipText } from "./ip.ts";

test("an address reads as the same address in any dress", () => {
  const dresses = ["::ffff:10.0.0.7", "10.0.0.7", "0:0:0:0:0:FFFF:0A00:0007"];
  expect(dresses.map((text) => ipText(ipOf(text)!))).toEqual(["10.0.0.7", "10.0.0.7", "10.0.0.7"]);
  expect(ipText(ipOf("2001:DB8:0:0:1:0:0:1")!)).toBe("2001:db8::1:0:0:1");
});

test("a public address drops its realm, a private one keeps it", () => {
  expect(ipText(ipOf("8.8.8.8%site-b")!)).toBe("8.8.8.8");
  expect(ipText(ipOf("10.0.0.7%site-b")!)).toBe("10.0.0.7%site-b");
});

test("what is no address is not guessed", () => {
  for (const text of ["", "10.0.0", "010.0.0.1", "1.2.3.256", "::1::", "g::", "10.0.0.1%", "10.0.0.1%A", "web-1"]) expect(ipOf(text)).toBeUndefined();
});

import { expect, test } from "vitest";
import { readService, servicePointOf, wellKnown } from "./service.ts";

const servicesOf = (text: string): unknown => {
  const reading = readService(text);
  return reading.kind === "services" ? reading.services.map(({ protocol, low, high }) => [protocol, low, high]) : reading.kind;
};

test("every form of a service stands for its stretch of the service space", () => {
  expect(["tcp/443", "udp/1000-2000", "sctp/any", "icmp/echo", "icmp/any", "icmp4/3", "icmp6/135", "ip/47", "ip/6", "ip/58", "any"].map(servicesOf)).toEqual([
    [[6, 443, 443]],
    [[17, 1000, 2000]],
    [[132, 0, 65535]],
    [
      [1, 8, 8],
      [58, 128, 128],
    ],
    [
      [1, 0, 255],
      [58, 0, 255],
    ],
    [[1, 3, 3]],
    [[58, 135, 135]],
    [[47, 0, 0]],
    [[6, 0, 65535]],
    [[58, 0, 255]],
    [[null, 0, 65535]],
  ]);
});

test("what is no service is not guessed", () => {
  for (const text of [
    "",
    "443",
    "tcp",
    "tcp/",
    "tcp/0443",
    "tcp/65536",
    "tcp/9-8",
    "tcp/1-2-3",
    "tcp/1/2",
    "TCP/1",
    "icmp/8",
    "icmp4/256",
    "ip/256",
    "ip/any",
    "tcp/ 1",
    "tcp/-1",
  ])
    expect(servicesOf(text), text).toBe("wrong");
});

test("a question names one point: ranges of one and names of one will do, echo and names of several will not", () => {
  const ledger = {
    name: "ledger",
    written: ["tcp/5432"],
    services: [{ protocol: 6, low: 5432, high: 5432 }],
    at: { file: "a", line: 1, column: 1, length: 1 },
  };
  const point = (text: string): unknown => servicePointOf(text, [ledger]);
  expect(["tcp/80", "tcp/80-80", "ip/47", "ssh", "ledger", "icmp4/8"].map(point)).toEqual([
    { protocol: 6, port: 80 },
    { protocol: 6, port: 80 },
    { protocol: 47, port: 0 },
    { protocol: 6, port: 22 },
    { protocol: 6, port: 5432 },
    { protocol: 1, port: 8 },
  ]);
  expect(["tcp/80-81", "tcp/any", "icmp/echo", "dns", "winrm", "any", "ip/6", "ip/1", "nothing"].map(point)).toEqual(Array(9).fill(null));
});

test("a declared name stands before a well-known one", () => {
  const ssh = { name: "ssh", written: ["tcp/2222"], services: [{ protocol: 6, low: 2222, high: 2222 }], at: { file: "a", line: 1, column: 1, length: 1 } };
  expect(servicePointOf("ssh", [ssh])).toEqual({ protocol: 6, port: 2222 });
  expect(wellKnown.get("ssh")).toEqual([{ protocol: 6, low: 22, high: 22 }]);
});

import { expect, test } from "vitest";
import { walk } from "./attack.ts";
import { readTopology } from "./topology.ts";

const topology = readTopology(
  `subnets: { net: [10.0.0.0/24] }
hosts:
${["a", "b", "c", "d"].map((id, n) => `  - { id: ${id}, subnet: net, addresses: [10.0.0.${n + 5}], labels: { app: ${id} }, listens: [tcp/80] }`).join("\n")}
  - { id: out, subnet: net, addresses: [10.0.0.9], listens: [tcp/80] }
`,
  "lab.yaml",
);
const open = new Set(["a>b", "b>c", "a>out", "out>d"]);

test("an intruder walks from host to host, and never from one that is not ours", async () => {
  const walked = await walk(topology, "a", (attempts) => Promise.resolve(attempts.map(({ from, to }) => (open.has(`${from}>${to}`) ? "answered" : "refused"))));
  expect(walked.fallen.map(({ from, to, hop }) => `${hop} ${from}>${to}`)).toEqual(["1 a>b", "2 b>c"]);
  expect([walked.doors.length, walked.hosts, walked.tried]).toEqual([3, 3, 12]);
});

test("a question that was heard without an answer takes no host", async () => {
  const walked = await walk(topology, "a", (attempts) => Promise.resolve(attempts.map(() => "heard")));
  expect(walked.fallen).toEqual([]);
});

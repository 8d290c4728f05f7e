import { expect, test } from "vitest";
import { minute, second } from "../base/instant.ts";
import { conversationsOf } from "./conversations.ts";
import { half, told } from "./testing/told.ts";

const there = { from: "10.0.0.1:40001", to: "10.0.0.2:443" };
const back = { from: "10.0.0.2:443", to: "10.0.0.1:40001" };

test("two directions at two interfaces are one conversation", () => {
  const records = ["eni-1", "eni-2"].flatMap((observer) => [
    half({ ...there, observer, bytesToServer: 500 }),
    half({ ...back, observer, bytesToServer: 4000 }),
  ]);
  expect(conversationsOf(records)).toMatchObject([
    { client: "10.0.0.1", serverPort: 443, connections: 1, answered: 1, bytesToServer: 500, bytesToClient: 4000, observers: ["eni-1", "eni-2"], oneSided: 0 },
  ]);
});

test("a long conversation is one, however many windows tell of it, and its bytes are their sum", () => {
  const windows = Array.from({ length: 6 }, (_, at) => ({ first: at * 10 * minute, last: (at + 1) * 10 * minute - second, bytesToServer: 100 }));
  const [conversation, ...others] = conversationsOf(windows.flatMap((window) => [half({ ...there, ...window }), half({ ...back, ...window })]));
  expect(others).toEqual([]);
  expect(conversation).toMatchObject({ connections: 1, bytesToServer: 600, first: 0, last: 60 * minute - second });
});

test("the same ports on another day are another conversation", () => {
  expect(conversationsOf([half({ ...there, first: 0 }), half({ ...there, first: 1440 * minute })])).toHaveLength(2);
});

test("what one observer told as two conversations stays two, although another joined them", () => {
  const two = [told({ clientPort: 40_001, serverPort: 443 }), told({ clientPort: 40_001, serverPort: 443, first: 5 * second })];
  const total = conversationsOf([...two, half({ ...there }), half({ ...back })]).reduce((sum, { connections }) => sum + connections, 0);
  expect(total).toBe(2);
});

test("silence is no answer only where an answer would have been seen", () => {
  const answered = [half(there), half(back)];
  const silent = half({ from: "10.0.0.1:40002", to: "10.0.0.3:443" });
  const ofSilent = (records: readonly ReturnType<typeof half>[]) => conversationsOf(records).find(({ server }) => server === "10.0.0.3");
  expect(ofSilent([...answered, silent])).toMatchObject({ unanswered: 1, untold: 0, oneSided: 1 });
  expect(ofSilent([silent])).toMatchObject({ unanswered: 0, untold: 1, oneSided: 1 });
});

test("a single bare reset is a refusal, not an answer", () => {
  const reset = half({ ...back, packetsToServer: 1, bytesToServer: 40 });
  expect(conversationsOf([half({ ...there, packetsToServer: 1, bytesToServer: 60 }), reset])).toMatchObject([{ answered: 0, unanswered: 1 }]);
  const udp = { protocol: "udp" };
  expect(conversationsOf([half({ ...there, ...udp }), half({ ...back, ...udp, packetsToServer: 1, bytesToServer: 40 })])).toMatchObject([{ answered: 1 }]);
});

test("what a firewall rejected is denied and unanswered", () => {
  expect(conversationsOf([half({ ...there, verdict: "denied" })])).toMatchObject([{ denied: 1, answered: 0, unanswered: 1 }]);
});

test("what nobody counted stays null", () => {
  const blind = told({ packetsToServer: null, bytesToServer: null, packetsToClient: null, bytesToClient: null, answered: null });
  expect(conversationsOf([blind])).toMatchObject([{ bytesToServer: null, bytesToClient: null, untold: 1 }]);
});

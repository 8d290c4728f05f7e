import { expect, test } from "vitest";
import { samples } from "../testing/samples.ts";
import { told } from "../testing/told.ts";

const lease = (ip: string, hours: string, mac: string, more = "binding state active;"): string => {
  const [from, until] = hours.split("-").map((hour) => `3 2026/11/25 ${hour}:00:00`);
  return `lease ${ip} {\n  starts ${from};\n  ends ${until};\n  ${more}\n  hardware ethernet 52:54:00:aa:00:${mac};\n}\n`;
};

test("leases have the times that the server gave them, UTC or epoch; abandoned addresses have no holder", () => {
  expect(told(samples["isc-dhcp"]![0]!)).toMatchObject({
    workloads: [
      "laptop-1 | - | mac=52:54:00:aa:00:01 | 10.0.1.20[11-25T08:00..11-25T20:00]",
      "mac-52:54:00:aa:00:02 | - | mac=52:54:00:aa:00:02 | 10.0.1.21[2025-11-25T08:00..]",
    ],
    problems: [],
  });
});

test("a renewal makes the lease longer, and a release ends it when it happened", () => {
  expect(told(lease("10.0.1.1", "08-12", "01") + lease("10.0.1.1", "10-14", "01")).workloads[0]).toContain("10.0.1.1[11-25T08:00..11-25T14:00]");
  const released = lease("10.0.1.1", "08-12", "01") + lease("10.0.1.1", "08-09", "01", "binding state free;");
  expect(told(released).workloads[0]).toContain("10.0.1.1[11-25T08:00..11-25T09:00]");
});

test("the next client of an address ends the lease of the one before", () => {
  expect(told(lease("10.0.1.1", "08-20", "01") + lease("10.0.1.1", "10-22", "02")).workloads).toEqual([
    "mac-52:54:00:aa:00:01 | - | mac=52:54:00:aa:00:01 | 10.0.1.1[11-25T08:00..11-25T10:00]",
    "mac-52:54:00:aa:00:02 | - | mac=52:54:00:aa:00:02 | 10.0.1.1[11-25T10:00..11-25T22:00]",
  ]);
});

test("version 6 begins at the client's last answer, and what is cut off is told with its line", () => {
  expect(told(samples["isc-dhcp"]![1]!).workloads[0]).toContain("2001:db8::20[11-25T08:00..11-25T20:00]");
  const { workloads, problems } = told(`${lease("10.0.1.1", "08-12", "01")}lease 10.0.1.2 {\n  starts soon;\n}\nlease 10.0.1.3 {\n`);
  expect(workloads).toHaveLength(1);
  expect(problems).toEqual([
    "line 7: the lease of `10.0.1.2` starts or ends at no time such as `2 2026/11/24 12:00:00`",
    "line 10: the lease of `10.0.1.3` is never closed",
  ]);
});

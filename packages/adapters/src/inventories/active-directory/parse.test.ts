import { expect, test } from "vitest";
import { samples } from "../testing/samples.ts";
import { told } from "../testing/told.ts";

const [ldif = "", csv = "", json = ""] = samples["active-directory"]!;

test("computers of a directory become workloads by their host names, with operating system and unit; people are none", () => {
  const [line] = told(ldif).workloads;
  expect(told(ldif)).toMatchObject({
    workloads: ["web-1 | ou=Servers/Web | class=server fqdn=web-1.example.gov os=Windows Server 2022 Datacenter 10.0 (20348) | -"],
    problems: [],
  });
  expect(line).not.toContain("Alice");
});

test("what a name resolved to is held since the export, unless the account is disabled", () => {
  expect(told(csv)).toMatchObject({
    workloads: [
      "web-1 | ou=Servers/Web | class=server fqdn=web-1.example.gov os=Windows Server 2022 Datacenter | 10.0.2.21[11-25T12:00..]",
      "pc-9 | ou=Clients | class=endpoint fqdn=pc-9.example.gov os=Windows 11 Enterprise | -",
    ],
    problems: [],
  });
  expect(told(json).workloads).toEqual([told(csv).workloads[0]]);
});

test("machines of two domains with one short name keep their whole names", () => {
  const computer = (domain: string): string => `dn: CN=WEB-1,DC=${domain}\nobjectClass: computer\ndNSHostName: WEB-1.${domain}.example.gov\n\n`;
  expect(told(computer("a") + computer("b")).workloads.map((line) => line.split(" | ")[0])).toEqual(["web-1.a.example.gov", "web-1.b.example.gov"]);
});

test("folded lines and base64 are read, and a line that is neither is told", () => {
  const text = "dn:: Q049V0VCLTE=\nobjectClass: computer\ndNSHostName: web-1.exam\n ple.gov\nrubbish\n";
  expect(told(text)).toMatchObject({ workloads: ["web-1 | - | fqdn=web-1.example.gov | -"], problems: ["line 5 is no `attribute: value` of LDIF"] });
});

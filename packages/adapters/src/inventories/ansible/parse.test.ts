import { expect, test } from "vitest";
import { samples } from "../testing/samples.ts";
import { told } from "../testing/told.ts";

const [ini = "", yaml = "", json = ""] = samples["ansible"]!;

test("hosts of an INI inventory have the variables of their groups, their own first", () => {
  expect(told(ini)).toMatchObject({
    workloads: [
      "mail | - | fqdn=mail.example.gov | 10.0.7.5",
      "web-01 | app=shop env=prod groups=prod web | fqdn=web-01.example.gov | -",
      "web-02 | app=shop env=prod groups=prod web | fqdn=web-02.example.gov | -",
      "web-03 | app=shop env=prod groups=prod web | fqdn=web-03.example.gov | -",
      "db-1 | env=prod groups=db prod role=data base | - | 10.0.7.9",
      "unnamed-10.0.7.10 | env=prod groups=db prod | - | 10.0.7.10",
    ],
    problems: [],
  });
});

test("YAML and the JSON of `ansible-inventory --list` are read the same way", () => {
  expect(told(yaml).workloads).toEqual([
    "mail | - | fqdn=mail.example.gov owner=it | 10.0.7.5",
    "web-01 | app=shop env=prod groups=prod web | fqdn=web-01.example.gov owner=it | -",
    "web-02 | app=shop env=prod groups=prod web | fqdn=web-02.example.gov owner=it | -",
  ]);
  expect(told(json).workloads).toEqual(["web-01 | app=shop groups=web | - | 10.0.7.1"]);
});

test("groups that hold each other are walked once, and a range without end is refused with its line", () => {
  expect(told("[a:children]\nb\n[b:children]\na\n[a]\nweb-1\n").workloads).toEqual(["web-1 | groups=a b | - | -"]);
  expect(told("[a]\nweb-[1:999999999]\nweb-[a:3]\n").problems).toEqual([
    expect.stringMatching(/^line 2: the range/),
    expect.stringMatching(/^line 3: the range/),
  ]);
});

test("passwords in variables are not kept", () => {
  expect(told("[a]\nweb-1 ansible_password=hunter2 app=shop\n").workloads).toEqual(["web-1 | app=shop groups=a | - | -"]);
});

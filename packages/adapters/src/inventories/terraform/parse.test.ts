import { expect, test } from "vitest";
import { samples } from "../testing/samples.ts";
import { told } from "../testing/told.ts";

test("machines of a state become workloads with the labels of their tags, subnets become networks", () => {
  expect(told(samples["terraform"]![0]!)).toEqual({
    workloads: [
      "web-1 | app=shop env=prod | class=server | 10.0.2.31 10.0.2.32",
      "i-0b | - | class=server | 10.0.2.33",
      "g-1 | role=api | class=server | 10.0.4.2 203.0.113.9",
    ],
    networks: ["subnet | private-a | 10.0.2.0/24 | "],
    problems: [],
  });
});

test("what `terraform show -json` prints is read through its modules", () => {
  expect(told(samples["terraform"]![1]!).workloads).toEqual(["b-1 | env=dev | class=server | 203.0.113.5 10.0.6.2"]);
});

test("an old state is refused with what to do, and one without machines says so", () => {
  expect(told('{"version":3,"terraform_version":"0.11.0","modules":[]}').problems).toEqual([expect.stringContaining("only version 4 is read")]);
  expect(told('{"version":4,"terraform_version":"1.9.0","resources":[]}').problems).toEqual([expect.stringContaining("no machine and no network")]);
});

test("secrets of a state are not kept", () => {
  const state = {
    version: 4,
    terraform_version: "1",
    resources: [
      { type: "aws_instance", name: "a", instances: [{ attributes: { id: "i-1", private_ip: "10.0.0.1", user_data: "hunter2", password: "hunter2" } }] },
    ],
  };
  expect(told(JSON.stringify(state)).workloads.join()).not.toContain("hunter2");
});

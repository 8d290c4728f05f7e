import { expect, test } from "vitest";
import { noWorkload } from "./no-workload.ts";

const workloads = [{ labels: { app: "shop", env: "prod" } }, { labels: { app: "billing", env: "dev" } }];

test("where no workload has the labels asked, that is said with what was probably meant, or what there is", () => {
  expect(noWorkload(["app=shpo"], workloads)).toBe("none of 2 workloads has the label `app=shpo`\nnext: did you mean `--where app=shop`?\n");
  expect(noWorkload(["ap=shop"], workloads)).toContain("did you mean `--where app=shop`?");
  expect(noWorkload(["app=it;ls"], [{ labels: { app: "it; ls" } }])).toContain("did you mean `--where 'app=it; ls'`?");
  expect(noWorkload(["app=zzz"], workloads)).toContain("next: app is billing, shop\n");
  expect(noWorkload(["zone=x"], workloads)).toContain("next: their labels are app, env\n");
  expect(noWorkload(["app=shop", "env=dev"], workloads)).toBe(
    "none of 2 workloads has the labels `app=shop` and `env=dev`\nnext: each of them is somebody's, and nobody has all; leave one out\n",
  );
  expect(noWorkload(["app=a"], [])).toContain("`bulkhead inventory import FILE`");
});

import { byCodePoint } from "../base/order.ts";
import type { PolicySet, Stage } from "../model/policy-set.ts";

/** A stage that two policies give otherwise: `zone/prod` or `policy/shop`, and which of its stages. */
export interface StageChanged {
  readonly name: string;
  readonly part: "boundary" | "inside" | "in" | "out";
  readonly before: Stage;
  readonly after: Stage;
}

/** The stages that differ, in the order of their names; what is not named observes. */
export function stagesChanged(before: PolicySet, after: PolicySet): readonly StageChanged[] {
  const [was, is] = [stagesOf(before), stagesOf(after)];
  return [...new Map([...was, ...is]).keys()].sort(byCodePoint).flatMap((key) => {
    const [name, part] = key.split(" ") as [string, StageChanged["part"]];
    const [one, other] = [was.get(key) ?? "observe", is.get(key) ?? "observe"];
    return one === other ? [] : [{ name, part, before: one, after: other }];
  });
}

// Names hold no blank.
const stagesOf = ({ stages }: PolicySet): ReadonlyMap<string, Stage> =>
  new Map([
    ...stages.zones.flatMap(({ name, boundary, inside }) => [
      [`zone/${name} boundary`, boundary ?? "observe"] as const,
      [`zone/${name} inside`, inside ?? "observe"] as const,
    ]),
    ...stages.segments.flatMap((one) => [[`policy/${one.name} in`, one.in ?? "observe"] as const, [`policy/${one.name} out`, one.out ?? "observe"] as const]),
  ]);

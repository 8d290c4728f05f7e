import { at, isFields, listAt, textAt, wordAt } from "../../inventories/tree.ts";

/** A text that configures a workload, and what holds it. */
export interface Told {
  readonly text: string;
  readonly where: string;
}

/** What configures each workload: its variables, commands and arguments, and the ConfigMaps that it is given. */
export function configTexts(objects: readonly unknown[]): (workload: { readonly namespace: string; readonly pod: unknown }) => readonly Told[] {
  const maps = new Map<string, readonly (readonly [string, string])[]>();
  for (const one of objects) {
    if (textAt(one, "kind") !== "ConfigMap") continue;
    const data = at(one, "data");
    const values = Object.entries(isFields(data) ? data : {}).flatMap(([key, value]) => (typeof value === "string" ? [[key, value] as const] : []));
    maps.set(`${textAt(one, "metadata", "namespace") ?? "default"}/${textAt(one, "metadata", "name") ?? ""}`, values);
  }
  return ({ namespace, pod }) => {
    const mapOf = (name: string | undefined): readonly (readonly [string, string])[] => maps.get(`${namespace}/${name ?? ""}`) ?? [];
    const whole = (name: string | undefined): readonly Told[] => mapOf(name).map(([key, text]) => ({ text, where: `ConfigMap ${name ?? ""}, ${key}` }));
    const containers = [...listAt(pod, "initContainers"), ...listAt(pod, "containers")];
    const variables = containers.flatMap((container) =>
      listAt(container, "env").flatMap((variable): readonly Told[] => {
        const name = textAt(variable, "name") ?? "";
        const reference = at(variable, "valueFrom", "configMapKeyRef");
        const [, referred] = mapOf(textAt(reference, "name")).find(([key]) => key === textAt(reference, "key")) ?? [];
        const text = wordAt(variable, "value") ?? referred;
        return text === undefined ? [] : [{ text, where: name }];
      }),
    );
    const words = containers.flatMap((container) =>
      [...listAt(container, "command"), ...listAt(container, "args")].flatMap((word): readonly Told[] =>
        typeof word === "string" ? [{ text: word.replace(/^--?[\w.-]+=/, ""), where: "arguments" }] : [],
      ),
    );
    const given = [
      ...containers.flatMap((container) => listAt(container, "envFrom").map((one) => textAt(one, "configMapRef", "name"))),
      ...listAt(pod, "volumes").map((volume) => textAt(volume, "configMap", "name")),
      ...listAt(pod, "volumes").flatMap((volume) => listAt(volume, "projected", "sources").map((one) => textAt(one, "configMap", "name"))),
    ];
    return [...variables, ...words, ...given.flatMap(whole)];
  };
}

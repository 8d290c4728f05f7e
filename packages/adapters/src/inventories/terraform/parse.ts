import { readPrefix, prefixText } from "@bulkhead/core/base/prefix";
import type { Say } from "@bulkhead/core/inventory/problem";
import type { KnownNetwork } from "@bulkhead/core/inventory/sighting";
import type { DocumentFormat } from "../formats.ts";
import { type Gathering, gathering } from "../gathered.ts";
import { meantTags } from "../meant-keys.ts";
import { nothingRead, refused } from "../reading.ts";
import { at as valueAt, isFields, listAt, textAt } from "../tree.ts";
import { machines, networks, type ResourceShape } from "./resources.ts";

/** A state of Terraform or OpenTofu (version 4), or what `terraform show -json` prints. Only names, addresses and tags are looked at: states hold secrets. */
export const terraform: DocumentFormat = {
  name: "terraform",
  recognises: (document) =>
    (valueAt(document, "terraform_version") !== undefined && (Array.isArray(valueAt(document, "resources")) || Array.isArray(valueAt(document, "modules")))) ||
    valueAt(document, "values", "root_module") !== undefined,
  read(documents, { say }) {
    const gathered = gathering(say);
    const named: KnownNetwork[] = [];
    for (const document of documents) {
      const version = valueAt(document, "version");
      if (typeof version === "number" && version !== 4 && valueAt(document, "values") === undefined)
        return refused(
          say,
          "old-state",
          `this is a state of version ${version}, and only version 4 is read; \`terraform state pull\` of Terraform 0.12 or later writes it`,
        );
      for (const resource of resourcesOf(document, say)) {
        const machine = Object.hasOwn(machines, resource.type) ? machines[resource.type] : undefined;
        if (machine !== undefined) addMachine(gathered, resource, machine);
        else if (Object.hasOwn(networks, resource.type)) named.push(...networksOf(resource));
      }
    }
    const sightings = gathered.sightings();
    if (sightings.length + named.length === 0) say({ reason: "no-machines", message: "the state holds no machine and no network of a type that is known" });
    return { ...nothingRead, sightings, networks: named };
  },
};

interface Resource {
  readonly type: string;
  /** `module.web.aws_instance.web[0]`. */
  readonly address: string;
  readonly attributes: unknown;
}

function* resourcesOf(document: unknown, say: Say): Generator<Resource> {
  for (const resource of listAt(document, "resources")) {
    const [type = "", name = ""] = [textAt(resource, "type"), textAt(resource, "name")];
    // Another state's or a provider's answer is nothing that this state made, but it is as real.
    const module = textAt(resource, "module");
    for (const instance of listAt(resource, "instances")) {
      const key = valueAt(instance, "index_key");
      const index = key === undefined ? "" : `[${JSON.stringify(key).slice(0, 80)}]`;
      yield { type, address: `${module === undefined ? "" : `${module}.`}${type}.${name}${index}`, attributes: valueAt(instance, "attributes") };
    }
  }
  yield* modulesOf(valueAt(document, "values", "root_module"), 0, say);
}

// Terraform itself does not nest modules as deep.
const depthMax = 64;

function* modulesOf(module: unknown, depth: number, say: Say): Generator<Resource> {
  if (depth > depthMax) return say({ reason: "too-deep", message: `modules that nest deeper than ${depthMax} are not read` });
  for (const resource of listAt(module, "resources")) {
    const type = textAt(resource, "type") ?? "";
    yield { type, address: textAt(resource, "address") ?? type, attributes: valueAt(resource, "values") };
  }
  for (const child of listAt(module, "child_modules")) yield* modulesOf(child, depth + 1, say);
}

function addMachine(gathered: Gathering, { address, attributes }: Resource, shape: ResourceShape): void {
  const texts = (paths: readonly string[]): readonly string[] =>
    paths.flatMap((path) => valuesAt(attributes, path.split("."))).filter((one) => typeof one === "string" && one !== "") as string[];
  const tags = shape.tags.flatMap((path) => valuesAt(attributes, path.split("."))).find((one) => isFields(one) || Array.isArray(one));
  const pairs = isFields(tags) ? Object.entries(tags).filter(([key]) => key !== "Name") : pairsIn(tags);
  const { labels, attributes: told } = meantTags(pairs);
  gathered.add({
    id: texts(shape.name)[0] ?? address,
    where: address,
    labels,
    attributes: { class: shape.class, ...told },
    addresses: texts(shape.addresses),
  });
}

/** Tags that are plain words, some of them `key:value` or `key=value`. */
const pairsIn = (tags: unknown): readonly (readonly [string, unknown])[] =>
  (Array.isArray(tags) ? tags : []).flatMap((tag: unknown) => {
    const [, key, value] = typeof tag === "string" ? (/^([^:=]+)[:=](.+)$/.exec(tag) ?? []) : [];
    return key === undefined ? [] : [[key, value] as const];
  });

function networksOf({ type, address, attributes }: Resource): readonly KnownNetwork[] {
  const { prefixes, kind } = networks[type]!;
  const name = textAt(attributes, "tags", "Name") ?? textAt(attributes, "name") ?? address;
  return prefixes
    .flatMap((path) => valuesAt(attributes, path.split(".")))
    .flatMap((text) => {
      const read = readPrefix(typeof text === "string" ? text : "");
      return read.kind === "prefix" ? [{ name, prefix: prefixText(read.prefix), kind, attributes: {} }] : [];
    });
}

/** The values at the end of a path; `*` and a list at the end stand for all their elements. */
function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const [key, ...rest] = path;
  if (key === undefined) return Array.isArray(value) ? value : [value];
  if (key === "*") return Array.isArray(value) ? value.flatMap((one) => valuesAt(one, rest)) : [];
  return valuesAt(valueAt(value, key), rest);
}

import { quoted, type Say } from "@bulkhead/core/inventory/problem";
import type { DocumentFormat, TextFormat } from "../formats.ts";
import { at as valueAt, isFields, listAt } from "../tree.ts";
import { type AnsibleGroups, ansibleGroups } from "./groups.ts";

const section = /^\[([A-Za-z_][\w.-]*)(?::(children|vars|hosts))?\]\s*(?:[#;].*)?$/;

/** An inventory as INI. */
export const ansibleIni: TextFormat = {
  name: "ansible",
  recognises(head) {
    const lines = head.split("\n").map((line) => line.trim());
    const own = lines.filter((line) => line !== "" && !/^[#;]/.test(line));
    return lines.some((line) => section.test(line)) && (section.test(own[0] ?? "") || /^[\w.[\]:-]+(\s+\w+=.*)?$/.test(own[0] ?? ""));
  },
  read(text, { say }) {
    const told = ansibleGroups(say);
    let [name, kind] = ["ungrouped", "hosts"];
    for (const [index, raw] of text.split("\n").entries()) {
      const line = raw.trim();
      if (line === "" || /^[#;]/.test(line)) continue;
      const found = section.exec(line);
      if (found !== null) [name, kind] = [found[1] ?? "", found[2] ?? "hosts"];
      else iniLine(told, { line, name, kind, where: `line ${index + 1}`, say });
    }
    return told.reading();
  },
};

interface IniLine {
  readonly line: string;
  readonly name: string;
  readonly kind: string;
  readonly where: string;
  readonly say: Say;
}

function iniLine(told: AnsibleGroups, { line, name, kind, where, say }: IniLine): void {
  const group = told.group(name);
  if (kind === "children") return void group.children.add(line.replace(/\s*[#;].*$/, ""));
  if (kind === "vars") {
    const [, key, value = ""] = /^([\w.-]+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (key === undefined) return say({ reason: "no-variable", message: `${where}: ${quoted(line)} is no \`variable=value\`` });
    group.variables[key] = unquoted(value);
    return;
  }
  const words = line.match(/(?:[^\s"'#]|"[^"]*"|'[^']*')+|#.*$/g) ?? [];
  const hosts = expanded((words[0] ?? "").replace(/^([^[\]:]+):\d+$/, "$1"));
  if (hosts === null)
    return say({
      reason: "bad-range",
      message: `${where}: the range in ${quoted(words[0])} is not read; ranges are \`[01:50]\` or \`[a:f]\`, at most ${rangeMax} hosts`,
    });
  const variables = Object.fromEntries(
    words.slice(1).flatMap((word) => (/^[\w.-]+=/.test(word) ? [[word.slice(0, word.indexOf("=")), unquoted(word.slice(word.indexOf("=") + 1))]] : [])),
  );
  for (const host of hosts) {
    group.hosts.add(host);
    told.host(host, variables);
  }
}

const unquoted = (text: string): string => text.trim().replace(/^(["'])(.*)\1$/, "$2");

// No inventory names more with one word.
const rangeMax = 10_000;

/** The hosts that a word with ranges stands for, or null when a range cannot be read. */
function expanded(word: string): readonly string[] | null {
  if (word.length > 300) return null;
  const [, before = "", from = "", to = "", step = "1", behind = ""] =
    /^([^[]*)\[([0-9]+|[A-Za-z]):([0-9]+|[A-Za-z])(?::([1-9]\d{0,4}))?\](.*)$/.exec(word) ?? [];
  if (from === "") return word.includes("[") && word.includes(":") && !/^\[[0-9a-f:]+\]/i.test(word) ? null : [word];
  const isNumber = /^\d/.test(from);
  if (isNumber !== /^\d/.test(to)) return null;
  const [first, last] = isNumber ? [Number(from), Number(to)] : [from.charCodeAt(0), to.charCodeAt(0)];
  const rest = expanded(behind);
  if (last < first || rest === null || ((last - first) / Number(step) + 1) * rest.length > rangeMax) return null;
  const names: string[] = [];
  for (let value = first; value <= last; value += Number(step)) {
    const text = isNumber ? String(value).padStart(from.length, "0") : String.fromCharCode(value);
    for (const end of rest) names.push(`${before}${text}${end}`);
  }
  return names;
}

const groupKeys: ReadonlySet<string> = new Set(["hosts", "children", "vars"]);
const isGroup = (value: unknown): boolean => value === null || (isFields(value) && Object.keys(value).every((key) => groupKeys.has(key)));

/** An inventory as YAML, and what `ansible-inventory --list` prints. */
export const ansible: DocumentFormat = {
  name: "ansible",
  recognises(document) {
    if (!isFields(document)) return false;
    if (isFields(valueAt(document, "_meta", "hostvars"))) return true;
    const groups = Object.values(document);
    return groups.length > 0 && groups.every(isGroup) && groups.some((one) => isFields(one) && Object.keys(one).length > 0);
  },
  read(documents, { say }) {
    const told = ansibleGroups(say);
    for (const document of documents) {
      const variables = valueAt(document, "_meta", "hostvars");
      for (const [host, own] of Object.entries(isFields(variables) ? variables : {})) told.host(host, isFields(own) ? own : {});
      for (const [name, group] of Object.entries(isFields(document) ? document : {})) if (name !== "_meta") addGroup(told, { name, group, depth: 0, say });
    }
    return told.reading();
  },
};

interface Written {
  readonly name: string;
  readonly group: unknown;
  readonly depth: number;
  readonly say: Say;
}

const depthMax = 100;

function addGroup(told: AnsibleGroups, { name, group, depth, say }: Written): void {
  if (depth > depthMax) return say({ reason: "too-deep", message: `groups that nest deeper than ${depthMax} are not read` });
  const known = told.group(name);
  // Old dynamic inventories write a group as the list of its hosts.
  const listed = Array.isArray(group) ? group : listAt(group, "hosts");
  for (const host of listed) if (typeof host === "string") known.hosts.add(host);
  const [hosts, children, variables] = [valueAt(group, "hosts"), valueAt(group, "children"), valueAt(group, "vars")];
  for (const [word, own] of Object.entries(isFields(hosts) ? hosts : {})) {
    const names = expanded(word);
    if (names === null) say({ reason: "bad-range", message: `group ${quoted(name)}: the range in ${quoted(word)} is not read` });
    for (const host of names ?? []) {
      known.hosts.add(host);
      told.host(host, isFields(own) ? own : {});
    }
  }
  Object.assign(known.variables, isFields(variables) ? variables : {});
  for (const child of listAt(group, "children")) if (typeof child === "string") known.children.add(child);
  for (const [child, inner] of Object.entries(isFields(children) ? children : {})) {
    known.children.add(child);
    addGroup(told, { name: child, group: inner, depth: depth + 1, say });
  }
}

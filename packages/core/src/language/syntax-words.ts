import type { YAMLParseError } from "yaml";
import { quoted } from "./reading.ts";

type Words = readonly [message: string, help: string];

/** What a syntax error of the YAML parser means to the author of a policy: one sentence, and what to type. `line` is the text of the line. */
export function syntaxWords({ code, message }: YAMLParseError, line: string): Words {
  const [, key, value] = /^[\s-]*([\w-]+):([^\s:/].*)$/.exec(line) ?? [];
  if (code === "MULTILINE_IMPLICIT_KEY" && key !== undefined) return [`behind ${quoted(`${key}:`)} a blank is missing`, `write ${quoted(`${key}: ${value}`)}`];
  const dash = dashWords(line);
  if (dash !== null && (code === "BLOCK_AS_IMPLICIT_KEY" || code === "MULTILINE_IMPLICIT_KEY")) return dash;
  switch (code) {
    case "TAB_AS_INDENT":
      return ["a tab stands where YAML wants spaces", "indent with spaces"];
    case "BLOCK_AS_IMPLICIT_KEY":
      return ["a second `key:` follows on the same line", "put it on a line of its own, or put the value in quotes"];
    case "BAD_SCALAR_START":
      return [`a value cannot begin with this character`, "put the value in quotes"];
    case "MULTILINE_IMPLICIT_KEY":
      return ["a key goes over several lines", "write `key: value`, the key on one line; perhaps a `:` is missing"];
    case "BAD_INDENT":
      return ["the indentation fits nothing above it", "line it up with the other keys or items of its mapping or list, or begin a new item with `- `"];
    case "MISSING_CHAR":
      return missingWords(message);
    case "UNEXPECTED_TOKEN":
      return unexpectedWords(message, line);
    case "BAD_DQ_ESCAPE":
      return ["this escape does not exist in a double-quoted text", "write the backslash twice, or use single quotes"];
    case "BLOCK_IN_FLOW":
      if (/["'] +["']/.test(line)) return ["a `,` is missing in this line, between two texts", "write a `,` between the two"];
      return ["a list or mapping over several lines stands inside brackets", "write it in brackets, too"];
    case "BAD_ALIAS":
      return ["a lone `*` means nothing here", starHelp(line)];
    case "ALIAS_PROPS":
    case "BAD_COLLECTION_TYPE":
    case "BAD_DIRECTIVE":
    case "BAD_PROP_ORDER":
    case "DUPLICATE_KEY":
    case "IMPOSSIBLE":
    case "KEY_OVER_1024_CHARS":
    case "MULTIPLE_ANCHORS":
    case "MULTIPLE_DOCS":
    case "MULTIPLE_TAGS":
    case "NON_STRING_KEY":
    case "RESOURCE_EXHAUSTION":
    case "TAG_RESOLVE_FAILED":
      return [parserWords(message), "the file cannot be read until this is mended"];
  }
}

/** A dash that begins no item, for a blank behind it is missing, or it is a longer one. */
function dashWords(line: string): Words | null {
  const [, dash, rest] = /^\s*(-(?=[^\s-])|[\u2010-\u2015\u2212])\s*(.*)$/.exec(line) ?? [];
  if (dash === undefined) return null;
  return [dash === "-" ? "behind `-` a blank is missing" : `${quoted(dash)} is not the dash that begins an item`, `write ${quoted(`- ${rest}`)}`];
}

function unexpectedWords(message: string, line: string): Words {
  if (/flow-(seq|map)-start at node end/.test(message)) return ["a bracket stands inside a text without quotes", "put the text in quotes"];
  if (/scalar at node end/.test(message) && /: *['"]/.test(line)) return ["the text ends at the quote before this", "put it in quotes of the other kind"];
  if (/quoted-scalar token/.test(message)) return ["a `,` is missing before this", "write a `,` between the two"];
  return ["this fits nothing that stands before it", "check indentation, brackets and `:` here and in the line above"];
}

/** What to type for a star, by the key that it stands behind. */
function starHelp(line: string): string {
  switch (/([\w-]+): *\[? *\*/.exec(line)?.[1]) {
    case "from":
    case "to":
      return "write `anyone` for every end, or `workloads` for every workload";
    case "over":
      return "write `any`";
    case "name":
      return "write a name of letters and digits";
    default:
      return "leave the key out, or name what is meant";
  }
}

function missingWords(message: string): Words {
  if (/sequence item without/i.test(message))
    return ["this stands among the items of a list, but is none", "begin it with `- `, or indent it as far as the keys of the item above"];
  if (/implicit map keys|map keys need/i.test(message)) return ["a `:` is missing", "write `key: value`"];
  return [parserWords(message), "the file cannot be read until this is mended"];
}

const parserWords = (message: string): string => `this is not YAML: ${message.charAt(0).toLowerCase()}${message.slice(1).split("\n")[0] ?? ""}`;

import type { Diagnostic } from "@bulkhead/core/base/diagnostic";
import { printable } from "./context.ts";

/** What is needed to show diagnostics to a person: the text of a file by its path, the directory in front of paths, colours or none. */
export interface Showing {
  readonly textOf: (file: string) => string | undefined;
  readonly directory: string;
  readonly colours: boolean;
}

const widest = 120;

/** Diagnostics as people read them: sentence, place, the line with the stretch underlined, help; a sum at the end. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], showing: Showing): string {
  const lines = new Map<string, readonly string[]>();
  const lineAt = ({ at }: Diagnostic): string => {
    const known = lines.get(at.file) ?? (showing.textOf(at.file) ?? "").split("\n");
    lines.set(at.file, known);
    return known[at.line - 1] ?? "";
  };
  const blocks = diagnostics.map((diagnostic) => block(diagnostic, lineAt(diagnostic), showing));
  return [...blocks, sum(diagnostics)].join("\n");
}

/** Diagnostics as machines read them. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  const list = diagnostics.map(({ code, severity, at, message, help }) => ({ code, severity, file: at.file, line: at.line, column: at.column, message, help }));
  return `${JSON.stringify({ diagnostics: list })}\n`;
}

function block({ code, severity, at, message, help }: Diagnostic, line: string, { directory, colours }: Showing): string {
  const paint = (text: string, style: string): string => (colours ? `\u001b[${style}m${text}\u001b[0m` : text);
  const colour = severity === "error" ? "31" : "33";
  const gutter = " ".repeat(String(at.line).length);
  const bar = paint("│", "34");
  const { text, column } = window(line, at.column);
  const length = Math.max(1, Math.min(at.length, text.length - column + 1));
  const under = " ".repeat(column - 1) + paint((severity === "error" ? "^" : "~").repeat(length), `1;${colour}`);
  return [
    `${paint(`${severity}[${code}]`, `1;${colour}`)}: ${paint(printable(message), "1")}`,
    `${gutter}${paint("─→", "34")} ${printable(`${directory}/${at.file}`)}:${at.line}:${at.column}`,
    `${gutter} ${bar}`,
    `${paint(String(at.line), "34")} ${bar} ${text}`,
    `${gutter} ${bar} ${under}`,
    ...(help === null ? [] : [`${gutter} ${paint("=", "34")} help: ${printable(help)}`]),
    "",
  ].join("\n");
}

/** A line as long as a terminal is wide, around the column; every character of it one column wide and harmless. */
function window(line: string, column: number): { readonly text: string; readonly column: number } {
  const flat = line.replace(/\r$/, "").replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (char) => (char === "\t" ? " " : "�"));
  if (flat.length <= widest) return { text: flat, column: Math.min(column, flat.length + 1) };
  const start = Math.max(0, Math.min(column - 1 - 40, flat.length - widest));
  const text = flat.slice(start, start + widest);
  const isCut = { before: start > 0, after: start + widest < flat.length };
  return { text: `${isCut.before ? "…" : ""}${text}${isCut.after ? "…" : ""}`, column: column - start + (isCut.before ? 1 : 0) };
}

function sum(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;
  return `${count(errors, "error")}, ${count(warnings, "warning")}\n`;
}

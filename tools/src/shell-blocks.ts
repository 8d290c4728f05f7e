/** One command of a document: its text (continued lines joined), its line, and the exit code that it should end with. */
export interface Command {
  readonly text: string;
  readonly line: number;
  readonly exit: number;
}

/** The commands in the ```sh blocks of a Markdown text. `# exit N` behind a command says how it ends; 0 otherwise. */
export function commandsOf(markdown: string): readonly Command[] {
  const commands: Command[] = [];
  let inside = false;
  let pending: { text: string; line: number } | null = null;
  for (const [index, written] of markdown.split("\n").entries()) {
    if (written.startsWith("```")) {
      inside = !inside && /^```sh\b/.test(written);
      continue;
    }
    if (!inside) continue;
    const line: string = pending === null ? written.trim() : `${pending.text} ${written.trim()}`;
    const start: number = pending?.line ?? index + 1;
    pending = null;
    if (line === "" || line.startsWith("#")) continue;
    if (line.endsWith("\\")) pending = { text: line.slice(0, -1).trim(), line: start };
    else commands.push(commandOf(line, start));
  }
  return commands;
}

function commandOf(line: string, start: number): Command {
  const exit = Number(/#.*\bexit (\d+)/.exec(line)?.[1] ?? 0);
  return { text: line.replace(/\s+#\s.*$/, "").replace(/^\$\s+/, ""), line: start, exit };
}

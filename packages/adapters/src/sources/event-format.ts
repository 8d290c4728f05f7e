import type { FlowFormat } from "@bulkhead/core/outside";
import { firstLines } from "./first-lines.ts";
import { lineDecoder } from "./line-decoder.ts";
import { nothing, type Told } from "./record.ts";
import { runningYear, type YearOf } from "./when.ts";

/** A language of events that any product may write: CEF and LEEF spell the same events. */
export interface EventLanguage {
  readonly name: string;
  readonly reads: string;
  /** Whether a line is one. */
  readonly isEvent: (line: string) => boolean;
  /** What a line says; null when it is none. */
  readonly told: (line: string, yearOf: YearOf | null) => Told | null;
}

/** The format of files in such a language, whoever wrote them. */
export function eventFormat({ name, reads, isEvent, told }: EventLanguage): FlowFormat {
  return {
    name,
    tells: {
      reads,
      opener: ["stated", "port", "unknown"],
      answered: "sometimes",
      verdict: "sometimes",
      rule: "sometimes",
      reason: "sometimes",
      counts: ["both", "one", "none"],
      connections: ["records", "windows"],
      bytes: ["unsaid"],
      sampling: "unsaid",
      labels: ["user", "host", "process"],
      times: "first and last",
      gaps: "events without two addresses and a protocol are counted as no flows; what a product leaves out of its events is not said",
    },
    recognises: (head) => firstLines(head).some(isEvent),
    decoder(input) {
      const yearOf = runningYear(input.year);
      const strange: Told = { kind: "notice", reason: `a line that is no ${name.toUpperCase()} event` };
      return lineDecoder(name, input, (line) => (line.trim() === "" ? nothing : (told(line, yearOf) ?? strange)));
    },
  };
}

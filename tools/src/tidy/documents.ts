import { posix } from "node:path";
import { type Finding, lineAt, type SourceText } from "./finding.ts";

const link = /\]\((?!https?:|mailto:|#)([^)\s]+)\)/g;
const namedPath = /`((?:packages|docs|tools|bench|conformance|examples|lab|\.ci)\/[A-Za-z0-9_./*{},-]+)`/g;

/** Documents with no title or two, and links and paths that lead nowhere. `exists` answers for paths from the root. */
export function documentFindings(documents: readonly SourceText[], exists: (path: string) => boolean): readonly Finding[] {
  return documents.flatMap((document) => [...titleFindings(document), ...linkFindings(document, exists), ...pathFindings(document, exists)]);
}

function titleFindings({ path, text }: SourceText): readonly Finding[] {
  const outsideCode = text.replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, " "));
  const titles = outsideCode.match(/^# .+/gm)?.length ?? 0;
  return titles === 1 ? [] : [{ path, line: 1, message: `a document has exactly one title; this one has ${titles}` }];
}

function linkFindings({ path, text }: SourceText, exists: (path: string) => boolean): readonly Finding[] {
  return [...text.matchAll(link)].flatMap((match) => {
    const target = posix.normalize(posix.join(posix.dirname(path), (match[1] ?? "").replace(/#.*$/, "")));
    return exists(target) ? [] : [{ path, line: lineAt(text, match.index), message: `the link leads nowhere: \`${match[1]}\`` }];
  });
}

function pathFindings({ path, text }: SourceText, exists: (path: string) => boolean): readonly Finding[] {
  return [...text.matchAll(namedPath)].flatMap((match) => {
    const named = (match[1] ?? "").replace(/\/$/, "");
    return /[*{]/.test(named) || exists(named) ? [] : [{ path, line: lineAt(text, match.index), message: `no such path: \`${named}\`` }];
  });
}

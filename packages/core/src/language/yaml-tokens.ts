import type { CST } from "yaml";

type Token = CST.Token;

/** The offset where nesting first exceeds `most`, or null. Walks without recursion, so that a hostile file cannot exhaust the stack. */
export function nestingOf(tokens: readonly Token[], most: number): number | null {
  const open: { readonly token: Token; readonly depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  let first: number | null = null;
  for (let top = open.pop(); top !== undefined; top = open.pop()) {
    const { token } = top;
    const depth = isCollection(token) ? top.depth + 1 : top.depth;
    for (const child of childrenOf(token))
      if (depth > most) first = Math.min(first ?? child.offset, child.offset);
      // Most tokens are scalars, and hold nothing.
      else if (isCollection(child)) open.push({ token: child, depth });
  }
  return first;
}

const isCollection = (token: Token): boolean => token.type === "block-map" || token.type === "block-seq" || token.type === "flow-collection";

function childrenOf(token: Token): readonly Token[] {
  if (token.type === "document") return token.value === undefined ? [] : [token.value];
  if (token.type !== "block-map" && token.type !== "block-seq" && token.type !== "flow-collection") return [];
  const children: Token[] = [];
  for (const { key, value } of token.items) {
    if (key !== undefined && key !== null) children.push(key);
    if (value !== undefined) children.push(value);
  }
  return children;
}

/** A bracket or quote that is still open where the parser gave up. */
export interface Unclosed {
  readonly at: number;
  readonly mark: string;
  readonly close: string;
}

/** The innermost bracket that was never closed, if that is why the parser stopped at `offset`. */
export function unclosedIn(tokens: readonly Token[], offset: number): Unclosed | null {
  let found: Unclosed | null = null;
  const open = [...tokens];
  for (let token = open.pop(); token !== undefined; token = open.pop()) {
    open.push(...childrenOf(token));
    const mark = token.type === "flow-collection" ? openBracket(token) : openQuote(token);
    if (mark !== null && mark.at <= offset && (found === null || mark.at > found.at)) found = mark;
  }
  return found;
}

function openBracket(token: CST.FlowCollection): Unclosed | null {
  const mark = token.start.source;
  const close = mark === "[" ? "]" : "}";
  return token.end.some((end) => end.source === close) ? null : { at: token.start.offset, mark, close };
}

function openQuote(token: Token): Unclosed | null {
  if (token.type !== "single-quoted-scalar" && token.type !== "double-quoted-scalar") return null;
  const mark = token.source.charAt(0);
  const isClosed = token.source.length > 1 && token.source.endsWith(mark);
  return isClosed ? null : { at: token.offset, mark, close: mark };
}

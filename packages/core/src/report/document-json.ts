import type { Block, Document } from "./document.ts";

/** A document as JSON: everything but the pictures, of which the tables say the same. Equal documents give equal bytes. */
export function documentJson({ title, front, sections }: Document): string {
  const plain = (block: Block): unknown => {
    switch (block.kind) {
      case "figure":
        return { kind: "figure", id: block.id, title: block.title, text: block.text, table: block.table };
      case "table":
        return { kind: "table", id: block.id, title: block.title, columns: block.columns, rows: block.rows };
      case "words":
      case "missing":
        return block;
    }
  };
  const all = sections.map(({ number, id, title: name, blocks }) => ({ number, id, title: name, blocks: blocks.map(plain) }));
  return `${JSON.stringify({ title, front: Object.fromEntries(front), sections: all }, null, 1)}\n`;
}

import { addBits, type Bits, hasBit, wordsFor } from "../decide/bits.ts";
import { type Components, componentsOf, successorsOf } from "./components.ts";
import { type Graph, leaving, nextFrom } from "./graph.ts";

/** Whom each reaches in any number of steps, itself only where a way leads back. Who may not be a step between is only ever first or last. */
export function closureOf(graph: Graph, through: Bits | null = null): Graph {
  if (through === null) return plainClosure(graph);
  const { count, rows } = graph;
  const inner = plainClosure(leaving(graph, through));
  const known = new Map<Bits, Bits>();
  const wholeOf = (row: Bits): Bits => {
    const kept = known.get(row) ?? withRow(inner, row);
    known.set(row, kept);
    return kept;
  };
  return { count, rows: rows.map((row, index) => (hasBit(through, index) ? inner.rows[index]! : wholeOf(row))) };
}

/** What is reached in one step, and what that reaches. */
function withRow(inner: Graph, row: Bits): Bits {
  const whole = nextFrom(inner, row);
  addBits(whole, row);
  return whole;
}

/** Condenses strong components, then joins rows from the last component to the first. */
function plainClosure(graph: Graph): Graph {
  const components = componentsOf(graph);
  const { of, members } = components;
  const closed: Bits[] = [];
  for (let own = members.length - 1; own >= 0; own -= 1) closed[own] = closedRow(graph, { components, own, closed });
  return { count: graph.count, rows: Array.from({ length: graph.count }, (_, index) => closed[of[index]!]!) };
}

interface Around {
  readonly components: Components;
  readonly own: number;
  /** The rows of all later components. */
  readonly closed: readonly Bits[];
}

function closedRow({ count, rows }: Graph, { components, own, closed }: Around): Bits {
  const direct = new Uint32Array(wordsFor(count));
  for (const row of new Set(components.members[own]!.map((member) => rows[member]!))) addBits(direct, row);
  const beyond = new Uint32Array(wordsFor(count));
  for (const next of successorsOf(components, direct, own)) {
    // Who lies beyond a nearer one brings nothing that is not there already.
    if (!hasBit(beyond, components.members[next]![0]!)) addBits(beyond, closed[next]!);
  }
  addBits(beyond, direct);
  return beyond;
}

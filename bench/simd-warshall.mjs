// Warshall over rows of bits in WebAssembly, 128 bits at a time; the module is small enough to be written down byte by byte.
const [i32, v128] = [0x7f, 0xfd];
const [loop, branch, ifSo, end, none] = [0x03, 0x0d, 0x04, 0x0b, 0x40];
const get = (local) => [0x20, local];
const set = (local) => [0x21, local];
const constant = (value) => [0x41, value];
const [add, subtract, and, shift, load] = [[0x6a], [0x6b], [0x71], [0x76], [0x28, 2, 0]];
const advance = (local, by) => [get(local), by, add, set(local)];
const countDown = (local) => [get(local), constant(1), subtract, [0x22, local], [branch, 0]];

// Parameters: how many rows, bytes of a row, where the row between is, in which byte of a row its word is, its bit.
const [rows, stride, between, word, bit, row, left, to, from, parts] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const body = [
  [get(rows), set(left)],
  [loop, none],
  [get(row), get(word), add, load, get(bit), and],
  [ifSo, none],
  [get(row), set(to), get(between), set(from), get(stride), constant(4), shift, set(parts)],
  [loop, none],
  [get(to), get(to), [v128, 0, 4, 0], get(from), [v128, 0, 4, 0], [v128, 0x50], [v128, 0x0b, 4, 0]],
  [advance(to, constant(16)), advance(from, constant(16)), countDown(parts)],
  [end, end],
  [advance(row, get(stride)), countDown(left)],
  [end, end],
];

const section = (id, bytes) => [id, ...sized(bytes)];
const sized = (bytes) => [(bytes.length & 0x7f) | 0x80, bytes.length >>> 7, ...bytes];
const code = [1, 5, i32, ...body.flat(Infinity)];
const bytes = [
  [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  section(1, [1, 0x60, 5, i32, i32, i32, i32, i32, 0]),
  section(2, [1, 1, 0x6d, 1, 0x6d, 2, 0, 1]),
  section(3, [1, 0]),
  section(7, [1, 1, 0x66, 0, 0]),
  section(10, [1, ...sized(code)]),
];

/** Whom each of a graph reaches. */
export function simdWarshall({ count, rows: graph }) {
  const wide = Math.ceil(graph[0].length / 4) * 16;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((wide * count) / 65_536) });
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes.flat(Infinity))), { m: { m: memory } }).exports;
  const words = new Uint32Array(memory.buffer);
  for (const [one, own] of graph.entries()) words.set(own, (one * wide) / 4);
  for (let one = 0; one < count; one += 1) f(count, wide, one * wide, (one >>> 5) * 4, 1 << (one & 31));
  return graph.map((own, one) => words.slice((one * wide) / 4, (one * wide) / 4 + own.length));
}

/** Bytes that were pushed and not yet read, in one buffer that is used again: a new one for every chunk would have to be cleared. */
export interface Unread {
  all: Uint8Array;
  readonly add: (more: Uint8Array) => void;
  readonly drop: (count: number) => void;
}

export function unread(): Unread {
  let buffer = new Uint8Array(0);
  const own: Unread = {
    all: buffer,
    add(more) {
      const { all } = own;
      const length = all.length + more.length;
      if (length > buffer.length) {
        buffer = new Uint8Array(length + (length >> 3));
        buffer.set(all);
      }
      buffer.set(more, all.length);
      own.all = buffer.subarray(0, length);
    },
    drop(count) {
      if (count === 0) return;
      const { length } = own.all;
      buffer.copyWithin(0, count, length);
      own.all = buffer.subarray(0, length - count);
    },
  };
  return own;
}

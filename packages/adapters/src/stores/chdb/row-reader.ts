/** Reads values of ClickHouse's RowBinary. Reading past the end throws a RangeError: the row goes on in the next chunk. */
export class RowReader {
  at = 0;

  constructor(readonly buffer: Buffer) {}

  get isAtEnd(): boolean {
    return this.at >= this.buffer.length;
  }

  byte(): number {
    const value = this.buffer.readUInt8(this.at);
    this.at += 1;
    return value;
  }

  uint16(): number {
    const value = this.buffer.readUInt16LE(this.at);
    this.at += 2;
    return value;
  }

  uint32(): number {
    const value = this.buffer.readUInt32LE(this.at);
    this.at += 4;
    return value;
  }

  int64(): number {
    const value = this.buffer.readInt32LE(this.at + 4) * 0x1_0000_0000 + this.buffer.readUInt32LE(this.at);
    this.at += 8;
    return value;
  }

  bytes(length: number): Buffer {
    if (this.at + length > this.buffer.length) throw new RangeError("past the end");
    this.at += length;
    return this.buffer.subarray(this.at - length, this.at);
  }

  /** A length in seven bits a byte, the lowest first. */
  length(): number {
    let length = 0;
    let factor = 1;
    for (;;) {
      const byte = this.byte();
      length += (byte & 127) * factor;
      if (byte < 128) return length;
      factor *= 128;
    }
  }

  text(): string {
    const length = this.length();
    if (length === 0) return "";
    if (this.at + length > this.buffer.length) throw new RangeError("past the end");
    this.at += length;
    return this.buffer.toString("utf8", this.at - length, this.at);
  }
}

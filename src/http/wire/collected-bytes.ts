/** Bytes that arrive in pieces. Each is copied: a small piece would keep the whole buffer that it was read into. */

const FIRST_BLOCK = 4 * 1024;
const LARGEST_BLOCK = 1024 * 1024;

export class CollectedBytes {
  #blocks: Buffer[] = [];
  /** How much of the last block is filled. */
  #filled = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(piece: Uint8Array): void {
    for (let from = 0; from < piece.length; ) {
      let block = this.#blocks.at(-1);
      if (block === undefined || this.#filled === block.length) {
        block = Buffer.allocUnsafeSlow(
          Math.min(Math.max(this.#length, FIRST_BLOCK), LARGEST_BLOCK),
        );
        this.#blocks.push(block);
        this.#filled = 0;
      }
      const part = piece.subarray(from, from + block.length - this.#filled);
      block.set(part, this.#filled);
      this.#filled += part.length;
      from += part.length;
    }
    this.#length += piece.length;
  }

  /** Gives what came, joined, and forgets it. */
  take(): Buffer {
    const bytes = Buffer.concat(this.#blocks, this.#length);
    this.clear();
    return bytes;
  }

  clear(): void {
    this.#blocks = [];
    this.#filled = 0;
    this.#length = 0;
  }
}

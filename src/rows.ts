/**
 * Many short records, one for each article or response of a run: numbers and texts outside the heap of V8, in typed
 * arrays. An object for each takes four to ten times as much, and all of them are looked at whenever V8 collects.
 */

/** Rows by numbers that are hashes, in twelve bytes each for a place that is free at most every third time. */
export class Rows {
  #keys = new Float64Array(1024).fill(Number.NaN);
  #rows = new Uint32Array(1024);
  size = 0;

  get(key: number): number | undefined {
    if (Number.isNaN(key)) return undefined;
    const at = this.#placeOf(key);
    return this.#keys[at] === key ? this.#rows[at] : undefined;
  }

  /** @returns false where the key was known */
  set(key: number, row: number): boolean {
    if (Number.isNaN(key)) return true;
    if (this.size * 3 > this.#keys.length * 2) this.#grow();
    const at = this.#placeOf(key);
    const isNew = this.#keys[at] !== key;
    this.#keys[at] = key;
    this.#rows[at] = row;
    if (isNew) this.size++;
    return isNew;
  }

  /** Where a key is, or may be put. */
  #placeOf(key: number): number {
    const last = this.#keys.length - 1;
    // Hashes: their lowest bits are as good as any.
    let at = key % this.#keys.length;
    while (!Number.isNaN(this.#keys[at]) && this.#keys[at] !== key) at = at === last ? 0 : at + 1;
    return at;
  }

  #grow(): void {
    const [keys, rows] = [this.#keys, this.#rows];
    this.#keys = new Float64Array(keys.length * 2).fill(Number.NaN);
    this.#rows = new Uint32Array(rows.length * 2);
    for (let at = 0; at < keys.length; at++) {
      const key = keys[at] ?? Number.NaN;
      if (Number.isNaN(key)) continue;
      const to = this.#placeOf(key);
      this.#keys[to] = key;
      this.#rows[to] = rows[at] ?? 0;
    }
  }
}

/** Rows of a block: what grows is the number of blocks, and nothing is copied. */
const BLOCK = 1 << 12;

/** Rows of numbers, as many for each. */
export class Columns {
  readonly #width: number;
  readonly #blocks: Float64Array[] = [];
  /** How many rows there are. */
  length = 0;

  constructor(width: number) {
    this.#width = width;
  }

  /** @param numbers of the row, column by column @returns the row */
  add(numbers: readonly number[]): number {
    const row = this.length++;
    if (row % BLOCK === 0) this.#blocks.push(new Float64Array(BLOCK * this.#width));
    for (const [column, number] of numbers.entries()) this.set(row, column, number);
    return row;
  }

  /** NaN where there is no such row. */
  get(row: number, column: number): number {
    const block = this.#blocks[Math.floor(row / BLOCK)];
    return block?.[(row % BLOCK) * this.#width + column] ?? Number.NaN;
  }

  set(row: number, column: number, number: number): void {
    const block = this.#blocks[Math.floor(row / BLOCK)] as Float64Array;
    block[(row % BLOCK) * this.#width + column] = number;
  }
}

/** Digits of an id that a number holds exactly: 52 bits. The other twelve are in a number of their own. */
const DIGITS = 13;
const ID = /^[0-9a-f]{16}$/;

/** Rows of numbers by ids, in the order in which these came. Ids are compared whole; those of another form are kept as they are. */
export class IdTable {
  readonly #rows = new Rows();
  readonly #columns: Columns;
  readonly #width: number;
  /** Ids of another form, or with the first digits of one that came before. */
  readonly #others = new Map<string, number>();
  readonly #otherAt = new Map<number, string>();

  constructor(width: number) {
    this.#width = width;
    this.#columns = new Columns(width + 2);
  }

  /** How many ids there are. */
  get length(): number {
    return this.#columns.length;
  }

  rowOf(id: string): number | undefined {
    const other = this.#others.get(id);
    if (other !== undefined || !ID.test(id)) return other;
    const row = this.#rows.get(firstOf(id));
    const isSame = row !== undefined && this.get(row, this.#width + 1) === restOf(id);
    return isSame ? row : undefined;
  }

  idAt(row: number): string {
    const [first, rest] = [this.get(row, this.#width), this.get(row, this.#width + 1)];
    const hex = (number: number, digits: number) => number.toString(16).padStart(digits, "0");
    return this.#otherAt.get(row) ?? hex(first, DIGITS) + hex(rest, 16 - DIGITS);
  }

  get(row: number, column: number): number {
    return this.#columns.get(row, column);
  }

  /** @param numbers of its row, column by column @returns its row, a new one where it had none */
  set(id: string, numbers: readonly number[]): number {
    const known = this.rowOf(id);
    if (known === undefined) return this.#add(id, numbers);
    for (const [column, number] of numbers.entries()) this.#columns.set(known, column, number);
    return known;
  }

  #add(id: string, numbers: readonly number[]): number {
    const [first, rest] = [firstOf(id), restOf(id)];
    const row = this.#columns.add([...numbers, first, rest]);
    if (ID.test(id) && this.#rows.get(first) === undefined) this.#rows.set(first, row);
    else {
      this.#others.set(id, row);
      this.#otherAt.set(row, id);
    }
    return row;
  }
}

function firstOf(id: string): number {
  return Number.parseInt(id.slice(0, DIGITS), 16);
}

function restOf(id: string): number {
  return Number.parseInt(id.slice(DIGITS), 16);
}

/** Bytes of a block of texts. */
const TEXTS = 1 << 16;

/** Texts, as UTF-8 in blocks. */
export class Texts {
  readonly #blocks: Buffer[] = [];
  #end = 0;
  readonly #places = new Columns(3);

  /** @param text well-formed Unicode, as JSON is @returns its row */
  add(text: string): number {
    const length = Buffer.byteLength(text);
    if (this.#end + length > (this.#blocks.at(-1)?.length ?? 0)) {
      this.#blocks.push(Buffer.allocUnsafeSlow(Math.max(length, TEXTS)));
      this.#end = 0;
    }
    this.#blocks.at(-1)?.write(text, this.#end);
    const row = this.#places.add([this.#blocks.length - 1, this.#end, length]);
    this.#end += length;
    return row;
  }

  /** @throws where there is no such row */
  at(row: number): string {
    const block = this.#blocks[this.#places.get(row, 0)];
    if (block === undefined || row >= this.#places.length)
      throw new Error(`no text has the row ${row}`);
    const from = this.#places.get(row, 1);
    return block.toString("utf8", from, from + this.#places.get(row, 2));
  }
}

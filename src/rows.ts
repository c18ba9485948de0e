/**
 * Many short records, one for each article or response of a run: numbers and texts outside the heap of V8, in typed
 * arrays. An object for each takes four to ten times as much, and all of them are looked at whenever V8 collects.
 */

/** Places of a table that is full. Twice as many would be free for half of its time. */
function grown(length: number): number {
  return Math.ceil(length * 1.5);
}

/** A number by another one that is a hash: twelve bytes for a place, of which a third to five ninths are free. */
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
    this.#keys = new Float64Array(grown(keys.length)).fill(Number.NaN);
    this.#rows = new Uint32Array(grown(keys.length));
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

/** Where the rows of a table are, by a number of theirs that is a hash: four bytes for a place, of which a third to five ninths are free. */
class Places {
  /** Rows, from 1; 0 for a free place. */
  #places = new Uint32Array(1024);
  #taken = 0;
  readonly #keyOf: (row: number) => number;

  constructor(keyOf: (row: number) => number) {
    this.#keyOf = keyOf;
  }

  rowOf(key: number): number | undefined {
    const row = this.#places[this.#placeOf(key)] ?? 0;
    return row === 0 ? undefined : row - 1;
  }

  /** Puts a row in the place of one with the same number. */
  set(row: number): void {
    if (this.#taken * 3 > this.#places.length * 2) this.#grow();
    const at = this.#placeOf(this.#keyOf(row));
    if (this.#places[at] === 0) this.#taken++;
    this.#places[at] = row + 1;
  }

  /** Where a row with a number is, or may be put. */
  #placeOf(key: number): number {
    const { length } = this.#places;
    // Hashes: their lowest bits are as good as any.
    for (let at = key % length; ; at = at === length - 1 ? 0 : at + 1) {
      const row = this.#places[at] ?? 0;
      if (row === 0 || this.#keyOf(row - 1) === key) return at;
    }
  }

  #grow(): void {
    const before = this.#places;
    this.#places = new Uint32Array(grown(before.length));
    for (const row of before) if (row > 0) this.#places[this.#placeOf(this.#keyOf(row - 1))] = row;
  }
}

/** Rows of numbers by a number that is a hash, such as a fingerprint. The newest row of a key is found by it. */
export class Table {
  readonly #columns: Columns;
  readonly #places: Places;
  readonly #key: number;

  /** @param width numbers of a row, beside its key */
  constructor(width: number) {
    this.#key = width;
    this.#columns = new Columns(width + 1);
    this.#places = new Places((row) => this.#columns.get(row, width));
  }

  /** How many rows there are. */
  get length(): number {
    return this.#columns.length;
  }

  /** @returns the new row; a key that is not a number is never found */
  add(key: number, numbers: readonly number[]): number {
    const row = this.#columns.add([...numbers, key]);
    if (!Number.isNaN(key)) this.#places.set(row);
    return row;
  }

  rowOf(key: number): number | undefined {
    return Number.isNaN(key) ? undefined : this.#places.rowOf(key);
  }

  keyAt(row: number): number {
    return this.#columns.get(row, this.#key);
  }

  get(row: number, column: number): number {
    return this.#columns.get(row, column);
  }

  set(row: number, column: number, number: number): void {
    this.#columns.set(row, column, number);
  }
}

/** Digits of an id that a number holds exactly: 52 bits. The other twelve are in a number of their own. */
const DIGITS = 13;
const ID = /^[0-9a-f]{16}$/;

/** Rows of numbers by ids, in the order in which these came. Ids are compared whole; those of another form are kept as they are. */
export class IdTable {
  readonly #table: Table;
  /** The column of the other digits. */
  readonly #rest: number;
  /** Ids of another form, or with the first digits of one that came before. */
  readonly #others = new Map<string, number>();
  readonly #otherAt = new Map<number, string>();

  /** @param width numbers of a row */
  constructor(width: number) {
    this.#rest = width;
    this.#table = new Table(width + 1);
  }

  /** How many ids there are. */
  get length(): number {
    return this.#table.length;
  }

  rowOf(id: string): number | undefined {
    const other = this.#others.get(id);
    if (other !== undefined || !ID.test(id)) return other;
    const row = this.#table.rowOf(firstOf(id));
    return row !== undefined && this.get(row, this.#rest) === restOf(id) ? row : undefined;
  }

  idAt(row: number): string {
    const hex = (number: number, digits: number) => number.toString(16).padStart(digits, "0");
    const [first, rest] = [this.#table.keyAt(row), this.get(row, this.#rest)];
    // Joined, since V8 keeps both parts of a sum.
    return this.#otherAt.get(row) ?? [hex(first, DIGITS), hex(rest, 16 - DIGITS)].join("");
  }

  get(row: number, column: number): number {
    return this.#table.get(row, column);
  }

  /** @param numbers of its row, column by column @returns its row, a new one where it had none */
  set(id: string, numbers: readonly number[]): number {
    const known = this.rowOf(id);
    if (known === undefined) return this.#add(id, numbers);
    for (const [column, number] of numbers.entries()) this.#table.set(known, column, number);
    return known;
  }

  #add(id: string, numbers: readonly number[]): number {
    const first = firstOf(id);
    if (ID.test(id) && this.#table.rowOf(first) === undefined)
      return this.#table.add(first, [...numbers, restOf(id)]);
    const row = this.#table.add(Number.NaN, [...numbers, Number.NaN]);
    this.#others.set(id, row);
    this.#otherAt.set(row, id);
    return row;
  }
}

function firstOf(id: string): number {
  return Number.parseInt(id.slice(0, DIGITS), 16);
}

function restOf(id: string): number {
  return Number.parseInt(id.slice(DIGITS), 16);
}

/** Bytes of a block of texts, and of the length before each. */
const [TEXTS, LENGTH] = [1 << 16, 4];

/** Texts, as UTF-8 in blocks. */
export class Texts {
  readonly #blocks: Buffer[] = [];
  #end = 0;

  /** @param text well-formed Unicode, as JSON is @returns where it is */
  add(text: string): number {
    const length = Buffer.byteLength(text);
    if (this.#end + LENGTH + length > (this.#blocks.at(-1)?.length ?? 0)) {
      // A text that is longer than a block has one of its own.
      this.#blocks.push(Buffer.allocUnsafeSlow(Math.max(LENGTH + length, TEXTS)));
      this.#end = 0;
    }
    const place = (this.#blocks.length - 1) * TEXTS + this.#end;
    this.#blocks.at(-1)?.writeUInt32LE(length, this.#end);
    this.#blocks.at(-1)?.write(text, this.#end + LENGTH);
    this.#end += LENGTH + length;
    return place;
  }

  /** @throws where no text is */
  at(place: number): string {
    const block = this.#blocks[Math.floor(place / TEXTS)];
    if (block === undefined) throw new Error(`no text is at ${place}`);
    const from = (place % TEXTS) + LENGTH;
    return block.toString("utf8", from, from + block.readUInt32LE(from - LENGTH));
  }
}

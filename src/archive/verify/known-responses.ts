/**
 * The responses of captures in some 80 bytes each, however many there are: fingerprints of what indexes and records say
 * of them. Where something differs, the response is read again, to say how.
 */
import { type CapturedResponse, plainUrl } from "../../capture/read/captured-response.js";
import type { WarcFile } from "../../capture/read/files.js";
import { Rows } from "../../disk/rows.js";
import type { RecordSource } from "../../schema/capture.js";
import { fingerprint } from "../../url.js";
import type { CdxjLine } from "../../warc/cdxj.js";
import { digitsOf } from "../../warc/date.js";
import type { IndexedRequest } from "../../warc/post.js";

export interface CheckedResponse extends CapturedResponse {
  /** SHA-256 of the payload; null for a revisit, whose original has it. */
  readonly sha256: string | null;
}

/** Reads a response again. @param length bytes that its record takes, where that is known */
export type ReadAgain = (
  file: WarcFile,
  offset: number,
  length?: number,
) => Promise<CheckedResponse>;

/** What is known of a row; NaN for what it does not say. */
const [OFFSET, ID, LINE, SOURCE, SHA256, DIGEST, REFERS, AT, COLUMNS] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const [REVISIT, HAS_DIGEST, HAS_SHA256] = [1, 2, 4];
/** Rows of a block: what grows is the number of blocks, and nothing is copied. */
const BLOCK = 1 << 14;

export class KnownResponses {
  readonly #files: { readonly file: WarcFile; readonly first: number }[] = [];
  readonly #numbers: Float64Array[] = [];
  readonly #flags: Uint8Array[] = [];
  readonly #byId = new Rows();
  /** Of a package, whose pages are looked up. */
  readonly #urls: Rows | null;
  /** Of other programs, whose revisits name originals by URL and date, or by a digest alone. */
  readonly #originals = new Rows();
  /** How many rows are in it, or are revisits. */
  #named = 0;
  readonly #posted = new Map<number, IndexedRequest>();
  readonly #read: ReadAgain;
  readonly #foreign: boolean;
  /** How many rows there are. */
  rows = 0;

  /**
   * @param read reads a response again
   * @param of what holds them; in a package of another program, that one wrote them
   */
  constructor(read: ReadAgain, of: "archive" | "package" | "foreign package") {
    this.#read = read;
    this.#foreign = of === "foreign package";
    this.#urls = of === "archive" ? null : new Rows();
  }

  /** How many responses with an id of their own there are. */
  get size(): number {
    return this.#byId.size;
  }

  /** @returns false where a response with its id is known; the new one takes its place */
  add(response: CheckedResponse): boolean {
    const { file, url, date, id, digest, sha256, refersTo, offset } = response;
    if (this.#files.at(-1)?.file !== file) this.#files.push({ file, first: this.rows });
    const row = this.rows++;
    if (row % BLOCK === 0) {
      this.#numbers.push(new Float64Array(BLOCK * COLUMNS).fill(Number.NaN));
      this.#flags.push(new Uint8Array(BLOCK));
    }
    const flags =
      (refersTo === null ? 0 : REVISIT) |
      (digest === null ? 0 : HAS_DIGEST) |
      (sha256 === null ? 0 : HAS_SHA256);
    (this.#flags[row >>> 14] as Uint8Array)[row % BLOCK] = flags;
    this.#set(row, OFFSET, offset);
    this.#set(row, ID, fingerprint(id));
    this.#set(row, LINE, this.#lineOf(response, flags));
    this.#set(row, SOURCE, sourceOf(url, digest, date));
    if (sha256 !== null) this.#set(row, SHA256, fingerprint(sha256));
    if (digest !== null) this.#set(row, DIGEST, this.#digestOf(digest));
    if (refersTo?.id != null) this.#set(row, REFERS, fingerprint(refersTo.id));
    this.#urls?.set(fingerprint(plainUrl(url) ?? url), row);
    if (this.#foreign) this.#nameOriginal(row, response);
    return this.#byId.set(this.#get(row, ID), row);
  }

  /** Notes by what a revisit may name a response, or what it names. */
  #nameOriginal(row: number, { url, date, refersTo }: CheckedResponse): void {
    const of = refersTo?.url ?? url;
    const when = refersTo === null ? date : refersTo.date;
    if (when !== null) this.#set(row, AT, fingerprint(`${plainUrl(of) ?? of} ${digitsOf(when)}`));
  }

  /** The last response by what a revisit of another program may name; filled when the first one asks. */
  #originalBy(key: number): number | undefined {
    for (; this.#foreign && this.#named < this.rows; this.#named++) {
      if (this.isRevisit(this.#named)) continue;
      this.#originals.set(this.#get(this.#named, AT), this.#named);
      this.#originals.set(this.#get(this.#named, DIGEST), this.#named);
    }
    return this.#originals.get(key);
  }

  /** The row of the last response with an id. */
  rowOf(id: string): number | undefined {
    return this.#byId.get(fingerprint(id));
  }

  hasUrl(url: string): boolean {
    return this.#urls?.get(fingerprint(plainUrl(url) ?? url)) !== undefined;
  }

  /** Rows of a file that was read last, from one to before another. */
  rowAt(first: number, end: number, offset: number): number | undefined {
    let [low, high] = [first, end];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#get(middle, OFFSET) < offset) low = middle + 1;
      else high = middle;
    }
    return low < end && this.#get(low, OFFSET) === offset ? low : undefined;
  }

  /** The whole of a row. @param length bytes that its record takes, where that is known */
  read(row: number, length?: number): Promise<CheckedResponse> {
    const { file } = this.#files.findLast(({ first }) => first <= row) as { file: WarcFile };
    return this.#read(file, this.#get(row, OFFSET), length);
  }

  isRevisit(row: number): boolean {
    return (this.#flagsOf(row) & REVISIT) !== 0;
  }

  post(row: number, request: IndexedRequest): void {
    this.#posted.set(row, request);
  }

  postOf(row: number): IndexedRequest | undefined {
    return this.#posted.get(row);
  }

  /** True where a line of an index says the same as the response, in the same words. */
  saysLine(row: number, line: CdxjLine): boolean {
    // No other program writes a SHA-256: what a line says there is looked up.
    if (this.#foreign && line.sha256 !== "") return false;
    return this.#get(row, LINE) === this.#lineOf(line, this.#flagsOf(row));
  }

  /** True where a line that ties an entry to a response says the same; `original` has the payload. */
  saysSource(row: number, original: number | undefined, source: RecordSource): boolean {
    const { url, digest, fetchedAt, sha256 } = source;
    if (this.#get(row, SOURCE) !== sourceOf(url, digest, fetchedAt)) return false;
    const known = original === undefined ? Number.NaN : this.#get(original, SHA256);
    return Number.isNaN(known) || known === fingerprint(sha256);
  }

  /** The response that a revisit repeats. */
  originalOf(row: number): number | undefined {
    return (
      this.#byId.get(this.#get(row, REFERS)) ??
      this.#originalBy(this.#get(row, AT)) ??
      (this.#foreign ? this.#originalBy(this.#get(row, DIGEST)) : undefined)
    );
  }

  hasOneDigest(row: number, other: number): boolean {
    const [a, b] = [this.#get(row, DIGEST), this.#get(other, DIGEST)];
    return a === b || (Number.isNaN(a) && Number.isNaN(b));
  }

  /** What an index says of a response, without what the response does not know itself. */
  #lineOf({ url, date, digest, length, status, sha256 }: Said, flags: number): number {
    const known = flags & HAS_DIGEST ? digest : "";
    const said = this.#foreign
      ? [plainUrl(url) ?? url, digitsOf(date), length, status, known?.toLowerCase()]
      : [url, date, length, status, known, flags & HAS_SHA256 ? sha256 : ""];
    return fingerprint(said.join("\n"));
  }

  /** Programs write a digest in several forms. */
  #digestOf(digest: string): number {
    return fingerprint(this.#foreign ? digest.toLowerCase() : digest);
  }

  #flagsOf(row: number): number {
    return this.#flags[row >>> 14]?.[row % BLOCK] ?? 0;
  }

  #get(row: number, column: number): number {
    return this.#numbers[row >>> 14]?.[(row % BLOCK) * COLUMNS + column] ?? Number.NaN;
  }

  #set(row: number, column: number, value: number): void {
    (this.#numbers[row >>> 14] as Float64Array)[(row % BLOCK) * COLUMNS + column] = value;
  }
}

type Said = Pick<CdxjLine, "url" | "date" | "length" | "status"> & {
  readonly digest: string | null;
  readonly sha256: string | null;
};

function sourceOf(url: string, digest: string | null, date: string): number {
  return fingerprint([url, digest, date].join("\n"));
}

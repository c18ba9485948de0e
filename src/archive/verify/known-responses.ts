/**
 * The responses of captures in some 80 bytes each, however many there are: fingerprints of what indexes and records say
 * of them. Where something differs, the response is read again, to say how.
 */
import { type CapturedResponse, plainUrl } from "../../capture/read/captured-response.js";
import type { WarcFile } from "../../capture/read/files.js";
import { Columns, Rows } from "../../rows.js";
import type { RecordSource } from "../../schema/capture.js";
import { firstPlace } from "../../text.js";
import { fingerprint } from "../../url/digest.js";
import type { CdxjLine } from "../../warc/cdxj.js";
import { digitsOf } from "../../warc/date.js";
import { digestKey } from "../../warc/digest.js";
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
const [OFFSET, ID, LINE, SOURCE, SHA256, DIGEST, REFERS, AT] = [0, 1, 2, 3, 4, 5, 6, 7];
const [FLAGS, COLUMNS] = [8, 9];
const [REVISIT, HAS_DIGEST, HAS_SHA256] = [1, 2, 4];

export class KnownResponses {
  readonly #files: { readonly file: WarcFile; readonly first: number }[] = [];
  readonly #numbers = new Columns(COLUMNS);
  readonly #byId = new Rows();
  /** Of a package, whose pages are looked up. */
  readonly #urls: Rows | null;
  /** Of other programs, whose revisits name originals by URL and date, or by a digest alone. */
  readonly #originals = new Rows();
  /** How many rows are in it, or are revisits. */
  #named = 0;
  readonly #posted = new Map<number, IndexedRequest>();
  readonly #read: ReadAgain;
  /** True where another program made what holds them: what the standards leave open is not damage. */
  readonly foreign: boolean;

  /**
   * @param read reads a response again
   * @param of what holds them; in a package of another program, that one wrote them
   */
  constructor(read: ReadAgain, of: "archive" | "package" | "foreign package") {
    this.#read = read;
    this.foreign = of === "foreign package";
    this.#urls = of === "archive" ? null : new Rows();
  }

  get rows(): number {
    return this.#numbers.length;
  }

  /** How many responses with an id of their own there are. */
  get size(): number {
    return this.#byId.size;
  }

  /** @returns false where a response with its id is known; the new one takes its place */
  add(response: CheckedResponse): boolean {
    const { file, url, date, id, digest, sha256, refersTo, offset } = response;
    if (this.#files.at(-1)?.file !== file) this.#files.push({ file, first: this.rows });
    const flags =
      (refersTo === null ? 0 : REVISIT) |
      (digest === null ? 0 : HAS_DIGEST) |
      (sha256 === null ? 0 : HAS_SHA256);
    const row = this.#numbers.add([
      offset,
      fingerprint(id),
      this.#lineOf(response, flags),
      sourceOf(url, digest, date),
      sha256 === null ? Number.NaN : fingerprint(sha256),
      digest === null ? Number.NaN : this.#digestOf(digest),
      refersTo?.id == null ? Number.NaN : fingerprint(refersTo.id),
      this.foreign ? nameOf(response) : Number.NaN,
      flags,
    ]);
    this.#urls?.set(fingerprint(plainUrl(url) ?? url), row);
    return this.#byId.set(this.#numbers.get(row, ID), row);
  }

  /** The last response by what a revisit of another program may name; filled when the first one asks. */
  #originalBy(key: number): number | undefined {
    for (; this.foreign && this.#named < this.rows; this.#named++) {
      if (this.isRevisit(this.#named)) continue;
      this.#originals.set(this.#numbers.get(this.#named, AT), this.#named);
      this.#originals.set(this.#numbers.get(this.#named, DIGEST), this.#named);
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
    const at = (row: number) => this.#numbers.get(row, OFFSET);
    const row = first + firstPlace(end - first, (place) => at(first + place) < offset);
    return row < end && at(row) === offset ? row : undefined;
  }

  /** The whole of a row. @param length bytes that its record takes, where that is known */
  read(row: number, length?: number): Promise<CheckedResponse> {
    const { file } = this.#files.findLast(({ first }) => first <= row) as { file: WarcFile };
    return this.#read(file, this.#numbers.get(row, OFFSET), length);
  }

  isRevisit(row: number): boolean {
    return (this.#numbers.get(row, FLAGS) & REVISIT) !== 0;
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
    if (this.foreign && line.sha256 !== "") return false;
    return this.#numbers.get(row, LINE) === this.#lineOf(line, this.#numbers.get(row, FLAGS));
  }

  /** True where a line that ties an entry to a response says the same; `original` has the payload. */
  saysSource(row: number, original: number | undefined, source: RecordSource): boolean {
    const { url, digest, fetchedAt, sha256 } = source;
    if (this.#numbers.get(row, SOURCE) !== sourceOf(url, digest, fetchedAt)) return false;
    const known = original === undefined ? Number.NaN : this.#numbers.get(original, SHA256);
    return Number.isNaN(known) || known === fingerprint(sha256);
  }

  /** The response that a revisit repeats. */
  originalOf(row: number): number | undefined {
    return (
      this.#byId.get(this.#numbers.get(row, REFERS)) ??
      this.#originalBy(this.#numbers.get(row, AT)) ??
      (this.foreign ? this.#originalBy(this.#numbers.get(row, DIGEST)) : undefined)
    );
  }

  hasOneDigest(row: number, other: number): boolean {
    const [a, b] = [this.#numbers.get(row, DIGEST), this.#numbers.get(other, DIGEST)];
    return a === b || (Number.isNaN(a) && Number.isNaN(b));
  }

  /** What an index says of a response, without what the response does not know itself. */
  #lineOf({ url, date, digest, length, status, sha256 }: Said, flags: number): number {
    const known = flags & HAS_DIGEST ? digest : "";
    const said = this.foreign
      ? [plainUrl(url) ?? url, digitsOf(date), length, status, digestKey(known ?? "")]
      : [url, date, length, status, known, flags & HAS_SHA256 ? sha256 : ""];
    return fingerprint(said.join("\n"));
  }

  /** Programs write a digest in several forms. */
  #digestOf(digest: string): number {
    return fingerprint(this.foreign ? digestKey(digest) : digest);
  }
}

type Said = Pick<CdxjLine, "url" | "date" | "length" | "status"> & {
  readonly digest: string | null;
  readonly sha256: string | null;
};

function sourceOf(url: string, digest: string | null, date: string): number {
  return fingerprint([url, digest, date].join("\n"));
}

/** By what a revisit of another program may name a response, or what it names. */
function nameOf({ url, date, refersTo }: CheckedResponse): number {
  const of = refersTo?.url ?? url;
  const when = refersTo === null ? date : refersTo.date;
  return when === null ? Number.NaN : fingerprint(`${plainUrl(of) ?? of} ${digitsOf(when)}`);
}

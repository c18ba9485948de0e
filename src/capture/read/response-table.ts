/**
 * The responses of WARC files in some 90 bytes each, however long their URLs are: where each is, and fingerprints of
 * what it is looked up by. What else it says is read again when it is needed.
 */
import { Columns } from "../../rows.js";
import { firstPlace, gather } from "../../text.js";
import { fingerprint } from "../../url/digest.js";
import { digitsOf } from "../../warc/date.js";
import { digestKey } from "../../warc/digest.js";
import { type FoundRecord, readRecord, WarcDamage } from "../../warc/reading.js";
import { type CapturedResponse, capturedResponse, plainUrl } from "./captured-response.js";
import type { WarcFile } from "./files.js";

const KINDS = ["response", "resource", "revisit", "failure", "damage"] as const;

/** What is known of a response without reading it. */
export interface TableRow {
  readonly kind: CapturedResponse["kind"];
  readonly status: number;
  /** True for an HTML page with status 200; of a revisit, which repeats one, false. */
  readonly isPage: boolean;
  /** False where the server sent more than the file has. */
  readonly isWhole: boolean;
  /** `YYYYMMDDhhmmss` as a number; 0 when it is not known. */
  readonly time: number;
}

/** Numbers of a row. */
const [OFFSET, LENGTH, URL_, ID, DATE, DIGEST, REQUEST, TIME] = [0, 1, 2, 3, 4, 5, 6, 7];
const [FILE, STATUS, FLAGS, NUMBERS] = [8, 9, 10, 11];
const [PAGE, WHOLE, DROPPED] = [8, 16, 32];

export class ResponseTable {
  readonly #files: { readonly file: WarcFile; readonly ours: boolean }[] = [];
  readonly #numbers = new Columns(NUMBERS);
  readonly #orders = new Map<number, Uint32Array>();
  /** Rows of captures of web archives, by the URL that gave them. */
  readonly #sources = new Map<number, number[]>();
  readonly #replayed = new Set<number>();
  /** Records of responses that somebody holds. */
  readonly #records = new WeakMap<CapturedResponse, FoundRecord>();
  /** Rows of responses to a POST. */
  readonly #posts = new Set<number>();

  get size(): number {
    return this.#numbers.length;
  }

  /** @returns the row of the response */
  add(response: CapturedResponse): number {
    const { file, ours, kind, status, type, digest, whole, url, id, date, request } = response;
    const before = this.#files.at(-1);
    if (before?.file !== file || before.ours !== ours) this.#files.push({ file, ours });
    const isPage = status === 200 && type !== null && /html/i.test(type);
    const row = this.#numbers.add([
      response.offset,
      response.length,
      fingerprint(url),
      id === "" ? Number.NaN : fingerprint(id),
      fingerprint(urlAndDate(url, date)),
      digest === null ? Number.NaN : fingerprint(digestKey(digest)),
      request === null ? Number.NaN : fingerprint(request),
      Number(digitsOf(date)),
      this.#files.length - 1,
      status,
      KINDS.indexOf(kind) | (isPage ? PAGE : 0) | (whole ? WHOLE : 0),
    ]);
    this.#orders.clear();
    if (response.source !== null) {
      const source = fingerprint(response.source);
      gather(this.#sources, source, row);
      this.#replayed.add(row);
    }
    return row;
  }

  at(row: number): TableRow {
    const flags = this.#numbers.get(row, FLAGS);
    return {
      kind: KINDS[flags & 7] ?? "damage",
      status: this.#numbers.get(row, STATUS),
      isPage: (flags & PAGE) !== 0,
      isWhole: (flags & WHOLE) !== 0,
      time: this.#numbers.get(row, TIME),
    };
  }

  /** Marks that what was a response cannot be read as one any more. */
  damage(row: number): void {
    const flags = this.#numbers.get(row, FLAGS);
    this.#numbers.set(row, FLAGS, (flags & ~7) | KINDS.indexOf("damage"));
  }

  /** Gives the row of a response to a POST the name of its request: what has the URL alone answers a GET. */
  name(row: number, key: string): void {
    this.#numbers.set(row, URL_, fingerprint(key));
    this.#posts.add(row);
    this.#orders.clear();
  }

  isPost(row: number): boolean {
    return this.#posts.has(row);
  }

  /** Takes a row out of every look-up. */
  drop(row: number): void {
    this.#numbers.set(row, FLAGS, this.#numbers.get(row, FLAGS) | DROPPED);
  }

  isDropped(row: number): boolean {
    return (this.#numbers.get(row, FLAGS) & DROPPED) !== 0;
  }

  /** What is known of the request of a row, by the id of one of them; undefined for one that is not there. */
  requestOf<T>(row: number, requests: ReadonlyMap<number, T>): T | undefined {
    const own = requests.get(this.#numbers.get(row, ID));
    return own === undefined ? requests.get(this.#numbers.get(row, REQUEST)) : own;
  }

  /** Rows of a URL, in the order of the files. */
  ofUrl(url: string): readonly number[] {
    return this.#find(URL_, fingerprint(url));
  }

  /** The same of a request, where captures of web archives have other URLs than what gave them. */
  ofRequest(url: string): readonly number[] {
    const own = this.ofUrl(url).filter((row) => !this.#replayed.has(row));
    return [...own, ...(this.#sources.get(fingerprint(url)) ?? [])].sort((a, b) => a - b);
  }

  /** True for a capture of a web archive: its status is that of a site long ago. */
  isReplayed(row: number): boolean {
    return this.#replayed.has(row);
  }

  /** The last response that a revisit may mean: by its record, by URL and date, or by its digest. */
  byId(id: string): number | undefined {
    return this.#originals(ID, fingerprint(id)).at(-1);
  }

  byDate(url: string, date: string): number | undefined {
    return this.#originals(DATE, fingerprint(urlAndDate(url, date))).findLast(
      (row) => this.at(row).kind !== "damage",
    );
  }

  byDigest(digest: string): number | undefined {
    return this.#originals(DIGEST, fingerprint(digestKey(digest))).findLast(
      (row) => this.at(row).kind !== "damage",
    );
  }

  /** Every URL once: the rows that it has. */
  *urls(): Generator<readonly number[], void, undefined> {
    const order = this.#order(URL_);
    for (let from = 0, to = 0; from < order.length; from = to) {
      const key = this.#numbers.get(order[from] ?? 0, URL_);
      for (to = from; to < order.length && this.#numbers.get(order[to] ?? 0, URL_) === key; ) to++;
      const rows = [...order.subarray(from, to)].filter((row) => !this.isDropped(row));
      if (rows.length > 0) yield rows;
    }
  }

  /** The whole of a row that is not damaged. @throws {WarcDamage} when its record cannot be read */
  async read(row: number): Promise<CapturedResponse> {
    const { file, ours } = this.#files[this.#numbers.get(row, FILE)] as {
      file: WarcFile;
      ours: boolean;
    };
    const record = await readRecord(
      file.bytes,
      this.#numbers.get(row, OFFSET),
      this.#numbers.get(row, LENGTH),
    );
    const found = capturedResponse(record, file, ours);
    if (found === null) throw new WarcDamage(record.offset, "it is another record than before");
    const response = { ...found, url: plainUrl(found.url) ?? found.url };
    this.#records.set(response, record);
    return response;
  }

  /** The record of a response that was read. @throws {WarcDamage} when it cannot be read */
  async record(response: CapturedResponse): Promise<FoundRecord> {
    const { file, offset, length } = response;
    return this.#records.get(response) ?? (await readRecord(file.bytes, offset, length));
  }

  #originals(column: number, key: number): readonly number[] {
    return this.#find(column, key).filter((row) => {
      const { kind } = this.at(row);
      return kind !== "failure" && kind !== "revisit";
    });
  }

  #find(column: number, key: number): readonly number[] {
    const order = this.#order(column);
    const at = (place: number) => this.#numbers.get(order[place] ?? 0, column);
    const first = firstPlace(order.length, (place) => at(place) < key);
    let end = first;
    while (end < order.length && at(end) === key) end++;
    return [...order.subarray(first, end)].filter((row) => !this.isDropped(row));
  }

  /** Rows by a number of theirs; those without it are left out. Made when it is first asked for. */
  #order(column: number): Uint32Array {
    const known = this.#orders.get(column);
    if (known !== undefined) return known;
    const rows = Uint32Array.from({ length: this.size }, (_, row) => row).filter(
      (row) => !Number.isNaN(this.#numbers.get(row, column)),
    );
    rows.sort((a, b) => this.#numbers.get(a, column) - this.#numbers.get(b, column) || a - b);
    this.#orders.set(column, rows);
    return rows;
  }
}

/** Replay tools compare 14 digits of a date, and one URL with or without its `s`. */
function urlAndDate(url: string, date: string): string {
  return `${url.replace(/^https?:/, "")} ${digitsOf(date)}`;
}

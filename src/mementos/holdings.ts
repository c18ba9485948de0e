/** What the index of one web archive has of a site. */

import type { WebArchive } from "../schema/web-archive.js";
import { fingerprint } from "../url/digest.js";
import { urlKey } from "../url/url.js";
import { sortKey } from "../warc/cdxj.js";
import type { RemoteArchive } from "./archive.js";
import { Unanswered } from "./ask.js";
import type { Prefer } from "./choose.js";
import { DIALECTS } from "./dialects.js";
import type { IndexRow } from "./rows.js";

/** So many answers to one question are read: 50,000 rows of the Internet Archive, two minutes at its pace. */
const MOST_ANSWERS = 10;
/** By what an index knows a URL: without scheme and `www`, in lower case. */
export function indexKey(url: string): string {
  return sortKey(`http://${urlKey(url)}`);
}

export class Holdings {
  readonly #remote: RemoteArchive;
  readonly #rows = new Map<number, IndexRow[]>();
  /** Keys of which all that begins with them is known. */
  readonly #whole: string[] = [];
  /** What all was asked for that begins with it: the list, folders. */
  readonly #asked = new Set<string>();
  /** Of how many URLs a digest is: the last one counted, and the count. */
  readonly #digests = new Map<string, { key: number; urls: number }>();
  /** 14 digits: where there is no list, the capture nearest to it is all that is known. */
  readonly #nearestTo: string;
  #hasTimeMaps = true;
  /** Some servers of pywb take a prefix for a single URL, and say nothing of it: that they have none means nothing then. */
  #takesPrefixes: boolean;
  /** Rows that name no capture that there can be. */
  dropped = 0;

  constructor(remote: RemoteArchive, prefer: Prefer) {
    this.#remote = remote;
    this.#takesPrefixes = remote.archive.kind !== "pywb";
    this.#nearestTo = wantedTime(remote.archive, prefer);
  }

  get remote(): RemoteArchive {
    return this.#remote;
  }

  /** Asks for all listing pages at once, by the URL of the first. @throws {Unanswered} when the archive does not say */
  async begin(start: string): Promise<void> {
    const path = start.replace(/[?#].*$/s, "");
    if (this.#asked.has(path)) return;
    this.#asked.add(path);
    await this.prefix(path);
  }

  /**
   * The captures of a URL, in the order of the index. All of its folder is asked for first: what an archive allows the
   * least of is questions, and pages that are equal to the byte are known by it.
   *
   * @param withFolder false where nothing else of the folder is wanted
   * @throws {Unanswered} when the archive does not say
   */
  async of(url: string, withFolder = true): Promise<readonly IndexRow[]> {
    const key = fingerprint(indexKey(url));
    if (this.#isCovered(url)) return this.#rows.get(key) ?? [];
    const folder = folderOf(url);
    if (withFolder && !this.#asked.has(folder)) {
      this.#asked.add(folder);
      if (await this.prefix(folder)) return this.#rows.get(key) ?? [];
    }
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const rows = await this.#single(url);
    // Whatever its spelling: the index says that they are of this URL.
    this.#rows.set(key, rows);
    return rows;
  }

  /**
   * Asks for everything that begins with a URL.
   *
   * @returns false where that is too much, or the archive has no such question
   * @throws {Unanswered} when the archive does not say
   */
  async prefix(url: string): Promise<boolean> {
    if (this.#remote.archive.kind === "memento") return false;
    const { rows, isWhole } = await this.#read(url, true);
    const keys = rows.map((row) => fingerprint(indexKey(row.url)));
    const own = fingerprint(indexKey(url));
    const isPrefix = keys.some((key) => key !== own);
    if (isPrefix) this.#takesPrefixes = true;
    if (!isWhole || (!isPrefix && (rows.length > 0 || !this.#takesPrefixes))) return false;
    for (const [at, row] of rows.entries()) {
      const key = keys[at] ?? Number.NaN;
      const known = this.#rows.get(key);
      if (known === undefined) this.#rows.set(key, [row]);
      else if (!known.some(({ time, url }) => time === row.time && url === row.url))
        known.push(row);
      if (row.digest !== null && row.status === 200) this.#count(row.digest, key);
    }
    const whole = indexKey(url);
    this.#whole.push(url.endsWith("/") && !whole.endsWith("/") ? `${whole}/` : whole);
    return true;
  }

  /** The rows of every URL that is known, URL by URL. */
  *known(): Generator<readonly [IndexRow, ...IndexRow[]]> {
    for (const [first, ...others] of this.#rows.values())
      if (first !== undefined) yield [first, ...others];
  }

  /** Every URL that is known, once. */
  *urls(): Generator<string> {
    for (const [row] of this.known()) yield row.url;
  }

  /** Of how many URLs a page with this digest is. */
  sharing(digest: string): number {
    return this.#digests.get(digest)?.urls ?? 1;
  }

  async #single(url: string): Promise<IndexRow[]> {
    if (this.#remote.archive.kind !== "memento") return (await this.#read(url, false)).rows;
    try {
      const { rows } = this.#hasTimeMaps ? await this.#read(url, false) : { rows: [] };
      if (rows.length > 0) return rows;
    } catch (error) {
      // Whether an archive has TimeMaps is not known of every one; that it redirects to captures is.
      if (!(error instanceof Unanswered) || error.excluded || this.#remote.down !== null)
        throw error;
      this.#hasTimeMaps = false;
    }
    const time = await this.#remote.nearest(url, this.#nearestTo);
    const row = { url, status: null, mime: "", digest: null, length: null };
    return time === null ? [] : [{ ...row, time }];
  }

  #count(digest: string, key: number): void {
    const known = this.#digests.get(digest);
    if (known === undefined) this.#digests.set(digest, { key, urls: 1 });
    else if (known.key !== key) this.#digests.set(digest, { key, urls: known.urls + 1 });
  }

  #isCovered(url: string): boolean {
    const key = indexKey(url);
    return this.#whole.some((whole) => key.startsWith(whole));
  }

  async #read(url: string, prefix: boolean): Promise<{ rows: IndexRow[]; isWhole: boolean }> {
    const { resume, limit } = DIALECTS[this.#remote.archive.kind];
    const rows: IndexRow[] = [];
    const seen = new Set<string>();
    let after: string | null = null;
    for (let answers = 1; ; answers++) {
      const answer = await this.#remote.list({ url, prefix, after });
      this.dropped += answer.dropped;
      for (const row of answer.rows) rows.push(row);
      const last = answer.rows.at(-1)?.time ?? null;
      // By time, a list of one URL goes on; one of several is in the order of URLs, and does not.
      const isFull = answer.read >= limit;
      const next: string | null =
        resume === "key" ? answer.resumeKey : isFull && !prefix ? last : null;
      if (answer.isCut) return { rows, isWhole: false };
      if (next === null || seen.has(next))
        return { rows, isWhole: !(isFull && resume === "time" && prefix) };
      if (answers === MOST_ANSWERS) return { rows, isWhole: false };
      seen.add(next);
      after = next;
    }
  }
}

function wantedTime({ from, to }: WebArchive, prefer: Prefer): string {
  const date = /^nearest:(.+)$/.exec(prefer)?.[1]?.replace(/\D/g, "");
  if (date !== undefined) return `${date}120000`.slice(0, 14);
  return prefer === "first-good"
    ? `${from ?? "1991"}0101000000`.slice(0, 14)
    : `${to ?? "2099"}1231235959`.slice(0, 14);
}

/** The folder of a URL, as the beginning of others. */
export function folderOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/[^/]*\/?$/, "")}`;
}

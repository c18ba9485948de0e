/**
 * Common Crawl: one index for each of its crawls, asked from a server or read by range from the files that the server
 * reads (https://pywb.readthedocs.io, "ZipNum Sharded CDX"); and WARC records, by range from the files of the crawl.
 */
import { responseIn } from "../capture/read/revisits.js";
import { CliError } from "../error.js";
import { FetchError } from "../http/fetch-error.js";
import { decodeBody } from "../http/wire/decode.js";
import { MEDIA_LIMITS } from "../http/wire/limits.js";
import type { WireResponse } from "../http/wire/receive.js";
import type { WebArchive } from "../schema/web-archive.js";
import { inMemory } from "../warc/bytes.js";
import { sortKey } from "../warc/cdxj.js";
import { digitsOf, isoOf } from "../warc/date.js";
import { readRecord, WarcDamage } from "../warc/reading.js";
import { fieldOf, uriOf } from "../warc/record.js";
import { RemoteArchive, rowsIn } from "./archive.js";
import { Unanswered } from "./ask.js";
import { crawlsWithin } from "./crawls.js";
import { DIALECTS, type Question, questionUrl } from "./dialects.js";
import { checkRange, withRange } from "./range.js";
import { type Capture, type NoCapture, startOf } from "./replay.js";
import type { IndexAnswer, IndexRow } from "./rows.js";

/** A page of the index server has blocks of 3,000 lines: an answer with fewer rows is the last one. */
const LEAST_PAGE = 3_000;
/** So many pages, or blocks, are read for one question: with more, single URLs are asked for. */
const MOST_PAGES = 10;
/** Bytes of `cluster.idx` that are read where a line is looked for, and where the lines that are wanted begin. */
const PROBE = 16 * 1024;
const READ = 64 * 1024;

/** A line of `cluster.idx`: what the first line of a block begins with, and where the block is. */
interface Block {
  readonly key: string;
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

export class CommonCrawl extends RemoteArchive {
  #crawls: readonly string[] | null = null;
  /** False where the index server is not to be asked, or did not answer. */
  #isServed = this.archive.kind === "commoncrawl";

  override async list(question: Question): Promise<IndexAnswer> {
    try {
      return await this.#list(question);
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      throw new Unanswered(
        this.archive.name,
        question.url,
        `its index files cannot be read: ${error.message}`,
      );
    }
  }

  async #list(question: Question): Promise<IndexAnswer> {
    this.#crawls ??= await this.#chosen();
    const all: IndexAnswer[] = [];
    const most = question.most ?? Number.POSITIVE_INFINITY;
    let pages = 0;
    for (const crawl of this.#crawls) {
      if (all.length >= most) return joined(all, true);
      for await (const answer of this.#pages(crawl, question)) {
        all.push(answer);
        if (++pages - all.length > MOST_PAGES) return joined(all, true);
      }
    }
    return joined(all, false);
  }

  /** A capture is a record of the crawl: nothing is replayed. */
  override async fetch(row: IndexRow): Promise<Capture | NoCapture> {
    const { url, place } = row;
    if (place === undefined)
      return { state: "none", reason: "the index does not say where its record is" };
    const range = { first: place.offset, last: place.offset + place.length - 1 };
    const source = withRange(`${this.archive.base}${place.file}`, range);
    const { response, capture } = await this.answer(
      source,
      "replay",
      async (response) => {
        if (response.status === 404 || isMissing(response)) return null;
        checkRange(response, source);
        return recordIn(response.body, row);
      },
      row,
    );
    if (capture !== null) return { ...capture, response };
    return { state: "none", reason: `HTTP ${response.status} for ${place.file} (${url})` };
  }

  /** There is no capture without a row. */
  override async nearest(): Promise<null> {
    return null;
  }

  /** CloudFront says that it blocks somebody as it says that a file is not there, but for the words. */
  protected override isBlock(body: Uint8Array): boolean {
    return !/<Code>(?:AccessDenied|NoSuchKey)<\/Code>/.test(startOf(body));
  }

  /** The crawls that the site file wants, newest first. */
  async #chosen(): Promise<readonly string[]> {
    const { crawls, index } = this.archive;
    if (crawls?.from != null && crawls.from === crawls.to) return [crawls.from];
    const all = await this.read(`${index}collinfo.json`, "index", crawlIds).catch(withoutList);
    const chosen = crawlsWithin(all, this.archive);
    if (chosen.length > 0) return chosen;
    throw new CliError(`${this.archive.name} has no crawl ${windowWords(this.archive)}`, {
      hint: `It has ${all.length}, from ${all.at(-1)} to ${all[0]}. Change \`from\` and \`to\` in the site file.`,
    });
  }

  async *#pages(crawl: string, question: Question): AsyncGenerator<IndexAnswer, void, undefined> {
    if (!this.#isServed) return yield* this.#inFiles(crawl, question);
    const { down } = this;
    try {
      yield* this.#served(crawl, question);
    } catch (error) {
      const mayAsk = down === null && question.most === undefined;
      if (!(error instanceof Unanswered) || !mayAsk) throw error;
      // The files are on the host of the records, which knows nothing of the server.
      this.#isServed = false;
      this.down = null;
      this.warn(`${error.message}: the files of the index are read in the place of its server`);
      yield* this.#inFiles(crawl, question);
    }
  }

  /** What the index server says. */
  async *#served(crawl: string, { url, prefix }: Question) {
    const index = `${this.archive.index}${crawl}-index`;
    const dialect = DIALECTS.commoncrawl;
    for (let page = 0; ; page++) {
      const target = new URL(questionUrl({ ...this.archive, index }, { url, prefix }));
      if (page > 0) target.searchParams.set("page", String(page));
      // "Page 3 invalid: First Page is 0, Last Page is 2"
      const isAfterLast = ({ status, body }: WireResponse) =>
        page > 0 && status === 400 && /page \d+ invalid/i.test(startOf(body));
      const answer = await this.read(target.href, "index", (response) =>
        isAfterLast(response) ? null : rowsIn(response, dialect),
      );
      if (answer === null) return;
      yield answer;
      if (answer.read < LEAST_PAGE) return;
    }
  }

  /** What the files of the index hold: a search in `cluster.idx`, and the blocks that it names. */
  async *#inFiles(crawl: string, { url, prefix }: Question) {
    const folder = `${this.archive.base}cc-index/collections/${crawl}/indexes/`;
    const key = sortKey(url);
    const begin = prefix ? key : `${key} `;
    const dialect = DIALECTS["commoncrawl-files"];
    for await (const block of this.#blocks(`${folder}cluster.idx`, begin)) {
      const range = { first: block.offset, last: block.offset + block.length - 1 };
      const { body } = await this.#part(withRange(`${folder}${block.file}`, range));
      const lines = new TextDecoder()
        .decode(decodeBody(body, "gzip", MEDIA_LIMITS.decodedBytes))
        .split("\n")
        .filter((line) => line.startsWith(begin));
      const text = Buffer.from(lines.join("\n"));
      yield rowsIn({ status: 200, headers: {}, body: text, whole: true }, dialect);
    }
  }

  /** The blocks that may hold lines which begin with a key: from the last one that begins before it. */
  async *#blocks(cluster: string, begin: string): AsyncGenerator<Block, void, undefined> {
    let [low, high] = [0, Number.POSITIVE_INFINITY];
    const first = await this.#lines(cluster, 0, PROBE);
    high = first.size;
    while (high - low > READ) {
      const middle = Math.floor((low + high) / 2);
      const [probe] = (await this.#lines(cluster, middle, PROBE)).blocks;
      if (probe !== undefined && probe.key < begin) low = middle;
      else high = middle;
    }
    let before: Block | null = null;
    for (let at = low; at < first.size; ) {
      const { blocks, end } = await this.#lines(cluster, at, READ);
      for (const block of blocks) {
        if (block.key < begin) before = block;
        else {
          if (before !== null) yield before;
          before = null;
          if (!block.key.startsWith(begin)) return;
          yield block;
        }
      }
      if (end <= at) break;
      at = end;
    }
    if (before !== null) yield before;
  }

  /** The whole lines in a part of `cluster.idx`, but for one that began before it; and where the next part begins. */
  async #lines(cluster: string, at: number, length: number) {
    // One byte more shows whether a line begins here.
    const first = Math.max(0, at - 1);
    const { body, size } = await this.#part(withRange(cluster, { first, last: at + length - 1 }));
    const text = Buffer.from(body).toString("latin1");
    const isLast = first + body.length >= size;
    const from = at === 0 ? 0 : text.indexOf("\n") + 1;
    const to = isLast ? text.length : text.lastIndexOf("\n") + 1;
    const blocks = text
      .slice(from, Math.max(from, to))
      .split("\n")
      .filter((line) => line !== "")
      .map(blockOf);
    return { blocks, size, end: isLast ? size : first + to };
  }

  /** A part of a file, and the size of the whole; 0 where it is not known. */
  #part(url: string): Promise<{ readonly body: Uint8Array; readonly size: number }> {
    return this.read(url, "replay", (response) => ({
      body: response.body,
      size: checkRange(response, url) ?? 0,
    }));
  }
}

/** `org,example)/a 20210601000000⇥cdx-00000.gz⇥offset⇥length⇥number`. @throws {FetchError} for another form */
function blockOf(line: string): Block {
  const [key = "", file = "", offset, length] = line.split("\t");
  const numbers = { offset: Number(offset), length: Number(length) };
  if (!/^[\w.-]+$/.test(file) || !(numbers.offset >= 0) || !(numbers.length > 0))
    throw new FetchError(`a line in an unknown form came: "${line.slice(0, 80)}"`, { status: 206 });
  return { key, file, ...numbers };
}

/** A file that is not there: S3 says so with 403 where it does not list. */
function isMissing({ status, body }: WireResponse): boolean {
  return status === 403 && /<Code>(?:AccessDenied|NoSuchKey)<\/Code>/.test(startOf(body));
}

/** The record that an index names, untouched. @throws {FetchError} when it is another one, or none */
async function recordIn(body: Uint8Array, { url, time }: IndexRow): Promise<Capture> {
  const record = await readRecord(inMemory(body), 0).catch((error: unknown) => {
    if (!(error instanceof WarcDamage)) throw error;
    throw new FetchError(`no WARC record is there: ${error.message}`, { cause: error });
  });
  const [type, own] = [fieldOf(record, "warc-type"), uriOf(record, "warc-target-uri")];
  const date = digitsOf(fieldOf(record, "warc-date") ?? "");
  if (type !== "response" || own !== url || date !== time)
    throw new FetchError(`the record there is another one: ${type} of ${own}, ${date}`);
  return { url, time: isoOf(time), response: responseIn(record, false), record };
}

function crawlIds(response: WireResponse): string[] {
  const { status, body } = response;
  if (status !== 200)
    throw new FetchError(`HTTP ${status} came in the place of its crawls`, { status });
  try {
    const all = JSON.parse(new TextDecoder().decode(body)) as { id?: unknown }[];
    const ids = all.flatMap(({ id }) => (typeof id === "string" ? [id] : []));
    if (ids.length > 0) return ids;
  } catch {
    // It is said below.
  }
  throw new FetchError("an answer in an unknown form came: it is not a list of crawls", { status });
}

function windowWords({ from, to, crawls }: WebArchive): string {
  return `from ${crawls?.from ?? from ?? "the first"} to ${crawls?.to ?? to ?? "the last"}`;
}

function joined(all: readonly IndexAnswer[], isCut: boolean): IndexAnswer {
  const sum = (of: (answer: IndexAnswer) => number) => all.reduce((n, one) => n + of(one), 0);
  return {
    rows: all.flatMap(({ rows }) => rows),
    read: sum(({ read }) => read),
    dropped: sum(({ dropped }) => dropped),
    resumeKey: null,
    isCut,
  };
}

/** Says how to do without the list of crawls, which has one place. */
function withoutList(error: unknown): never {
  if (error instanceof Unanswered)
    error.message +=
      "; `from` and `to` of `archive` in the site file may both name one crawl, such as CC-MAIN-2021-25: then this list is not asked for";
  throw error;
}

/** The capture of one crawl as a sink: what went over the wire is on disk before a page of it is read. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { type Disk, type DiskFile, explained, realDisk } from "../../disk/disk.js";
import { makeFolders } from "../../disk/files.js";
import { decodeText } from "../../disk/read.js";
import { SpanTable } from "../../disk/rows.js";
import type { Span } from "../../disk/staging.js";
import type { Entry, Origin, Sink } from "../../model.js";
import { ofRendered, postKey } from "../../post.js";
import type {
  CaptureRun,
  JournalHead,
  JournalLine,
  RecordSource,
  RequisiteCost,
} from "../../schema/capture.js";
import { byCodeUnits } from "../../text.js";
import { fingerprint, listingUrl, urlKey } from "../../url.js";
import type { WarcPlace } from "../../warc/cdxj.js";
import type {
  FailedRequest,
  HttpExchange,
  RenderedPage,
  ReplayedCapture,
  RevisitTarget,
} from "../../warc/exchange.js";
import {
  exchangeRecords,
  failureRecord,
  fieldsRecord,
  renderedRecord,
  repeatedRecords,
  replayedRecords,
  warcDate,
} from "../../warc/make.js";
import { indexedRequest } from "../../warc/post.js";
import { type Field, fieldOf, gzipRecord, type WarcRecord } from "../../warc/record.js";
import { CAPTURE_FILES } from "../layout.js";
import { finishCapture } from "./close.js";
import { isResponse, type Journal, type JournalPlace, journalLines, parseLine } from "./journal.js";
import { findUnfinished, freeFolder, removeUnfinished } from "./unfinished.js";

export interface CaptureOptions {
  readonly run: CaptureRun;
  /** Program and version. */
  readonly generator: string;
  readonly userAgent: string;
  /**
   * How a crawl goes on that is done in parts, whenever that is: with what came before as it came, errors too, or asking
   * again for what failed. Left out where an interrupted crawl is resumed.
   */
  readonly after?: "continues" | "resumes" | undefined;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly disk?: Disk;
}

/** What an entry was read from: where the lines of these responses are in the journal. */
interface Read {
  /** Rows of responses. */
  readonly listing: number | null;
  readonly page: number | null;
  /** As it will be written: of one template, most entries have it in common. */
  readonly fields: string;
}

interface Files {
  readonly journal: DiskFile;
  readonly data: DiskFile;
}

/**
 * Begins a capture in an archive that this run has locked, or resumes the one that an earlier run
 * of the same crawl left unfinished less than a day ago.
 *
 * @param root path of the archive, which is there
 * @throws {CliError} when the disk fails, from every method too
 */
export function openCapture(root: string, options: CaptureOptions): Promise<Capture> {
  return explained(open(root, options), root);
}

async function open(root: string, options: CaptureOptions): Promise<Capture> {
  const { run, generator, after, now = Date.now, disk = realDisk } = options;
  const startedAt = warcDate(now());
  const found = await findUnfinished(root, { run, startedAt, isPart: after !== undefined }, disk);
  const path = found?.path ?? (await freeFolder(root, startedAt, disk));
  if (found === null) await makeFolders(root, path.split("/"), disk);
  const head = { journalVersion: 1 as const, generator, run, startedAt, info: newId() };
  const text = Buffer.from(`${JSON.stringify(head)}\n`);
  const known = found?.journal ?? { head, lines: [], journalEnd: text.length, dataEnd: 0 };
  const opened: DiskFile[] = [];
  const openFile = async (name: string, isThere: boolean) => {
    const file = await disk.open(join(root, path, name), isThere ? "edit" : "new");
    opened.push(file);
    return file;
  };
  try {
    // The journal comes first: it says what else is there.
    const journal = await openFile(CAPTURE_FILES.journal, found !== null);
    if (found === null) {
      await journal.write(text, 0);
      await journal.sync();
    } else await journal.truncate(known.journalEnd);
    const data = await openFile(CAPTURE_FILES.data, found?.hasData ?? false);
    if (found !== null) await data.truncate(known.dataEnd);
    const capture = new Capture(root, path, options, { journal, data }, known);
    await capture.session(startedAt);
    return capture;
  } catch (error) {
    for (const file of opened) await file.close().catch(() => undefined);
    throw error;
  }
}

function newId(): string {
  return `<urn:uuid:${randomUUID()}>`;
}

/** A capture that is being written. Calls may overlap; each is on disk when it resolves. */
export class Capture implements Sink {
  /** Its folder, as a path in the archive. */
  readonly path: string;
  /** When the crawl began, `YYYY-MM-DDThh:mm:ssZ`. */
  readonly startedAt: string;
  /** How many responses an interrupted run of the same crawl had already stored. */
  readonly resumed: number;
  readonly #root: string;
  readonly #options: CaptureOptions;
  readonly #disk: Disk;
  readonly #head: JournalHead;
  readonly #isFirst: boolean;
  // What is known of each URL is in the journal; in memory there are its fingerprint and the place of its line.
  /** The newest complete response of each URL. */
  readonly #responses = new SpanTable();
  /** The newest complete response of each URL that is not a revisit. */
  readonly #held = new SpanTable();
  /** Of a crawl from web archives, the newest answer to each request. */
  readonly #answers = new SpanTable();
  readonly #records = new Map<string, Read>();
  readonly #fields = new Map<string, string>();
  #files: Files | null;
  #info = "";
  #journalEnd: number;
  #dataEnd: number;
  /** Records are in the file in the order in which they came: one waits until the one before is on disk. */
  #turn: Promise<void> = Promise.resolve();
  #exchanges = 0;

  constructor(
    root: string,
    path: string,
    options: CaptureOptions,
    files: Files,
    { head, lines, journalEnd, dataEnd }: Journal,
  ) {
    this.path = path;
    this.startedAt = head.startedAt;
    this.#root = root;
    this.#options = options;
    this.#disk = options.disk ?? realDisk;
    this.#files = files;
    this.#head = head;
    this.#isFirst = lines.length === 0;
    this.#journalEnd = journalEnd;
    this.#dataEnd = dataEnd;
    this.resumed = lines.filter(({ line }) => isResponse(line)).length;
    for (const place of lines) this.#note(place);
  }

  /** How many exchanges this run has added, and the bytes of the whole WARC file. */
  get size(): { readonly exchanges: number; readonly bytes: number } {
    return { exchanges: this.#exchanges, bytes: this.#dataEnd };
  }

  /** Where it holds the newest answer of a web archive to a request for a URL; null when it holds none. */
  async answer(url: string): Promise<WarcPlace | null> {
    const line = await this.#newest(this.#answers, url);
    return line !== null && (line.source ?? line.url) === url ? line : null;
  }

  /** Where it holds the newest complete response of a URL; null when it holds none. */
  async find(url: string): Promise<WarcPlace | null> {
    const line = await this.#newest(this.#held, url);
    return line?.url === url ? line : null;
  }

  /** Writes the record that says who makes the records after it. */
  async session(date: string): Promise<void> {
    const { generator, userAgent, run, after = "resumes" } = this.#options;
    const isFirst = this.#isFirst;
    this.#info = isFirst ? this.#head.info : newId();
    const lines: Field[] = [
      ["software", generator],
      ["format", "WARC File Format 1.1"],
      [
        "conformsTo",
        "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
      ],
      // The names of Heritrix's robots policies.
      ["robots", run.ignoreRobots ? "ignore" : "obey"],
      ["http-header-user-agent", userAgent],
      ["isPartOf", run.site],
      ["sitelift-run", JSON.stringify(run)],
      ...(isFirst ? [] : ([[`sitelift-${after}`, this.#head.info]] as const)),
    ];
    const more: Field[] = [["WARC-Filename", CAPTURE_FILES.data]];
    const record = fieldsRecord("warcinfo", { id: this.#info, date, more, lines });
    await this.#append([record], { kind: "session", id: this.#info, date, ...NO_RESPONSE });
  }

  async exchange(exchange: HttpExchange): Promise<void> {
    const ids = [newId(), newId(), newId()] as const;
    const { records, type, ...kept } = exchangeRecords(exchange, ids, this.#info);
    const { url, post, startedAt } = exchange;
    const named =
      post === undefined ? {} : { post: { key: postKey(post), request: indexedRequest(post) } };
    const line = { kind: type, id: ids[0], date: warcDate(startedAt), url, ...named, ...kept };
    await this.#append(records, line);
  }

  /** Stores a capture of a web archive. */
  async replayed(capture: ReplayedCapture): Promise<void> {
    const own = capture.record === undefined ? null : fieldOf(capture.record, "warc-record-id");
    const ids = [own ?? newId(), newId()] as const;
    const { records, type, ...kept } = replayedRecords(capture, ids, this.#info);
    const { url, time, source } = capture;
    await this.#append(records, { kind: type, id: ids[0], date: time, url, source, ...kept });
  }

  /** Names a capture of a web archive that an earlier crawl has stored. */
  async repeated(source: string, target: RevisitTarget): Promise<void> {
    const id = newId();
    const { records, type, ...kept } = repeatedRecords({ source, target }, id, this.#info);
    const { url, date } = target;
    await this.#append(records, { kind: type, id, date, url, source, ...kept });
  }

  /** Stores a page as a browser showed it. */
  async rendered(page: RenderedPage): Promise<void> {
    const id = newId();
    const { records, type, ...kept } = renderedRecord(page, id, this.#info);
    const { url, startedAt } = page;
    await this.#append(records, { kind: type, id, date: warcDate(startedAt), url, ...kept });
  }

  async failure(failed: FailedRequest): Promise<void> {
    const id = newId();
    const date = warcDate(failed.startedAt);
    const record = failureRecord(failed, id, this.#info);
    await this.#append([record], { ...NO_RESPONSE, kind: "failure", id, date, url: failed.url });
  }

  async entry({ id, provenance }: Entry, { listing, page }: Origin): Promise<void> {
    const place = (url: string) => this.#responses.rowOf(fingerprint(urlKey(url))) ?? null;
    const sources = Object.entries(provenance.fields).map(
      ([name, { from, selector }]) => [name, { from, selector }] as const,
    );
    const fields = JSON.stringify(Object.fromEntries(sources));
    const known = this.#fields.get(fields) ?? fields;
    this.#fields.set(known, known);
    this.#records.set(id, { listing: place(listing), page: place(page), fields: known });
  }

  /**
   * Ends the capture: index, records and account are written, the journal goes.
   *
   * @param ids ids in the archive of entries that came under another one
   * @param requisites what fetching them took; null where none were
   */
  async finish(
    ids: ReadonlyMap<string, string> = new Map(),
    requisites: RequisiteCost | null = null,
  ): Promise<void> {
    await this.#turn;
    const { data } = this.#opened();
    const head = this.#head;
    const date = warcDate((this.#options.now ?? Date.now)());
    const more: Field[] = [
      ["WARC-Warcinfo-ID", head.info],
      ["WARC-Refers-To", head.info],
    ];
    const lines: Field[] = [["sitelift-end", date]];
    const end = fieldsRecord("metadata", { id: newId(), date, more, lines });
    const work = async () => {
      await data.write(gzipRecord(end), this.#dataEnd);
      await finishCapture(this.#root, this.path, this.#disk, {
        head,
        lines: journalLines(join(this.#root, this.path, CAPTURE_FILES.journal), this.#disk),
        records: this.#recordLines(ids),
        finishedAt: date,
        requisites,
        data,
      });
    };
    await explained(work(), this.#root).finally(() => this.close());
  }

  /** Removes a capture that holds nothing worth keeping; one that was resumed stays as it is. */
  async discard(): Promise<void> {
    await this.close();
    if (this.resumed > 0) return;
    await explained(removeUnfinished(this.#root, this.path, this.#disk), this.#root);
  }

  /** Leaves the capture as it is: a later run resumes it. Never rejects; safe to call twice. */
  async close(): Promise<void> {
    await this.#turn.catch(() => undefined);
    const files = this.#files;
    this.#files = null;
    await files?.data.sync().catch(() => undefined);
    await files?.data.close().catch(() => undefined);
    await files?.journal.close().catch(() => undefined);
  }

  #opened(): Files {
    if (this.#files === null) throw new Error("the capture is closed");
    return this.#files;
  }

  /** Lines of records.jsonl, sorted by the ids that the entries have in the archive. */
  async *#recordLines(ids: ReadonlyMap<string, string>) {
    const read = [...this.#records].map(([came, one]) => [ids.get(came) ?? came, one] as const);
    for (const [entry, one] of read.sort(([a], [b]) => byCodeUnits(a, b))) {
      const listing = await this.#sourceAt(one.listing);
      const page = await this.#sourceAt(one.page);
      yield JSON.stringify({ entry, listing, page, fields: JSON.parse(one.fields) });
    }
  }

  async #newest(table: SpanTable, url: string): Promise<JournalLine | null> {
    const row = table.rowOf(fingerprint(url));
    return row === undefined ? null : this.#lineAt(table.spanOf(row));
  }

  async #sourceAt(row: number | null): Promise<RecordSource | null> {
    if (row === null) return null;
    const { url, id, digest, sha256, date } = await this.#lineAt(this.#responses.spanOf(row));
    return { url, record: id, digest, sha256, fetchedAt: date };
  }

  async #lineAt({ offset, length }: Span): Promise<JournalLine> {
    const bytes = Buffer.alloc(length);
    await this.#opened().journal.read(bytes, offset);
    return parseLine(decodeText(bytes));
  }

  #note({ line, span }: JournalPlace): void {
    const { kind, status, url, post, source = url } = line;
    if (this.#options.run.archive !== undefined && kind === "response")
      this.#answers.set(fingerprint(source), span);
    // A capture that an older version began has revisits with the status 304.
    if (!isResponse(line) || (status !== 200 && status !== 304)) return;
    if (kind === "response" && status === 200 && post === undefined)
      this.#held.set(fingerprint(url), span);
    const named = post?.key ?? ofRendered(url) ?? url;
    // A row names its listing page without the number of the first one.
    for (const key of new Set([urlKey(named), urlKey(listingUrl(named))]))
      this.#responses.set(fingerprint(key), span);
  }

  #append(
    records: readonly WarcRecord[],
    line: Omit<JournalLine, "offset" | "length" | "first">,
  ): Promise<void> {
    const members = records.map(gzipRecord);
    const written = this.#turn.then(async () => {
      const { data, journal } = this.#opened();
      const bytes = Buffer.concat(members);
      const place = { offset: this.#dataEnd, length: bytes.length, first: members[0]?.length ?? 0 };
      const whole = { ...place, ...line };
      await data.write(bytes, this.#dataEnd);
      this.#dataEnd += bytes.length;
      if (line.kind !== "session") this.#exchanges++;
      const text = Buffer.from(`${JSON.stringify(whole)}\n`);
      const span = { offset: this.#journalEnd, length: text.length - 1 };
      await journal.write(text, span.offset);
      this.#journalEnd += text.length;
      this.#note({ line: whole, span });
    });
    this.#turn = written.catch(() => undefined);
    return explained(written, this.#root);
  }
}

const NO_RESPONSE = { url: "", status: 0, mime: "", digest: "", sha256: "0".repeat(64) };

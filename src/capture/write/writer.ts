/** The capture of one crawl as a sink: what went over the wire is on disk before a page of it is read. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { type Disk, explained, realDisk } from "../../disk/disk.js";
import { SpanTable } from "../../disk/span-table.js";
import type { Entry, Origin, Sink } from "../../model.js";
import { Rows } from "../../rows.js";
import type {
  CaptureRun,
  JournalHead,
  JournalLine,
  RecordSource,
  RequisiteCost,
} from "../../schema/capture.js";
import { listingUrl } from "../../site/page-urls.js";
import { fingerprint } from "../../url/digest.js";
import { ofRendered } from "../../url/post.js";
import { urlKey } from "../../url/url.js";
import type { WarcPlace } from "../../warc/cdxj.js";
import { isoTime } from "../../warc/date.js";
import type {
  FailedRequest,
  HttpExchange,
  RenderedPage,
  ReplayedCapture,
  RevisitTarget,
} from "../../warc/exchange.js";
import { type Field, linesRecord } from "../../warc/record.js";
import { CAPTURE_FILES } from "../layout.js";
import { EntryRecords, finishCapture } from "./close.js";
import { GrowingFiles } from "./growing-files.js";
import { isResponse, type Journal, type JournalPlace, journalLines } from "./journal.js";
import {
  exchangeRecords,
  failureRecords,
  type Kept,
  NO_RESPONSE,
  renderedRecords,
  repeatedRecords,
  replayedRecords,
} from "./records.js";
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
  const startedAt = isoTime(now());
  const found = await findUnfinished(root, { run, startedAt, isPart: after !== undefined }, disk);
  const path = found?.path ?? (await freeFolder(root, startedAt, disk));
  const head = { journalVersion: 1 as const, generator, run, startedAt, info: newId() };
  const { files, known } = await GrowingFiles.open(root, path, disk, head, found);
  const capture = new Capture(root, path, options, files, known);
  try {
    await capture.session(startedAt);
    return capture;
  } catch (error) {
    await capture.close();
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
  /** How many responses an interrupted run of the same crawl had already stored. */
  readonly resumed: number;
  readonly #root: string;
  readonly #options: CaptureOptions;
  readonly #head: JournalHead;
  readonly #isFirst: boolean;
  // What is known of each URL is in the journal; in memory there are its fingerprint and the place of its line.
  /** The newest complete response of each URL. */
  readonly #responses = new SpanTable();
  /** Rows of the newest complete response of each URL that is not a revisit. */
  readonly #held = new Rows();
  /** Of a crawl from web archives, the newest answer to each request. */
  readonly #answers = new SpanTable();
  readonly #entries = new EntryRecords();
  readonly #files: GrowingFiles;
  #info = "";
  #exchanges = 0;

  constructor(
    root: string,
    path: string,
    options: CaptureOptions,
    files: GrowingFiles,
    { head, lines }: Journal,
  ) {
    this.path = path;
    this.#root = root;
    this.#options = options;
    this.#files = files;
    this.#head = head;
    this.#isFirst = lines.length === 0;
    this.resumed = lines.filter(({ line }) => isResponse(line)).length;
    for (const place of lines) this.#note(place);
  }

  /** How many exchanges this run has added, and the bytes of the whole WARC file. */
  get size(): { readonly exchanges: number; readonly bytes: number } {
    return { exchanges: this.#exchanges, bytes: this.#files.bytes };
  }

  /** Where it holds the newest answer of a web archive to a request for a URL; null when it holds none. */
  async answer(url: string): Promise<WarcPlace | null> {
    const line = await this.#lineOf(this.#answers.rowOf(fingerprint(url)), this.#answers);
    return line !== null && (line.source ?? line.url) === url ? line : null;
  }

  /** Where it holds the newest complete response of a URL; null when it holds none. */
  async find(url: string): Promise<WarcPlace | null> {
    const line = await this.#lineOf(this.#held.get(fingerprint(url)), this.#responses);
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
    const about = { id: this.#info, date };
    const record = linesRecord("warcinfo", about, lines, [["WARC-Filename", CAPTURE_FILES.data]]);
    await this.#keep({ records: [record], kind: "session", ...about, url: "", ...NO_RESPONSE });
  }

  exchange(exchange: HttpExchange): Promise<void> {
    return this.#keep(exchangeRecords(exchange, this.#info, newId));
  }

  /** Stores a capture of a web archive. */
  replayed(capture: ReplayedCapture): Promise<void> {
    return this.#keep(replayedRecords(capture, this.#info, newId));
  }

  /** Names a capture of a web archive that an earlier crawl has stored. */
  repeated(source: string, target: RevisitTarget): Promise<void> {
    return this.#keep(repeatedRecords(source, target, this.#info, newId));
  }

  /** Stores a page as a browser showed it. */
  rendered(page: RenderedPage): Promise<void> {
    return this.#keep(renderedRecords(page, this.#info, newId));
  }

  failure(failed: FailedRequest): Promise<void> {
    return this.#keep(failureRecords(failed, this.#info, newId));
  }

  async entry(entry: Entry, { listing, page }: Origin): Promise<void> {
    const rowOf = (url: string) => this.#responses.rowOf(fingerprint(urlKey(url))) ?? null;
    this.#entries.add(entry, { listing: rowOf(listing), page: rowOf(page) });
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
    const head = this.#head;
    const disk = this.#disk();
    const date = isoTime((this.#options.now ?? Date.now)());
    const about = { id: newId(), date, info: head.info };
    const end = linesRecord(
      "metadata",
      about,
      [["sitelift-end", date]],
      [["WARC-Refers-To", head.info]],
    );
    const work = async () => {
      await finishCapture(this.#root, this.path, disk, {
        head,
        data: await this.#files.end(end),
        lines: journalLines(join(this.#root, this.path, CAPTURE_FILES.journal), disk),
        records: this.#entries.lines(ids, (row) => this.#sourceAt(row)),
        finishedAt: date,
        requisites,
      });
    };
    await explained(work(), this.#root).finally(() => this.close());
  }

  /** Removes a capture that holds nothing worth keeping; one that was resumed stays as it is. */
  async discard(): Promise<void> {
    await this.close();
    if (this.resumed > 0) return;
    await explained(removeUnfinished(this.#root, this.path, this.#disk()), this.#root);
  }

  /** Leaves the capture as it is: a later run resumes it. Never rejects; safe to call twice. */
  close(): Promise<void> {
    return this.#files.close();
  }

  #disk(): Disk {
    return this.#options.disk ?? realDisk;
  }

  async #lineOf(row: number | undefined, table: SpanTable): Promise<JournalLine | null> {
    return row === undefined ? null : this.#files.lineAt(table.spanOf(row));
  }

  async #sourceAt(row: number | null): Promise<RecordSource | null> {
    if (row === null) return null;
    const { url, id, digest, sha256, date } = await this.#files.lineAt(this.#responses.spanOf(row));
    return { url, record: id, digest, sha256, fetchedAt: date };
  }

  #note({ line, span }: JournalPlace): void {
    const { kind, status, url, post, source = url } = line;
    if (this.#options.run.archive !== undefined && kind === "response")
      this.#answers.set(fingerprint(source), span);
    // A capture that an older version began has revisits with the status 304.
    if (!isResponse(line) || (status !== 200 && status !== 304)) return;
    const named = post?.key ?? ofRendered(url) ?? url;
    // A row names its listing page without the number of the first one.
    for (const key of new Set([urlKey(named), urlKey(listingUrl(named))]))
      this.#responses.set(fingerprint(key), span);
    if (kind === "response" && status === 200 && post === undefined)
      this.#held.set(fingerprint(url), this.#responses.length - 1);
  }

  async #keep(kept: Kept): Promise<void> {
    const place = await this.#files.append(kept);
    if (place.line.kind !== "session") this.#exchanges++;
    this.#note(place);
  }
}

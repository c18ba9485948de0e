/** The archive folder as a sink: stages entries and rejections one by one, and commits everything at once. */
import { resolve } from "node:path";
import { type Disk, explainDisk, realDisk } from "../../disk/disk.js";
import { makeFolder } from "../../disk/folders.js";
import { type FolderLock, lockFolder } from "../../disk/lock.js";
import { clearStaging, openStaging, type Span, type Staging } from "../../disk/staging.js";
import { CliError } from "../../error.js";
import type { Entry, Page, Rejection, Sink, Warning } from "../../model.js";
import type { OutsideLink } from "../../schema/holdings.js";
import type { Run, RunReport } from "../../schema/run-report.js";
import { entryId, slugFor, urlKey } from "../../url/url.js";
import { factsOf, readIndex, stagedEntry } from "../archive-index.js";
import { finishRun } from "../manifest.js";
import type {
  ArchivedEntry,
  ArchiveIndex,
  ArchiveOptions,
  LastSnapshot,
  Staged,
  StagedEntry,
} from "../nouns.js";
import { Quarantine } from "../quarantine.js";
import { lastSnapshot, statesOf } from "../snapshots.js";
import { commit } from "./commit.js";
import { lastSnapshotOf } from "./history.js";
import { type MediaRequest, MediaStore } from "./media/store.js";
import { isDropped } from "./merge-ledger.js";
import { outsideLinks } from "./outside-links.js";
import type { WriteOptions } from "./plan.js";
import { prepare } from "./prepare.js";
import { Readings } from "./readings.js";
import { StagedEntries } from "./staged-entries.js";
import { keepMade } from "./unchanged.js";

/**
 * Opens an archive for one run, making its folder when there is none.
 *
 * @throws {CliError} when another run holds it, when it belongs to another site or cannot be read,
 * and from every method when the disk fails
 */
export async function openArchive(folder: string, options: ArchiveOptions): Promise<Archive> {
  const archive = new Archive(resolve(folder), options);
  try {
    await archive.open();
  } catch (error) {
    await archive.close();
    throw explainDisk(error, folder);
  }
  return archive;
}

const NOWHERE: Span = { offset: 0, length: 0 };

/** An archive that is being written. Calls of `entry` and `rejection` may overlap. */
export class Archive implements Sink, AsyncDisposable {
  readonly #root: string;
  readonly #options: WriteOptions;
  #disk: Disk;
  #staged = new StagedEntries();
  /** Entries of a dry run, which stages nothing. */
  readonly #unstaged = new Map<string, StagedEntry>();
  #restaged: Staged | null = null;
  readonly #quarantine = new Quarantine();
  readonly #media = new MediaStore();
  #index: ArchiveIndex | null = null;
  #last: LastSnapshot | null = null;
  #staging: Staging | null = null;
  #lock: FolderLock | null = null;
  #readings: Readings | null = null;
  /** Folders that this run has made, innermost first. */
  #made: readonly string[] = [];

  constructor(root: string, options: ArchiveOptions) {
    this.#root = root;
    this.#options = { origins: [], own: { fields: {} }, ...options };
    this.#disk = options.disk ?? realDisk;
  }

  async open(): Promise<void> {
    const { site, dryRun = false } = this.#options;
    if (!dryRun) {
      this.#made = await makeFolder(this.#root, this.#disk);
      this.#lock = await lockFolder(this.#root, this.#disk);
      this.#disk = this.#lock.disk;
      await finishRun(this.#root, this.#disk);
    }
    this.#index = await readIndex(this.#root, this.#disk);
    const known = this.#index.site ?? site;
    if (known !== site)
      throw new CliError(`${this.#root} is an archive of ${known}, not of ${site}`, {
        hint: "Choose another folder with --out.",
      });
    for (const media of this.#index.media) this.#media.add(media);
    if (this.#options.snapshot !== undefined) {
      const last = await lastSnapshot(this.#root, this.#disk);
      this.#last = last && lastSnapshotOf(last);
    }
    if (!dryRun) {
      await clearStaging(this.#root, this.#disk);
      this.#staging = await openStaging(this.#root, this.#disk);
    }
    this.#readings = new Readings(this.#root, this.#disk, !dryRun);
  }

  /** For others that write in the folder: a disk that changes nothing once the run has lost it to another. */
  get disk(): Disk {
    return this.#disk;
  }

  /** What earlier runs have read of pages. */
  get readings(): Readings {
    if (this.#readings === null) throw new Error("the archive is closed");
    return this.#readings;
  }

  async entry({ embedded, ...entry }: Entry): Promise<void> {
    if (this.#options.dryRun) this.#unstaged.set(entry.id, stagedEntry(factsOf(entry), NOWHERE));
    else await this.#staged.add(entry, (bytes) => this.#stage(bytes));
    for (const image of embedded) await this.#media.embed(image, (bytes) => this.#stage(bytes));
    for (const media of entry.data.media) this.#media.request(media);
  }

  async move(id: string, url: string, { code, message }: Warning): Promise<void> {
    const unstaged = this.#unstaged.get(id);
    if (unstaged !== undefined) {
      this.#unstaged.delete(id);
      const to = entryId(url);
      this.#unstaged.set(to, { ...unstaged, id: to, sourceUrl: url });
    }
    const text = this.#staged.text(id);
    if (text === undefined || this.#staging === null) return;
    const { data, provenance, body, anchors } = await this.#staging.readJson<Entry>(text);
    const own = entryId(url);
    const moved = {
      id: own,
      slug: slugFor(url, data.title, own),
      data: {
        ...data,
        id: own,
        sourceUrl: url,
        aliases: data.aliases.filter((alias) => urlKey(alias) !== urlKey(url)),
        warnings: [...(data.warnings ?? []), message],
      },
      body,
      ...(anchors !== undefined && { anchors }),
      provenance: { ...provenance, warnings: [...(provenance.warnings ?? []), code] },
    };
    this.#staged.remove(id);
    await this.#staged.add(moved, (bytes) => this.#stage(bytes));
  }

  async rejection(rejection: Rejection): Promise<void> {
    await this.#quarantine.add(rejection, (content) => this.#stage(content));
  }

  /** Images and attachments of the entries so far that the archive lacks. @param all also those that it has */
  async mediaRequests(all = false): Promise<readonly MediaRequest[]> {
    await this.#media.check(this.#root, this.#disk);
    return this.#media.requests(all);
  }

  /** Takes the response to a request. Gives the reason when it is refused, null when it is taken. */
  media(request: MediaRequest, url: string, page: Page): Promise<string | null> {
    return this.#media.take(request, url, page, (bytes) => this.#stage(bytes));
  }

  /** Notes why a request gave nothing. */
  mediaFailed(request: MediaRequest, reason: string): void {
    this.#media.fail(request, reason);
  }

  /** Links of the entries so far that lead to other sites. */
  outsideLinks(): Promise<readonly OutsideLink[]> {
    return outsideLinks(this.#texts(), this.#options.origins);
  }

  async *#texts(): AsyncGenerator<Entry> {
    for (const text of this.#staged.texts())
      if (this.#staging !== null) yield this.#staging.readJson<Entry>(text);
  }

  /** Articles that were not gone when the archive was last written. @param lists names of those that the run walks, where it has several */
  known(lists: readonly string[]): readonly ArchivedEntry[] {
    const { ledger, entries } = this.#index ?? { ledger: [], entries: new Map() };
    const states = statesOf(
      ledger.map((line) => (isDropped(line, lists) ? { ...line, state: "gone" } : line)),
    );
    return [...entries.values()].filter(({ id }) => states.get(id) !== "gone");
  }

  /** How many URLs the last run had of lists that are not in the site file any more. @param lists names of those that are */
  dropped(lists: readonly string[]): number {
    const lines = this.#index?.ledger ?? [];
    return lines.filter((line) => isDropped(line, lists) && line.listedOn.length > 0).length;
  }

  async #stage(content: Uint8Array | string): Promise<Span> {
    if (this.#options.dryRun) return NOWHERE;
    if (this.#staging === null) throw new Error("the archive is closed");
    return this.#staging.append(content).catch((error: unknown) => {
      throw explainDisk(error, this.#root);
    });
  }

  /** Takes what an earlier run had staged: it can be committed where the archive holds already what is made of it. */
  restage(staged: Staged): void {
    this.#restaged = staged;
    for (const media of staged.media) this.#media.request(media);
    this.readings.leave();
  }

  /**
   * Commits everything. Only then does the archive change; the folder stays locked until it is closed.
   *
   * @param keep called with what was staged, where that can be staged again
   */
  async commit(run: Run, keep?: (staged: Staged) => Promise<void>): Promise<RunReport> {
    try {
      const { report, planned, inputs } = await this.#prepare(run, keep);
      if (this.#staging === null || planned === null) return report;
      const { touched, files } = await commit(this.#root, planned, this.#staging, this.#disk);
      if (report.archive !== null) await keepMade(inputs, files, report.archive, this.readings);
      await this.readings.commit();
      await this.#staging.close();
      this.#staging = null;
      await clearStaging(this.#root, this.#disk);
      return { ...report, files: touched };
    } catch (error) {
      throw explainDisk(error, this.#root);
    } finally {
      this.#index = null;
    }
  }

  /** Apart from the commit, so that what it needs of every entry is gone from memory then. */
  async #prepare(run: Run, keep: ((staged: Staged) => Promise<void>) | undefined) {
    if (this.#index === null) throw new Error("the archive is closed");
    const staged = this.#restaged ?? (await this.#entries(this.#index));
    const isWhole = this.#quarantine.files().size === 0 && !this.#media.hasEmbedded;
    if (isWhole) await keep?.({ ...staged, ...this.#media.wanted() });
    return prepare({
      root: this.#root,
      disk: this.#disk,
      options: this.#options,
      index: this.#index,
      last: this.#last,
      run,
      staged,
      isRestaged: this.#restaged !== null,
      staging: this.#staging,
      media: this.#media,
      quarantine: this.#quarantine,
      readings: this.readings,
    });
  }

  /** The entries of the run, and a digest of all that was read of them. */
  async #entries(index: ArchiveIndex): Promise<Pick<Staged, "entries" | "digest">> {
    if (this.#staging === null) return { entries: [...this.#unstaged.values()], digest: "" };
    const read = await this.#staged.read(this.#staging, index);
    this.#staged = new StagedEntries();
    return read;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Gives up what was not committed and releases the folder. Never rejects; safe to call twice. */
  async close(): Promise<void> {
    this.#index = null;
    this.#last = null;
    await this.#readings?.close();
    this.#readings = null;
    const [staging, lock, made] = [this.#staging, this.#lock, this.#made];
    this.#staging = null;
    this.#lock = null;
    this.#made = [];
    // What cannot be finished or cleared here is by the next run.
    await staging?.close().catch(() => undefined);
    if (staging !== null)
      await finishRun(this.#root, this.#disk)
        .then(() => clearStaging(this.#root, this.#disk))
        .catch(() => undefined);
    await lock?.release().catch(() => undefined);
    try {
      for (const folder of made) await (this.#options.disk ?? realDisk).rmdir(folder);
    } catch {
      // A run that stored nothing leaves no folder; one that holds something stays.
    }
  }
}

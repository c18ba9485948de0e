/** The archive folder as a sink: stages entries and rejections one by one, and commits everything at once. */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { type Disk, explainDisk, realDisk } from "../../disk/disk.js";
import { makeFolder } from "../../disk/folders.js";
import { type FolderLock, lockFolder } from "../../disk/lock.js";
import { decodeText } from "../../disk/read.js";
import { finishChanges } from "../../disk/redo.js";
import { clearStaging, openStaging, type Span, type Staging } from "../../disk/staging.js";
import { CliError } from "../../error.js";
import type { Entry, Media, Page, Rejection, Sink, Warning } from "../../model.js";
import type { OwnShape } from "../../schema/fields.js";
import type { OutsideLink } from "../../schema/holdings.js";
import type { Run, RunReport } from "../../schema/run-report.js";
import { entryId, slugFor, urlKey } from "../../url.js";
import { readIndex, stagedEntry } from "../archive-index.js";
import { isReadAlike } from "../diff/changes.js";
import { type PastRun, readHistory } from "../history.js";
import { FILES } from "../layout.js";
import { matchRun } from "../match.js";
import type { ArchivedEntry, ArchiveIndex, StagedEntry } from "../nouns.js";
import { Quarantine } from "../quarantine.js";
import { redirectsOf } from "../redirects.js";
import { lastSnapshot, statesOf, type UnsignedSnapshot } from "../snapshots.js";
import { reportFiles, reportOf, unknownOverrides } from "./account.js";
import { type Commit, commit } from "./commit.js";
import { fullerOnly } from "./fuller.js";
import {
  capturedAt,
  type LastSnapshot,
  lastSnapshotOf,
  lostHistory,
  replacedBy,
  snapshotOf,
} from "./history.js";
import { link } from "./link.js";
import { type MediaRequest, MediaStore } from "./media/store.js";
import { OutsideLinks } from "./outside-links.js";
import { plan } from "./plan.js";
import { Readings } from "./readings.js";
import { recordChanges } from "./recorded-changes.js";
import { SharedTemplates } from "./shared-templates.js";
import { entriesOf, findUnchanged, inputsOf, keepMade } from "./unchanged.js";

export interface ArchiveOptions {
  /** Name of the site; an archive of another site is refused. */
  readonly site: string;
  /** Program and version, such as `sitelift 1.0.0`. */
  readonly generator: string;
  /** Origins of the site: a link to one of them is one to the site. */
  readonly origins?: readonly string[];
  /** What entries of the site have beside the keys of every entry. */
  readonly own?: OwnShape;
  /** Read and calculate everything, write nothing. */
  readonly dryRun?: boolean;
  /** For the snapshot of the run. Without this, it leaves none. */
  readonly snapshot?: {
    /** When the run began: ISO 8601, in UTC. */
    readonly time: string;
    /** When its pages were fetched, where the capture of the run does not say it. */
    readonly captured?: string | null;
    /** SHA-256 of what decides how pages are read: the site file and the overrides. */
    readonly rules?: string;
  };
  readonly disk?: Disk;
}

/** An archive that is being written. Calls of `entry` and `rejection` may overlap. */
export interface Archive extends Sink, AsyncDisposable {
  /** For others that write in the folder: a disk that changes nothing once the run has lost it to another. */
  readonly disk: Disk;
  /** What earlier runs have read of pages. */
  readonly readings: Readings;
  entry(entry: Entry): Promise<void>;
  rejection(rejection: Rejection): Promise<void>;
  move(id: string, url: string, warning: Warning): Promise<void>;
  /** Articles that the archive holds and that were not gone when it was last written. */
  known(): readonly Pick<ArchivedEntry, "id" | "sourceUrl" | "aliases">[];
  /** Images and attachments of the entries so far that the archive lacks. @param all also those that it has */
  mediaRequests(all?: boolean): Promise<readonly MediaRequest[]>;
  /** Takes the response to a request. Gives the reason when it is refused, null when it is taken. */
  media(request: MediaRequest, url: string, page: Page): Promise<string | null>;
  /** Notes why a request gave nothing. */
  mediaFailed(request: MediaRequest, reason: string): void;
  /** Links of the entries so far that lead to other sites. */
  outsideLinks(): Promise<readonly OutsideLink[]>;
  /** Takes what an earlier run had staged: it can be committed where the archive holds already what is made of it. */
  restage(staged: Staged): void;
  /**
   * Commits everything. Only then does the archive change; the folder stays locked until it is closed.
   *
   * @param keep called with what was staged, where that can be staged again
   */
  commit(run: Run, keep?: (staged: Staged) => Promise<void>): Promise<RunReport>;
  /** Gives up what was not committed and releases the folder. Never rejects; safe to call twice. */
  close(): Promise<void>;
}

/** What a run has staged, without its texts. */
export interface Staged {
  readonly entries: readonly StagedEntry[];
  /** Of the texts. */
  readonly digest: string;
  /** What they show and offer, and why some of that did not come. */
  readonly media: readonly Pick<Media, "sourceUrl" | "kind">[];
  readonly failures: readonly (readonly [url: string, reason: string])[];
}

/**
 * Opens an archive for one run, making its folder when there is none.
 *
 * @throws {CliError} when another run holds it, when it belongs to another site or cannot be read,
 * and from every method when the disk fails
 */
export async function openArchive(folder: string, options: ArchiveOptions): Promise<Archive> {
  const archive = new FolderArchive(resolve(folder), options);
  try {
    await archive.open();
  } catch (error) {
    await archive.close();
    throw explainDisk(error, folder);
  }
  return archive;
}

const NOWHERE: Span = { offset: 0, length: 0 };

class FolderArchive implements Archive {
  readonly #root: string;
  readonly #options: ArchiveOptions;
  #disk: Disk;
  /** By id, where each entry is in the staging file: all that a crawl has of it in memory until its end. */
  readonly #staged = new Map<string, Span>();
  /** Entries of a dry run, which stages nothing. */
  readonly #unstaged = new Map<string, StagedEntry>();
  readonly #templates = new SharedTemplates();
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
    this.#options = options;
    this.#disk = options.disk ?? realDisk;
  }

  async open(): Promise<void> {
    const { site, dryRun = false } = this.#options;
    if (!dryRun) {
      this.#made = await makeFolder(this.#root, this.#disk);
      this.#lock = await lockFolder(this.#root, this.#disk);
      this.#disk = this.#lock.disk;
      await finishChanges(this.#root, this.#disk);
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
    if (!dryRun) await this.#begin();
    this.#readings = new Readings(this.#root, this.#disk, !dryRun);
  }

  async #begin(): Promise<void> {
    await clearStaging(this.#root, this.#disk, "all but the commit list");
    this.#staging = await openStaging(this.#root, this.#disk);
  }

  get disk(): Disk {
    return this.#disk;
  }

  get readings(): Readings {
    if (this.#readings === null) throw new Error("the archive is closed");
    return this.#readings;
  }

  async entry({ embedded, ...entry }: Entry): Promise<void> {
    if (this.#options.dryRun) this.#unstaged.set(entry.id, this.#factsOf(entry, NOWHERE));
    else this.#staged.set(entry.id, await this.#stage(JSON.stringify(entry)));
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
    const text = this.#staged.get(id);
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
      anchors,
      provenance: { ...provenance, warnings: [...(provenance.warnings ?? []), code] },
    };
    this.#staged.delete(id);
    this.#staged.set(own, await this.#stage(JSON.stringify(moved)));
  }

  async rejection(rejection: Rejection): Promise<void> {
    await this.#quarantine.add(rejection, (content) => this.#stage(content));
  }

  async mediaRequests(all = false): Promise<readonly MediaRequest[]> {
    await this.#media.check(this.#root, this.#disk);
    return this.#media.requests(all);
  }

  async media(request: MediaRequest, url: string, page: Page): Promise<string | null> {
    return this.#media.take(request, url, page, (bytes) => this.#stage(bytes));
  }

  mediaFailed(request: MediaRequest, reason: string): void {
    this.#media.fail(request, reason);
  }

  async outsideLinks(): Promise<readonly OutsideLink[]> {
    const found = new OutsideLinks(this.#options.origins ?? []);
    for (const text of this.#staged.values())
      if (this.#staging !== null) found.add(await this.#staging.readJson<Entry>(text));
    return found.all();
  }

  known(): readonly ArchivedEntry[] {
    const { ledger, entries } = this.#index ?? { ledger: [], entries: new Map() };
    const states = statesOf(ledger);
    return [...entries.values()].filter(({ id }) => states.get(id) !== "gone");
  }

  async #stage(content: Uint8Array | string): Promise<Span> {
    if (this.#options.dryRun) return NOWHERE;
    if (this.#staging === null) throw new Error("the archive is closed");
    return this.#staging.append(content).catch((error: unknown) => {
      throw explainDisk(error, this.#root);
    });
  }

  restage(staged: Staged): void {
    this.#restaged = staged;
    for (const media of staged.media) this.#media.request(media);
    this.readings.leave();
  }

  async commit(run: Run, keep?: (staged: Staged) => Promise<void>): Promise<RunReport> {
    try {
      const { report, planned, inputs } = await this.#prepare(run, keep);
      if (this.#staging === null || planned === null) return report;
      const { touched, files } = await commit(this.#root, planned, this.#staging, this.#disk);
      if (report.archive !== null) await keepMade(inputs, files, report.archive, this.readings);
      await this.readings.commit();
      await this.#staging.close();
      this.#staging = null;
      await clearStaging(this.#root, this.#disk, "all");
      return { ...report, files: touched };
    } catch (error) {
      throw explainDisk(error, this.#root);
    } finally {
      this.#index = null;
    }
  }

  /**
   * Matches, plans and links. Apart from the commit, so that what it needs of every entry is gone from memory then.
   */
  async #prepare(
    given: Run,
    keep: ((staged: Staged) => Promise<void>) | undefined,
  ): Promise<{ report: RunReport; planned: Commit | null; inputs: string }> {
    const [root, disk, index, staging] = [this.#root, this.#disk, this.#index, this.#staging];
    if (index === null) throw new Error("the archive is closed");
    const { site, generator, origins = [], own = { fields: {} }, snapshot } = this.#options;
    const staged = this.#restaged ?? (await this.#entries());
    const isWhole = this.#quarantine.files().size === 0 && !this.#media.hasEmbedded;
    if (isWhole) await keep?.({ ...staged, ...this.#media.wanted() });
    const read = matchRun(given, staged.entries, [...index.entries.values()]);
    const { written, ids, outcomes, notes } = fullerOnly(read, given, index);
    const lost = snapshot === undefined ? [] : lostHistory(index, this.#last);
    const run = { ...given, notes: [...notes, ...lost] };
    const next = plan({ ...run, outcomes }, written, index);
    const { ledger } = next;
    const readByOthers = this.#readByOthers();
    const merged = { ...next, site, out: root, written, index, ids, readByOthers };
    if (staging === null) return { report: reportOf(run, merged, null), planned: null, inputs: "" };
    const keptQuarantine = await this.#quarantine.kept(root, index, run, ledger, disk);
    await this.#media.check(root, disk);
    const from = { site, origins, own, plan: next, index, media: this.#media, staging };
    const quarantine = this.#quarantine.files();
    const made = { ...from, read: staged.digest, run, quarantine, keptQuarantine };
    const inputs = await inputsOf(made);
    const unchanged = await findUnchanged(root, inputs, this.readings, disk);
    if (unchanged === null && this.#restaged !== null)
      throw new Error("the archive does not hold what was made of what is staged");
    const { entries, media, holdings } =
      unchanged === null
        ? await link({ ...from, root, dead: run.dead ?? [], disk })
        : {
            entries: entriesOf(next, index),
            media: new Map<string, never>(),
            holdings: () => unchanged.holdings,
          };
    const redirects = redirectsOf(entries, ledger);
    const archive = holdings({
      redirects: redirects.split("\r\n").length - 2,
      asked: run.dead !== undefined,
      unknownOverrides: unknownOverrides(run.unusedOverrides, entries, ledger),
    });
    const report = { ...reportOf(run, merged, archive), archive };
    const runs: PastRun[] = await readHistory(root, disk);
    let left: UnsignedSnapshot | null = null;
    if (snapshot !== undefined) {
      const { rules = null, captured = capturedAt(run) } = snapshot;
      const isFirst = !runs.some(({ complete, interrupted }) => complete && !interrupted);
      const [last, now] = [this.#last, { complete: run.complete, generator, rules }];
      const texts = unchanged === null ? staging : null;
      const both = { root, disk, texts, index, last, entries, ledger, now, isFirst, run };
      const named = { site, generator, rules, captured, changes: await recordChanges(both) };
      left = snapshotOf(snapshot.time, run, named, ledger, entries, last);
      runs.push(left);
    }
    return {
      report,
      inputs,
      planned: {
        site,
        generator,
        own,
        entries: entries.map(({ path, text, provenance }) => ({ path, text, provenance })),
        ledger,
        media,
        texts: new Map([[FILES.redirects, redirects], ...reportFiles(report, entries, runs)]),
        quarantine,
        keptQuarantine,
        unchanged: unchanged?.files ?? null,
        owned: index.owned,
        replaced: replacedBy(entries, index.entries),
        snapshot: left,
      },
    };
  }

  /** The last snapshot, where another version of sitelift or other rules read it. */
  #readByOthers(): LastSnapshot | null {
    const { generator, snapshot } = this.#options;
    const last = this.#last;
    if (last === null || snapshot === undefined) return null;
    return isReadAlike(last, { generator, rules: snapshot.rules }) ? null : last;
  }

  #factsOf(entry: Omit<Entry, "embedded">, text: Span): StagedEntry {
    const { markup } = entry.provenance;
    return stagedEntry(entry, text, markup === undefined ? null : this.#templates.share(markup));
  }

  /** The entries of the run, and a digest of all that was read of them. */
  async #entries() {
    const entries = [...this.#unstaged.values()];
    const hash = createHash("sha256");
    if (this.#staging !== null)
      for (const text of this.#staged.values()) {
        const bytes = await this.#staging.read(text);
        hash.update(bytes).update("\n");
        entries.push(this.#factsOf(JSON.parse(decodeText(bytes)) as Entry, text));
      }
    this.#staged.clear();
    return { entries, digest: hash.digest("hex") };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    this.#index = null;
    this.#last = null;
    await this.#readings?.close();
    this.#readings = null;
    const [staging, lock, made] = [this.#staging, this.#lock, this.#made];
    this.#staging = null;
    this.#lock = null;
    this.#made = [];
    // What cannot be cleared here is cleared by the next run.
    await staging?.close().catch(() => undefined);
    if (staging !== null)
      await clearStaging(this.#root, this.#disk, "all but the commit list").catch(() => undefined);
    await lock?.release().catch(() => undefined);
    try {
      for (const folder of made) await (this.#options.disk ?? realDisk).rmdir(folder);
    } catch {
      // A run that stored nothing leaves no folder; one that holds something stays.
    }
  }
}

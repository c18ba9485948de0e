/** The archive folder as a sink: takes entries and rejections one by one, and places everything at once. */

import { dirname, resolve } from "node:path";
import { type Disk, realDisk, unless } from "../../disk/disk.js";
import { explainDisk } from "../../disk/explain-disk.js";
import { placeDurable } from "../../disk/files.js";
import { type FolderLock, lockFolder } from "../../disk/lock.js";
import { hashOf } from "../../disk/read.js";
import { clearStaging, openStaging, type Span, type Staging } from "../../disk/staging.js";
import { CliError } from "../../error.js";
import type { Entry, Page, Rejection, Sink } from "../../model.js";
import type { Run, RunReport } from "../../schema/run-report.js";
import type { Snapshot } from "../../schema/snapshot.js";
import { entryText, readPrevious, substanceOf } from "../archive-index.js";
import { FILES } from "../layout.js";
import type { Held, IndexedEntry, Previous, Taken } from "../nouns.js";
import { Quarantine } from "../quarantine.js";
import { redirectsOf } from "../redirects.js";
import { keepVersions, lastSnapshot, prepareSnapshot, statesOf } from "../snapshots.js";
import { reportFiles, reportOf, unknownOverrides } from "./account.js";
import { place } from "./commit.js";
import { type Moment, type Remembered, remember, replacedBy, snapshotOf } from "./history.js";
import { finish } from "./link.js";
import { type Identity, identities } from "./match.js";
import { isIntact, type MediaWish, Shelf } from "./media/shelf.js";
import { calculate, type Plan } from "./plan.js";

export interface ArchiveOptions {
  /** Name of the site; an archive of another site is refused. */
  readonly site: string;
  /** Program and version, such as `sitelift 1.0.0`. */
  readonly generator: string;
  /** Origins of the site: a link to one of them is one to the site. */
  readonly origins?: readonly string[];
  /** Read and calculate everything, write nothing. */
  readonly dryRun?: boolean;
  /** What the snapshot of the run says of it; without this, the run leaves none. */
  readonly snapshot?: Moment;
  readonly disk?: Disk;
}

/** An archive that is being written. Calls of `entry` and `rejection` may overlap. */
export interface Archive extends Sink, AsyncDisposable {
  /** For others that write in the folder: a disk that changes nothing once the run has lost it to another. */
  readonly disk: Disk;
  entry(entry: Entry): Promise<void>;
  rejection(rejection: Rejection): Promise<void>;
  /** Articles that the archive holds and that were not gone when it was last written. */
  known(): readonly Held[];
  /** Images and attachments of the entries so far that the archive lacks. @param all also those that it has */
  wishes(all?: boolean): Promise<readonly MediaWish[]>;
  /** Takes what was answered to a wish. Gives the reason when it is refused, null when it is taken. */
  media(wish: MediaWish, address: string, page: Page): Promise<string | null>;
  /** Notes why a wish came to nothing. */
  missed(wish: MediaWish, reason: string): void;
  /** Places everything. Only then does the archive change; the folder stays locked until it is closed. */
  commit(run: Run): Promise<RunReport>;
  /** Gives up what was not committed and releases the folder. Never rejects; safe to call twice. */
  close(): Promise<void>;
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

/** What is placed, and what is kept beside it. */
interface Placing {
  readonly plan: Plan;
  readonly owned: ReadonlySet<string>;
  /** Versions of the archive that will not stand in it. */
  readonly replaced: readonly IndexedEntry[];
  readonly snapshot: Omit<Snapshot, "sha256"> | null;
}

const NOWHERE: Span = { offset: 0, length: 0 };

class FolderArchive implements Archive {
  readonly #root: string;
  readonly #options: ArchiveOptions;
  #disk: Disk;
  /** By id, where the facts of each entry stand in the staging file; in a dry run, which has none, the facts themselves. */
  readonly #entries = new Map<string, Span | Taken>();
  readonly #quarantine = new Quarantine();
  readonly #shelf = new Shelf();
  #isShelfChecked = false;
  #previous: Previous | null = null;
  #last: Remembered | null = null;
  #staging: Staging | null = null;
  #lock: FolderLock | null = null;
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
      this.#made = await makeRoot(this.#root, this.#disk);
      this.#lock = await lockFolder(this.#root, this.#disk);
      this.#disk = this.#lock.disk;
    }
    this.#previous = await readPrevious(this.#root, this.#disk);
    const known = this.#previous.site ?? site;
    if (known !== site)
      throw new CliError(`${this.#root} is an archive of ${known}, not of ${site}`, {
        hint: "Choose another folder with --out.",
      });
    for (const media of this.#previous.media) this.#shelf.keep(media);
    if (dryRun) return;
    if (this.#options.snapshot !== undefined) {
      const last = await lastSnapshot(this.#root, this.#disk);
      this.#last = last && remember(last);
    }
    await clearStaging(this.#root, this.#disk, "all but the list of a placing");
    this.#staging = await openStaging(this.#root, this.#disk);
  }

  get disk(): Disk {
    return this.#disk;
  }

  async entry(entry: Entry): Promise<void> {
    const { id, slug, data } = entry;
    const { markup = null, ...provenance } = entry.provenance;
    const { title, language, date, sourceUrl, aliases, warnings } = data;
    const { translations, media } = data;
    const text = entryText(entry);
    const substance = substanceOf(entry);
    const span = await this.#stage(text);
    const source = await this.#stage(
      JSON.stringify({ id, read: substance, ...provenance, translations }),
    );
    const [hasWarnings, hasMedia] = [warnings.length > 0, media.length > 0];
    const place = { id, slug, title, language, date, sourceUrl, aliases, translations };
    const known = { ...place, markup, hash: hashOf(text), substance, span, hasWarnings, hasMedia };
    const taken: Taken = { ...known, provenance: source };
    const { dryRun = false } = this.#options;
    this.#entries.set(id, dryRun ? taken : await this.#stage(JSON.stringify(taken)));
    for (const one of media) this.#shelf.wish(one);
  }

  /** The facts of every entry, which a crawl has in memory only at its end. */
  async #taken(): Promise<Map<string, Taken>> {
    const taken = new Map<string, Taken>();
    for (const [id, held] of this.#entries)
      taken.set(id, "offset" in held ? await this.#staged<Taken>(held) : held);
    return taken;
  }

  async #staged<T>(span: Span): Promise<T> {
    if (this.#staging === null) throw new Error("the archive is not open");
    return this.#staging.readJson(span);
  }

  async wishes(all = false): Promise<readonly MediaWish[]> {
    await this.#checkShelf();
    return this.#shelf.open(all);
  }

  /** Forgets files of earlier runs whose bytes are not what they were: no entry names them any more. */
  async #checkShelf(): Promise<void> {
    if (this.#isShelfChecked) return;
    for (const file of this.#shelf.kept())
      if (!(await isIntact(this.#root, file, this.#disk))) this.#shelf.forget(file.sha256);
    this.#isShelfChecked = true;
  }

  async media(wish: MediaWish, address: string, page: Page): Promise<string | null> {
    return this.#shelf.take(wish, address, page, (bytes) => this.#stage(bytes));
  }

  missed(wish: MediaWish, reason: string): void {
    this.#shelf.fail(wish, reason);
  }

  known(): readonly Held[] {
    const states = statesOf(this.#previous?.ledger ?? []);
    return [...(this.#previous?.entries.values() ?? [])].filter(
      ({ id }) => states.get(id) !== "gone",
    );
  }

  async rejection(rejection: Rejection): Promise<void> {
    await this.#quarantine.add(rejection, (content) => this.#stage(content));
  }

  async #stage(content: Uint8Array | string): Promise<Span> {
    if (this.#options.dryRun) return NOWHERE;
    if (this.#staging === null) throw new Error("the archive is closed");
    return this.#staging.append(content).catch((error: unknown) => {
      throw explainDisk(error, this.#root);
    });
  }

  async commit(run: Run): Promise<RunReport> {
    try {
      const { report, placing } = await this.#prepare(run);
      if (this.#staging === null || placing === null) return report;
      const { plan, owned, replaced, snapshot } = placing;
      await keepVersions(this.#root, replaced, this.#disk);
      const told = snapshot && (await prepareSnapshot(this.#root, snapshot, this.#disk));
      const files = await place(this.#root, plan, owned, this.#staging, this.#disk);
      await placeDurable(this.#root, told ?? [], this.#disk);
      await this.#staging.close();
      this.#staging = null;
      await clearStaging(this.#root, this.#disk, "all");
      return { ...report, files };
    } catch (error) {
      throw explainDisk(error, this.#root);
    } finally {
      this.#previous = null;
    }
  }

  /**
   * What the archive will hold, and what the run says of it. A calculation of its own, so that what it needs
   * of every entry is gone from memory when files are placed.
   */
  async #prepare(run: Run): Promise<{ report: RunReport; placing: Placing | null }> {
    const previous = this.#previous;
    if (previous === null) throw new Error("the archive is closed");
    const taken = await this.#taken();
    this.#entries.clear();
    const ids = await this.#identify(run, taken, previous);
    const outcomes = run.outcomes.map((outcome) => {
      const entry = ids.get(outcome.entry ?? "");
      return entry === undefined ? outcome : { ...outcome, entry };
    });
    const calculation = calculate({ ...run, outcomes }, taken, previous);
    const { ledger } = calculation;
    const { site, generator, snapshot } = this.#options;
    const written = [...taken.values()];
    const read = { ...calculation, site, out: this.#root, written, previous, ids };
    if (this.#staging === null) return { report: reportOf(run, read, null), placing: null };
    const quarantine = this.#quarantine.files();
    const keptQuarantine = await this.#quarantine.kept(
      this.#root,
      previous,
      run,
      ledger,
      this.#disk,
    );
    const entries = [...written, ...calculation.kept];
    await this.#checkShelf();
    const finished = await finish({
      root: this.#root,
      origins: this.#options.origins ?? [],
      calculation,
      entries,
      previous,
      shelf: this.#shelf,
      staging: this.#staging,
      disk: this.#disk,
    });
    const { media, tally } = finished;
    const paths = new Map(finished.entries.map(({ id, path }) => [id, path]));
    const redirects = redirectsOf(entries, paths, ledger);
    const archive = tally.holdings(finished, ledger, {
      redirects: redirects.split("\r\n").length - 2,
      unknownOverrides: unknownOverrides(run.unusedOverrides, entries, ledger),
    });
    const report = { ...reportOf(run, read, archive), archive };
    const texts = new Map([[FILES.redirects, redirects], ...reportFiles(report, entries, paths)]);
    const plan = {
      site,
      generator,
      entries: finished.entries,
      media,
      ledger,
      texts,
      quarantine,
      keptQuarantine,
    };
    return {
      report,
      placing: {
        plan,
        owned: previous.owned,
        ...(snapshot === undefined
          ? { replaced: [], snapshot: null }
          : {
              replaced: replacedBy(plan.entries, previous.entries),
              snapshot: snapshotOf(snapshot, run, plan, entries, this.#last),
            }),
      },
    };
  }

  /** Gives entries that the archive knows under another address their ids. @returns these, by those that they came with */
  async #identify(run: Run, taken: Map<string, Taken>, { entries }: Previous) {
    const known = identities(run, [...taken.values()], [...entries.values()]);
    const called: Taken[] = [];
    for (const [id, identity] of known) {
      const entry = taken.get(id);
      if (entry !== undefined) called.push(await this.#called(entry, identity));
    }
    // All old ids go before the first new one comes: one entry may get the id that another came with.
    for (const id of known.keys()) taken.delete(id);
    for (const entry of called) taken.set(entry.id, entry);
    return new Map([...known].map(([id, identity]) => [id, identity.id]));
  }

  /** An entry of this run under another id, with other aliases. */
  async #called(entry: Taken, { id, aliases }: Identity): Promise<Taken> {
    // A dry run has staged nothing, and compares no more than substance and aliases.
    if (this.#staging === null) return { ...entry, id, aliases };
    const { slug, data, body } = await this.#staged<Entry>(entry.span);
    const text = entryText({ id, slug, data: { ...data, id, aliases }, body });
    const span = await this.#stage(text);
    const source = JSON.stringify({ ...(await this.#staged<object>(entry.provenance)), id });
    return {
      ...entry,
      id,
      aliases,
      hash: hashOf(text),
      span,
      provenance: await this.#stage(source),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    this.#previous = null;
    this.#last = null;
    const [staging, lock] = [this.#staging, this.#lock];
    this.#staging = null;
    this.#lock = null;
    // What cannot be cleared here is cleared by the next run.
    await staging?.close().catch(() => undefined);
    if (staging !== null)
      await clearStaging(this.#root, this.#disk, "all but the list of a placing").catch(
        () => undefined,
      );
    await lock?.release().catch(() => undefined);
    const made = this.#made;
    this.#made = [];
    try {
      for (const folder of made) await (this.#options.disk ?? realDisk).rmdir(folder);
    } catch {
      // A run that stored nothing leaves nothing behind; a folder that holds something stays.
    }
  }
}

/** Makes the archive folder and those above it. @returns those that were not there, innermost first */
export async function makeRoot(root: string, disk: Disk): Promise<readonly string[]> {
  const stats = await disk.lstat(root).catch(unless("ENOENT"));
  if (stats?.isDirectory()) return [];
  if (stats?.isSymbolicLink()) {
    // Behind the link, as the system follows it.
    if ((await disk.lstat(`${root}/.`).catch(unless("ENOENT"))) !== undefined) return [];
    throw new CliError(`${root} is a symbolic link that leads nowhere`, {
      hint: "Make the folder that it leads to, or choose another one with --out.",
    });
  }
  if (stats !== undefined)
    throw new CliError(`${root} is not a folder`, { hint: "Choose another one with --out." });
  const parent = dirname(root);
  const above = parent === root ? [] : await makeRoot(parent, disk);
  await disk.mkdir(root).catch(unless("EEXIST"));
  await disk.syncFolder(parent);
  return [root, ...above];
}

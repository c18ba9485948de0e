/** The folder of an export: files that a run wrote are replaced and removed by the next one, all others are left alone. */
import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import pLimit from "p-limit";
import { z } from "zod";
import { type Disk, realDisk, unless } from "../disk/disk.js";
import { explainDisk } from "../disk/explain-disk.js";
import { type Content, fileSize, removeDurable, writeDurable } from "../disk/files.js";
import { STAGING } from "../disk/layout.js";
import { hashFile, hashOf, readJson } from "../disk/read.js";
import { clearStaging } from "../disk/staging.js";
import { CliError } from "../error.js";
import { byCodeUnits } from "../text.js";

/** Says what an export wrote. It begins with a dot, so that generators pass over it. */
const MARKER = ".sitelift-export.json";

const marker = z.strictObject({
  target: z.string(),
  site: z.string(),
  files: z.record(z.string(), z.string().nullable()),
});

/** How many files came to what. `kept`: changed by a person since the last export. */
export interface ExportCounts {
  files: number;
  written: number;
  unchanged: number;
  removed: number;
  kept: number;
}

export interface ExportFolderOptions {
  readonly target: string;
  readonly site: string;
  readonly dryRun?: boolean;
  /** Write into a folder that holds something else, and over files that a person has changed. */
  readonly force?: boolean;
  readonly disk?: Disk;
  /** Called with the path of each file that a person has changed and that stays. */
  readonly onKept?: (path: string) => void;
}

interface Written {
  readonly path: string;
  readonly content: string | Content;
}

const WRITERS = 8;

/**
 * Writes an export. The same files give the same folder, and a second run writes nothing.
 *
 * @throws {CliError} when the folder holds something that no export wrote, when two files have one path,
 *   and when the disk fails
 */
export async function writeExport(
  folder: string,
  files: AsyncIterable<Written> | Iterable<Written>,
  options: ExportFolderOptions,
): Promise<ExportCounts> {
  const root = resolve(folder);
  try {
    return await new ExportFolder(root, options).write(files);
  } catch (error) {
    throw explainDisk(error, root);
  }
}

class ExportFolder {
  readonly #root: string;
  readonly #options: ExportFolderOptions;
  readonly #disk: Disk;
  /** SHA-256 of what the last export wrote, by path; null while a run that wrote it has not ended. */
  #before: ReadonlyMap<string, string | null> = new Map();
  readonly #now = new Map<string, string | null>();
  readonly #folded = new Map<string, string>();
  readonly #counts: ExportCounts = { files: 0, written: 0, unchanged: 0, removed: 0, kept: 0 };

  constructor(root: string, options: ExportFolderOptions) {
    this.#root = root;
    this.#options = options;
    this.#disk = options.disk ?? realDisk;
  }

  async write(files: AsyncIterable<Written> | Iterable<Written>): Promise<ExportCounts> {
    const { dryRun = false } = this.#options;
    await this.#open();
    const limit = pLimit(WRITERS);
    const writes: Promise<void>[] = [];
    for await (const file of files) {
      this.#claim(file.path);
      const write = limit(() => this.#put(file));
      write.catch(() => undefined);
      writes.push(write);
      if (writes.length === WRITERS * 4) await Promise.all(writes.splice(0));
    }
    await Promise.all(writes);
    for (const [path, sum] of this.#before) if (!this.#now.has(path)) await this.#remove(path, sum);
    if (!dryRun) {
      await this.#mark(this.#now);
      await clearStaging(this.#root, this.#disk, "all");
    }
    return this.#counts;
  }

  async #open(): Promise<void> {
    const { target, site, dryRun = false, force = false } = this.#options;
    const names = (await this.#disk.readdir(this.#root).catch(unless("ENOENT"))) ?? [];
    const known = await this.#marker();
    const same = known !== null && known.target === target && known.site === site;
    if (known !== null && !same && !force)
      throw new CliError(
        `${this.#root} holds an export of ${known.site} for ${known.target}, not of ${site} for ${target}`,
        { hint: "Choose another folder with --out, or write over it with --force." },
      );
    if (known === null && names.some((name) => name !== STAGING) && !force)
      throw new CliError(`${this.#root} is not empty, and no export of sitelift`, {
        hint: "Choose another folder with --out, or add the files to it with --force.",
      });
    this.#before = new Map(Object.entries(known?.files ?? {}));
    if (dryRun) return;
    await makeFolder(this.#root, this.#disk);
    // A run that is cut off leaves a folder that the next one knows for an export.
    await this.#mark(this.#before);
  }

  async #marker(): Promise<z.output<typeof marker> | null> {
    const path = join(this.#root, MARKER);
    const found = await readJson(path, marker, this.#disk).catch(unless("ENOENT"));
    if (found === undefined) return null;
    if (found.value !== undefined) return found.value;
    throw new CliError(`${path} cannot be read`, { hint: "Remove it and run again with --force." });
  }

  /** Two files with one path would make the last one win, in silence; case does not tell files apart on all systems. */
  #claim(path: string): void {
    const key = path.normalize("NFC").toLowerCase();
    const other = this.#folded.get(key);
    if (other !== undefined)
      throw new CliError(`two files of the export are called ${path}`, {
        hint: "Tell them apart with --path, for example `:language/:year/:slug-:id`.",
      });
    this.#folded.set(key, path);
  }

  async #put({ path, content }: Written): Promise<void> {
    this.#counts.files++;
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    const wanted = bytes instanceof Uint8Array ? hashOf(bytes) : null;
    if (await this.#isChangedByHand(path, wanted)) return this.#keep(path);
    if (this.#options.dryRun) {
      const sum = wanted ?? (await hashPieces(bytes));
      this.#counts[(await this.#sum(path)) === sum ? "unchanged" : "written"]++;
      this.#now.set(path, sum);
      return;
    }
    const { state, sha256 } = await writeDurable(this.#root, path, bytes, this.#disk);
    this.#counts[state]++;
    this.#now.set(path, sha256);
  }

  #keep(path: string): void {
    this.#counts.kept++;
    this.#now.set(path, this.#before.get(path) ?? null);
    this.#options.onKept?.(path);
  }

  /** True when a file stands there that is neither what the last export wrote nor what this one writes. */
  async #isChangedByHand(path: string, wanted: string | null): Promise<boolean> {
    const before = this.#before.get(path);
    if (this.#options.force || before === undefined || before === null) return false;
    const standing = await this.#sum(path);
    return standing !== null && standing !== before && standing !== wanted;
  }

  async #sum(path: string): Promise<string | null> {
    const file = join(this.#root, path);
    const size = await fileSize(file, this.#disk).catch(unless("ENOENT"));
    return size === undefined || size === null ? null : hashFile(file, this.#disk);
  }

  async #remove(path: string, sum: string | null): Promise<void> {
    const standing = await this.#sum(path);
    if (standing === null) return;
    if (standing !== sum && !this.#options.force) return this.#keep(path);
    if (!this.#options.dryRun) await removeDurable(this.#root, path, this.#disk);
    this.#counts.removed++;
  }

  async #mark(sums: ReadonlyMap<string, string | null>): Promise<void> {
    const { target, site } = this.#options;
    const files = Object.fromEntries([...sums].sort(([a], [b]) => byCodeUnits(a, b)));
    const text = `${JSON.stringify({ target, site, files }, null, 2)}\n`;
    await writeDurable(this.#root, MARKER, Buffer.from(text), this.#disk);
  }
}

async function hashPieces(content: Content): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of content instanceof Uint8Array ? [content] : content) hash.update(piece);
  return hash.digest("hex");
}

async function makeFolder(path: string, disk: Disk): Promise<void> {
  const stats = await disk.lstat(path).catch(unless("ENOENT"));
  if (stats?.isDirectory() || stats?.isSymbolicLink()) return;
  if (stats !== undefined)
    throw new CliError(`${path} is not a folder`, { hint: "Choose another one with --out." });
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent, disk);
  await disk.mkdir(path).catch(unless("EEXIST"));
}

/** The folder of an export: the next export replaces and removes the files that this one wrote, and no others. */
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { z } from "zod";
import { explained, realDisk, unless } from "../disk/disk.js";
import { type Content, fileSize, removeDurable, writeDurable, writeEach } from "../disk/files.js";
import { makeFolder } from "../disk/folders.js";
import { STAGING } from "../disk/layout.js";
import { hashFile, hashOf, readJson } from "../disk/read.js";
import { clearStaging } from "../disk/staging.js";
import { CliError } from "../error.js";
import { byCodeUnits, jsonText } from "../text.js";
import type { ExportFile } from "./export.js";

/** Lists what an export wrote. It begins with a dot, so that generators ignore it. */
const MARKER = ".sitelift-export.json";

const marker = z.strictObject({
  target: z.string(),
  site: z.string(),
  /** SHA-256 by path; null where it is not known. */
  files: z.record(z.string(), z.string().nullable()),
});

/** How many files were written, unchanged, removed, or kept because a person has changed them. */
export interface ExportCounts {
  files: number;
  written: number;
  unchanged: number;
  removed: number;
  kept: number;
}

interface ExportFolderOptions {
  readonly target: string;
  readonly site: string;
  /** Count, and write nothing. */
  readonly dryRun: boolean;
  /** Write into a folder with other files, and over files that a person has changed. */
  readonly force: boolean;
  /** Called with the path of each file that a person has changed and that is kept. */
  readonly onKept: (path: string) => void;
}

/**
 * Writes an export. The same files give the same folder, and a second run writes nothing.
 *
 * @throws {CliError} when the folder holds files that no export wrote, when two files have the same path,
 *   and when the disk fails
 */
export async function writeExport(
  folder: string,
  files: AsyncIterable<ExportFile> | Iterable<ExportFile>,
  options: ExportFolderOptions,
): Promise<ExportCounts> {
  const root = resolve(folder);
  return explained(new ExportFolder(root, options).write(files), root);
}

class ExportFolder {
  readonly #root: string;
  readonly #options: ExportFolderOptions;
  /** SHA-256 of what the last export wrote, by path. */
  #before: ReadonlyMap<string, string | null> = new Map();
  readonly #now = new Map<string, string | null>();
  readonly #folded = new Set<string>();
  readonly #counts: ExportCounts = { files: 0, written: 0, unchanged: 0, removed: 0, kept: 0 };

  constructor(root: string, options: ExportFolderOptions) {
    this.#root = root;
    this.#options = options;
  }

  async write(files: AsyncIterable<ExportFile> | Iterable<ExportFile>): Promise<ExportCounts> {
    await this.#open();
    await writeEach(files, async (file) => {
      this.#claim(file.path);
      await this.#put(file);
    });
    for (const [path, sum] of this.#before) if (!this.#now.has(path)) await this.#remove(path, sum);
    if (!this.#options.dryRun) {
      await this.#mark(this.#now);
      await clearStaging(this.#root, realDisk);
    }
    return this.#counts;
  }

  async #open(): Promise<void> {
    const { target, site, dryRun, force } = this.#options;
    const names = (await realDisk.readdir(this.#root).catch(unless("ENOENT"))) ?? [];
    const last = await this.#marker();
    if (last !== null && (last.target !== target || last.site !== site) && !force)
      throw new CliError(
        `${this.#root} holds an export of ${last.site} for ${last.target}, not of ${site} for ${target}`,
        { hint: "Choose another folder with --out, or write over it with --force." },
      );
    if (last === null && names.some((name) => name !== STAGING) && !force)
      throw new CliError(`${this.#root} is not empty and not an export of sitelift`, {
        hint: "Choose another folder with --out, or add the files to it with --force.",
      });
    this.#before = new Map(Object.entries(last?.files ?? {}));
    if (dryRun) return;
    await makeFolder(this.#root, realDisk);
    // After an interrupted run the next one recognises the folder.
    await this.#mark(this.#before);
  }

  async #marker(): Promise<z.output<typeof marker> | null> {
    const path = join(this.#root, MARKER);
    const found = await readJson(path, marker).catch(unless("ENOENT"));
    if (found === undefined) return null;
    if (found.value !== undefined) return found.value;
    throw new CliError(`${path} cannot be read`, { hint: "Delete it and run again with --force." });
  }

  /** Of two files with one path the last would win without a message; some systems ignore case. */
  #claim(path: string): void {
    const key = path.normalize("NFC").toLowerCase();
    if (this.#folded.has(key))
      throw new CliError(`two files of the export have the path ${path}`, {
        hint: "Give them different ones with --path, for example `:language/:year/:slug-:id`.",
      });
    this.#folded.add(key);
  }

  async #put({ path, content }: ExportFile): Promise<void> {
    const { dryRun, force } = this.#options;
    this.#counts.files++;
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    const wanted = bytes instanceof Uint8Array ? hashOf(bytes) : null;
    const before = this.#before.get(path) ?? null;
    const current = before !== null || dryRun ? await this.#sum(path) : null;
    // Changed by a person: neither what the last export wrote nor what this one writes.
    if (!force && before !== null && current !== null && current !== before && current !== wanted)
      return this.#keep(path);
    if (dryRun) {
      const sum = wanted ?? (await hashPieces(bytes));
      this.#counts[current === sum ? "unchanged" : "written"]++;
      this.#now.set(path, sum);
    } else {
      const { state, sha256 } = await writeDurable(this.#root, path, bytes);
      this.#counts[state]++;
      this.#now.set(path, sha256);
    }
  }

  #keep(path: string): void {
    this.#counts.kept++;
    this.#now.set(path, this.#before.get(path) ?? null);
    this.#options.onKept(path);
  }

  async #sum(path: string): Promise<string | null> {
    const file = join(this.#root, path);
    const size = await fileSize(file).catch(unless("ENOENT"));
    return size === undefined || size === null ? null : hashFile(file);
  }

  async #remove(path: string, sum: string | null): Promise<void> {
    const current = await this.#sum(path);
    if (current === null) return;
    if (current !== sum && !this.#options.force) return this.#keep(path);
    if (!this.#options.dryRun) await removeDurable(this.#root, path);
    this.#counts.removed++;
  }

  async #mark(sums: ReadonlyMap<string, string | null>): Promise<void> {
    const { target, site } = this.#options;
    const files = Object.fromEntries([...sums].sort(([a], [b]) => byCodeUnits(a, b)));
    await writeDurable(this.#root, MARKER, Buffer.from(jsonText({ target, site, files })));
  }
}

async function hashPieces(content: Content): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of content instanceof Uint8Array ? [content] : content) hash.update(piece);
  return hash.digest("hex");
}

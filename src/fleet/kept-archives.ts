/** What a worker has fetched of archives, for the next slices of the same sites: of the last few, as its disk is not endless. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";

export class KeptArchives {
  readonly #folder: string;
  readonly #most: number;
  /** The one that was needed last comes last. */
  readonly #kept = new Set<string>();

  /** @param most archives of which files are kept */
  constructor(folder: string, most: number) {
    this.#folder = folder;
    this.#most = most;
  }

  /** A folder for files of an archive by their checksum. One that another slice works with may go: then it fetches. */
  async folderOf(prefix: string): Promise<string> {
    const name = `kept-${prefix.replace(/\W+/g, "-")}`;
    this.#kept.delete(name);
    this.#kept.add(name);
    const folder = join(this.#folder, name);
    await mkdir(folder, { recursive: true });
    for (const oldest of [...this.#kept].slice(0, -this.#most)) {
      this.#kept.delete(oldest);
      await rm(join(this.#folder, oldest), { recursive: true, force: true });
    }
    return folder;
  }
}

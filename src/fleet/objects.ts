/** Files of this machine as objects of the store, and back: whole, or the end of a file that grows. */
import { createReadStream, createWriteStream } from "node:fs";
import { link, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { FILES } from "../archive/layout.js";
import { hashFile, hashOf } from "../disk/read.js";
import { type CliError, EXIT } from "../error.js";
import { byCodeUnits } from "../text.js";
import { LostObject, readJson, type StoredObject } from "./states.js";
import { checkKey, type Store } from "./store.js";

const listed = z.looseObject({
  files: z.array(z.looseObject({ path: z.string(), sha256: z.string() })),
});

/**
 * Stores a file under a key that holds its checksum, so that a worker that was killed leaves nothing in the way.
 *
 * @param key what stands before and after the checksum
 */
export async function storeFile(
  store: Store,
  file: string,
  key: (sha: string) => string,
): Promise<StoredObject> {
  const sha256 = await hashFile(file);
  const object = { key: key(sha256.slice(0, 16)), bytes: (await stat(file)).size, sha256 };
  await store.create(object.key, { file });
  return object;
}

export async function storeEnd(
  store: Store,
  file: string,
  start: number,
  key: (sha: string) => string,
): Promise<StoredObject> {
  const part = `${file}.part`;
  await pipeline(createReadStream(file, { start }), createWriteStream(part));
  try {
    return await storeFile(store, part, key);
  } finally {
    await rm(part, { force: true });
  }
}

/** Writes objects to a file, one after the other. @throws {CliError} when one is missing or damaged */
export async function fetchFile(
  store: Store,
  objects: readonly StoredObject[],
  file: string,
): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const part = `${file}.part`;
  await (await open(file, "w")).close();
  for (const { key, sha256 } of objects) {
    const isThere = await store.download(key, part);
    if (!isThere) throw damaged(store, key, "missing");
    if ((await hashFile(part)) !== sha256) throw damaged(store, key, "damaged");
    await pipeline(createReadStream(part), createWriteStream(file, { flags: "a" }));
  }
  await rm(part, { force: true });
}

/** Stores every file of an archive, archive.json last. What is stored already is passed over. */
export async function storeArchive(store: Store, folder: string, prefix: string): Promise<void> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found
    .filter((one) => one.isFile())
    .map((one) => relative(folder, join(one.parentPath, one.name)).split(sep).join("/"))
    .filter((path) => path !== FILES.manifest)
    .sort(byCodeUnits);
  const known = new Set(await store.list(prefix));
  for (const path of [...paths, FILES.manifest])
    if (!known.has(prefix + path)) await store.create(prefix + path, { file: join(folder, path) });
}

export async function removeAll(store: Store, prefix: string): Promise<void> {
  for (const key of await store.list(prefix)) await store.remove(key);
}

/**
 * Writes an archive of the store to a folder: what its archive.json lists and what is beside it.
 *
 * @param isWanted by the path of a file
 * @param kept what was fetched before is not fetched again
 * @throws {CliError} when it is not whole
 */
export async function fetchArchive(
  store: Store,
  prefix: string,
  folder: string,
  isWanted: (path: string) => boolean,
  kept: KeptArchives | null = null,
): Promise<void> {
  const account = await readJson(store, `${prefix}${FILES.manifest}`, listed);
  const known = new Map(account?.files.map(({ path, sha256 }) => [path, sha256]));
  const missing = new Set(known.keys());
  const cache = await kept?.folderOf(prefix);
  for (const key of await store.list(prefix)) {
    const path = key.slice(prefix.length);
    missing.delete(path);
    if (!isWanted(path)) continue;
    // A store may hold what leads out of the folder.
    checkKey(path);
    const file = join(folder, ...path.split("/"));
    await mkdir(dirname(file), { recursive: true });
    const sha = known.get(path);
    const before = cache === undefined || sha === undefined ? null : join(cache, sha);
    // In the cache, it is the same file in its place.
    const isLinked = before !== null && (await link(before, file).then(...YES_OR_NO));
    if (isLinked) continue;
    await store.download(key, file);
    if (sha !== undefined && (await hashFile(file)) !== sha) throw damaged(store, key, "damaged");
    if (before !== null) await link(file, before).catch(() => undefined);
  }
  const [path = account === null ? FILES.manifest : undefined] = missing;
  if (path !== undefined) throw damaged(store, prefix + path, "missing");
}

const YES_OR_NO = [() => true, () => false] as const;

function damaged(store: Store, key: string, how: "damaged" | "missing"): CliError {
  const site = key.split("/")[1];
  return new LostObject(`${key} in ${store.name} is ${how}`, {
    // What is missing is so at the next attempt, too; what is damaged may have been so on the way.
    exitCode: how === "missing" ? EXIT.usage : EXIT.incomplete,
    hint: `Restore it from a backup of the store, then \`sitelift fleet retry ${site}\`. Without a backup, \`sitelift fleet retry ${site} --anew\` begins a new snapshot without it.`,
  });
}

/** The newest archive of a site of which the store has every file as it was written; null where it has none. */
export async function wholeArchive(store: Store, site: string): Promise<string | null> {
  const keys = await store.list(`archives/${site}/`);
  const prefixes = new Set(keys.map((key) => `${key.split("/").slice(0, 3).join("/")}/`));
  for (const prefix of [...prefixes].sort(byCodeUnits).reverse())
    if (await isWhole(store, prefix)) return prefix;
  return null;
}

async function isWhole(store: Store, prefix: string): Promise<boolean> {
  const account = await readJson(store, `${prefix}${FILES.manifest}`, listed).catch(() => null);
  if (account === null) return false;
  for (const { path, sha256 } of account.files) {
    const bytes = await store.read(prefix + path);
    if (bytes === null || hashOf(bytes) !== sha256) return false;
  }
  return true;
}

/**
 * What a worker has fetched of archives, for the next slices of the same sites: of the last few, as its disk is not endless.
 */
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

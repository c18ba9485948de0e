/** A store in a folder, which all machines of a fleet share. */
import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { errorCode, explained, realDisk, unless } from "../disk/disk.js";
import { makeFolder } from "../disk/folders.js";
import { byCodeUnits } from "../text.js";
import { type Content, checkKey, type Store } from "./store.js";

/** What a file is called until it is whole. */
const UNFINISHED = ".unfinished-";

export function folderStore(folder: string): Store {
  const root = resolve(folder);
  const pathOf = (key: string) => {
    checkKey(key);
    return join(root, ...key.split("/"));
  };
  return {
    name: root,
    create: async (key, content) => explained(create(pathOf(key), content), root),
    read: async (key) => {
      const bytes = fs.readFile(pathOf(key)).catch(unless(...MISSING));
      return (await explained(bytes, root)) ?? null;
    },
    download: async (key, file) => {
      const copy = fs.copyFile(pathOf(key), file).then(() => true);
      return (await explained(copy.catch(unless(...MISSING)), root)) ?? false;
    },
    list: async (prefix) => explained(list(root, prefix), root),
    remove: async (key) => explained(fs.rm(pathOf(key), { force: true }), root),
    [Symbol.asyncDispose]: async () => {},
  };
}

const MISSING = ["ENOENT", "ENOTDIR", "EISDIR"];

/** A file appears under its name when it is whole, and a name that is taken is not taken again: by a hard link. */
async function create(path: string, content: Content): Promise<boolean> {
  if ((await fs.lstat(path).catch(unless("ENOENT"))) !== undefined) return false;
  const folder = dirname(path);
  await makeFolder(folder, realDisk, "--store");
  const temporary = join(folder, `${UNFINISHED}${randomUUID()}`);
  try {
    if (content instanceof Uint8Array) await fs.writeFile(temporary, content, { flag: "wx" });
    else await fs.copyFile(content.file, temporary);
    await synced(temporary);
    await fs.link(temporary, path).catch(async (error: unknown) => {
      // Disks without hard links: then the name is taken first, and a copy that is cut off is left under it.
      if (!/^(EPERM|ENOTSUP|EOPNOTSUPP|ENOSYS)$/.test(errorCode(error) ?? "")) throw error;
      await fs.copyFile(temporary, path, fs.constants.COPYFILE_EXCL);
      await synced(path);
    });
    await realDisk.syncFolder(folder);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    await fs.rm(temporary, { force: true });
  }
}

async function synced(path: string): Promise<void> {
  await using file = await fs.open(path, "r+");
  await file.sync();
}

async function list(root: string, prefix: string): Promise<readonly string[]> {
  const folder = join(root, prefix.slice(0, prefix.lastIndexOf("/") + 1));
  const found = await fs
    .readdir(folder, { recursive: true, withFileTypes: true })
    .catch(unless("ENOENT"));
  return (found ?? [])
    .filter((one) => one.isFile() && !one.name.startsWith(UNFINISHED))
    .map((one) => relative(root, join(one.parentPath, one.name)).split(sep).join("/"))
    .filter((key) => key.startsWith(prefix))
    .sort(byCodeUnits);
}

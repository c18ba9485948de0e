/** By what code pages are read. */
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { versions } from "node:process";
import { digest } from "../../url/digest.js";

/** What npm installed, in the program and in a project that has it as a package. It writes no such list for a global install. */
const LISTS = ["..", "../..", "../../../.."].map(
  (path) => `${path}/node_modules/.package-lock.json`,
);

/**
 * That of a program, of the packages that it has, and Node with its tables of characters: a changed program may keep its
 * version, and what a package needs in its turn may be another version where the program is the same.
 *
 * @param program `dist/src`, or `src` in the tests
 */
export function codeDigest(program: string): string {
  const files = codeBelow(program).sort();
  const own = ["..", "../.."].map((path) => join(program, path, "package.json")).filter(existsSync);
  const lists = LISTS.map((path) => join(program, path)).filter(existsSync);
  const texts = [...files, ...own, ...lists].map((file) => digest(readFileSync(file)));
  if (lists.length === 0) texts.push(...own.flatMap((file) => packagesOf(dirname(file))));
  return digest([versions.node, ...texts].join());
}

/** By folder: `recursive` of Node takes five times as long. */
function codeBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return codeBelow(path);
    return /(?<!\.d)\.[jt]s$/.test(entry.name) ? [path] : [];
  });
}

/** What a package needs, and what that needs in its turn, each with its version: as Node finds them, whoever installed them. */
function packagesOf(root: string): string[] {
  const found = new Map<string, string>();
  const todo = [root];
  for (let folder = todo.pop(); folder !== undefined; folder = todo.pop()) {
    if (found.has(folder)) continue;
    const text = readFileSync(join(folder, "package.json"), "utf8");
    const { name, version, dependencies = {} } = JSON.parse(text) as Manifest;
    found.set(folder, `${name}@${version}`);
    for (const needed of Object.keys(dependencies)) {
      // It fetches, and has half of all packages.
      const place = needed.startsWith("@crawlee/") ? null : placeOf(needed, folder);
      if (place !== null) todo.push(place);
    }
  }
  return [...found.values()].sort();
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The folder of a package that another one needs; null where there is none. */
function placeOf(name: string, from: string): string | null {
  const place = join(from, "node_modules", name);
  if (existsSync(join(place, "package.json"))) return realpathSync(place);
  return dirname(from) === from ? null : placeOf(name, dirname(from));
}

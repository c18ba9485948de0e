/** Files of a target that are the same for every site: those in the folder `templates` beside its module. */
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Every template of a target, sorted by path.
 *
 * @param module `import.meta.url` of the target's module
 * @returns path in the export, with `/` as separator, and the text of the file
 */
export async function* templates(
  module: string,
): AsyncGenerator<{ readonly path: string; readonly content: string }, void, undefined> {
  const folder = fileURLToPath(new URL("templates", module));
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .sort();
  for (const file of files)
    yield {
      path: relative(folder, file).replaceAll(sep, "/"),
      content: await readFile(file, "utf8"),
    };
}

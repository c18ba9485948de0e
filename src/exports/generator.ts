/** What the content files and the data of site generators have in common. */

import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { jsonText } from "../text.js";
import type { Publication, PublishedEntry } from "./export.js";
import { fieldsFront } from "./own-fields.js";

/** What front matter keeps of an entry besides what the generator itself reads. */
export function entryFront(entry: PublishedEntry) {
  const { id, data, translationKey, translations } = entry;
  return {
    lang: data.language,
    direction: data.direction,
    articleId: id,
    /** `date` may be missing or changed by the generator; this is YYYY-MM-DD or null. */
    articleDate: data.date,
    articleType: data.type,
    dateText: data.dateText,
    sourceUrl: data.sourceUrl,
    translationKey,
    translations: translations.map(({ language, address }) => ({ lang: language, address })),
    fields: fieldsFront(entry),
  };
}

/** Front matter with keys such as `article_id`. */
export function snakeCase(front: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const name = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(front).map(([key, value]) => [name(key), value]));
}

/** Name, path prefix and languages of a site as JSON, for its templates. */
export function siteJson(site: Pick<Publication, "name" | "base" | "languages">): string {
  return jsonText({ title: site.name, base: `${site.base}/`, languages: site.languages });
}

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

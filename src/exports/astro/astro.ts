/**
 * Astro 5: a site that builds as it is, with a content collection whose schema is strict.
 *
 * Known failures that this avoids: `slug` in front matter replaces the id of an entry; a coerced date takes
 * any text (js-yaml reads a bare date as midnight UTC, other readers leave the text: the schema takes these two);
 * Astro changes quotes and dashes in text; images beside the content are processed and renamed.
 */
import { bareDate, contentFile } from "../../archive/frontmatter.js";
import type { Export, ExportFile, PublishedEntry } from "../export.js";
import { entryFront, siteJson, templates } from "../generator.js";
import { redirectsOf } from "../redirects/formats.js";

export const astro: Export = {
  description: "Astro site: content collection, configuration and plain pages",
  media: { folder: "public/media", address: "/media" },
  async *files(publication) {
    yield* templates(import.meta.url);
    yield { path: "src/site.json", content: siteJson(publication) };
    yield redirectsOf("netlify", "public/_redirects", publication);
    for await (const entry of publication.entries()) yield entryFile(entry);
  },
};

function entryFile(entry: PublishedEntry): ExportFile {
  const { data, address, file, body } = entry;
  const { articleDate, ...kept } = entryFront(entry);
  const date = bareDate(articleDate) ?? null;
  const front = { title: data.title, date, address, description: data.summary, ...kept };
  return { path: `src/content/articles/${file}.md`, content: contentFile(front, body) };
}

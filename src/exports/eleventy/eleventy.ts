/**
 * Eleventy 3: a site that builds as it is.
 *
 * Known failures that this avoids: an article without a date gets that of the build; `{{ x }}` in a body is
 * run and erased; indented code is read as text; a date in a file name is taken for the article's.
 */
import { bareDate, contentFile } from "../../archive/frontmatter.js";
import { besideFront } from "../beside.js";
import type { Export, ExportFile, PublishedEntry } from "../export.js";
import { entryFront, siteJson, templates } from "../generator.js";
import { termsOf } from "../own-fields.js";
import { redirectsOf } from "../redirects/formats.js";

export const eleventy: Export = {
  media: { folder: "src/media", address: "/media" },
  async *files(publication) {
    yield* templates(import.meta.url);
    yield { path: "src/_data/site.json", content: siteJson(publication) };
    yield redirectsOf("netlify", "src/_redirects", publication);
    for await (const entry of publication.entries()) yield entryFile(entry, publication.base);
  },
};

function entryFile(entry: PublishedEntry, base: string): ExportFile {
  const { data } = entry;
  const front = {
    title: data.title,
    date: bareDate(data.date),
    permalink: entry.address,
    layout: "article.njk",
    // Each is a collection of its own.
    tags: ["articles", ...termsOf(entry)],
    // Without it the body is read as a Liquid template before it is read as Markdown.
    templateEngineOverride: "md",
    description: data.summary ?? undefined,
    ...entryFront(entry),
    // The filter `url` puts the prefix before a path.
    ...besideFront(entry, base),
  };
  return { path: `src/articles/${entry.file}.md`, content: contentFile(front, entry.body) };
}

/**
 * Astro 5: a site that builds as it is, with a content collection whose schema is strict.
 *
 * Known failures that this avoids: `slug` in front matter replaces the id of an entry; a coerced date takes
 * any text; Astro changes quotes and dashes in text; images beside the content are processed and renamed.
 */
import { ASTRO_FILES } from "./astro-files.js";
import type { Export, ExportFile, Publication, PublishedEntry } from "./export.js";
import { bareDate, contentFile } from "./front-matter.js";
import { netlifyRedirects } from "./redirects.js";

export const astro: Export = {
  description: "Astro site: content collection, configuration and plain pages",
  media: { folder: "public/media", address: "/media" },
  async *files(publication) {
    for (const [path, content] of Object.entries(ASTRO_FILES)) yield { path, content };
    yield { path: "src/site.json", content: siteData(publication) };
    yield { path: "public/_redirects", content: netlifyRedirects(publication.redirects) };
    for await (const entry of publication.entries()) yield entryFile(entry);
  },
};

function siteData({ name, base, languages }: Publication): string {
  return `${JSON.stringify({ title: name, base: `${base}/`, languages }, null, 2)}\n`;
}

function entryFile(entry: PublishedEntry): ExportFile {
  const { data } = entry;
  const front = {
    title: data.title,
    date: bareDate(data.date) ?? null,
    address: entry.address,
    description: data.summary,
    lang: data.language,
    direction: data.direction,
    articleId: entry.id,
    articleType: data.type,
    dateText: data.dateText,
    sourceUrl: data.sourceUrl,
    translationKey: entry.translationKey,
    translations: entry.translations.map(({ language, address }) => ({ lang: language, address })),
  };
  return { path: `src/content/articles/${entry.file}.md`, content: contentFile(front, entry.body) };
}

/**
 * Eleventy 3: a site that builds as it is.
 *
 * Known failures that this avoids: an article without a date gets that of the build; `{{ x }}` in a body is
 * run and erased; indented code is read as text; a date in a file name is taken for the article's.
 */
import { ELEVENTY_FILES } from "./eleventy-files.js";
import type { Export, ExportFile, Publication, PublishedEntry } from "./export.js";
import { bareDate, contentFile } from "./front-matter.js";
import { netlifyRedirects } from "./redirects.js";

export const eleventy: Export = {
  description: "Eleventy site: content, configuration and plain layouts",
  media: { folder: "src/media", address: "/media" },
  async *files(publication) {
    for (const [path, content] of Object.entries(ELEVENTY_FILES)) yield { path, content };
    yield { path: "src/_data/site.json", content: siteData(publication) };
    yield { path: "src/_redirects", content: netlifyRedirects(publication.redirects) };
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
    date: bareDate(data.date),
    permalink: entry.address,
    layout: "article.njk",
    tags: ["articles"],
    // Without it the body is read as a Liquid template before it is read as Markdown.
    templateEngineOverride: "md",
    description: data.summary ?? undefined,
    lang: data.language,
    direction: data.direction,
    articleId: entry.id,
    articleDate: data.date,
    articleType: data.type,
    dateText: data.dateText,
    sourceUrl: data.sourceUrl,
    translationKey: entry.translationKey,
    translations: entry.translations.map(({ language, address }) => ({ lang: language, address })),
  };
  return { path: `src/articles/${entry.file}.md`, content: contentFile(front, entry.body) };
}

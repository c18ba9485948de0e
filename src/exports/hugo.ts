/**
 * Hugo: a site that builds as it is. Addresses are set by `url`, translations belong together by
 * `translationKey`, old paths are `aliases`. The layouts are a start that shows every entry.
 *
 * Known failures that this avoids: a missing date prints as 0001-01-01; `type` chooses a layout; articles
 * dated in the future are left out; raw HTML is left out; `{{<` in text is taken for a shortcode.
 */

import { inert } from "./escape.js";
import type { Export, ExportFile, Publication, PublishedEntry } from "./export.js";
import { bareDate, contentFile, yamlText } from "./front-matter.js";
import { HUGO_LAYOUTS } from "./hugo-layouts.js";
import { netlifyRedirects } from "./redirects.js";
import { decoded } from "./site-map.js";

export const hugo: Export = {
  description: "Hugo site: content, configuration and plain layouts",
  media: { folder: "static/media", address: "/media" },
  async *files(publication) {
    yield { path: "hugo.yaml", content: yamlText(configuration(publication)) };
    for (const [path, content] of Object.entries(HUGO_LAYOUTS)) yield { path, content };
    yield { path: "static/_redirects", content: netlifyRedirects(publication.redirects) };
    for await (const entry of publication.entries()) yield entryFile(entry);
  },
};

function configuration({ name, base, languages }: Publication) {
  const main = languages[0]?.tag ?? "en";
  return {
    baseURL: `https://example.org${base}/`,
    title: name,
    defaultContentLanguage: main.toLowerCase(),
    defaultContentLanguageInSubdir: true,
    languages: Object.fromEntries(
      languages.map(({ tag, direction }, at) => [
        tag.toLowerCase(),
        {
          languageName: tag,
          languageCode: tag,
          languageDirection: direction,
          contentDir: `content/${tag}`,
          title: name,
          weight: at + 1,
        },
      ]),
    ),
    // Dates are calendar dates: a zone would move them, and future ones are announcements.
    timeZone: "UTC",
    buildFuture: true,
    disablePathToLower: true,
    taxonomies: { category: "categories" },
    markup: {
      goldmark: {
        // What Markdown cannot say is kept as HTML; Hugo would leave it out.
        renderer: { unsafe: true },
        // Each of these takes plain text for markup that was never there.
        extensions: { typographer: false, definitionList: false, footnote: false },
        parser: { attribute: { title: false, block: false } },
      },
    },
  };
}

function entryFile(entry: PublishedEntry): ExportFile {
  const { data } = entry;
  const front = {
    title: data.title,
    date: bareDate(data.date),
    url: entry.address,
    aliases: entry.oldPaths.length === 0 ? undefined : entry.oldPaths.map(decoded),
    translationKey: entry.translationKey,
    description: data.summary ?? undefined,
    categories: data.type === null ? undefined : [data.type],
    params: {
      articleId: entry.id,
      articleType: data.type,
      dateText: data.dateText,
      direction: data.direction,
      sourceUrl: data.sourceUrl,
    },
  };
  return {
    path: `content/${fileOf(entry)}.md`,
    content: contentFile(front, inert(entry.body, /\{\{[<%]/g)),
  };
}

/**
 * Each language has a folder of its own. A name with a dot would name a language, and `index` a bundle.
 */
function fileOf({ file, data: { language } }: PublishedEntry): string {
  const own = file.startsWith(`${language}/`) ? file : `${language}/${file}`;
  return own.replaceAll(".", "-").replace(/(^|\/)(_?index)$/, "$1$2-page");
}

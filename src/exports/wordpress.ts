/**
 * WordPress: an export file in its own format (WXR 1.2), for Tools > Import > WordPress.
 *
 * Known failures that this avoids: an article without a date gets the time of the import; two articles with
 * one title and one date are taken for one; `]]>` in a text ends it.
 */

import type { Export, Publication, PublishedEntry } from "./export.js";
import { REDIRECT_FORMATS } from "./redirects.js";
import { type Attachment, AUTHOR, attachmentItem, nameOf, post } from "./wordpress-items.js";
import { WORDPRESS_README } from "./wordpress-readme.js";
import { cdata, element, type Languages, languageTerms } from "./wxr.js";

export const wordpress: Export = {
  description: "WordPress export file (WXR) with attachments",
  permalink: "/:language/:slug/",
  async *files(publication) {
    yield { path: "articles.xml", content: pieces(publication) };
    yield {
      path: "redirects.json",
      content: REDIRECT_FORMATS.json?.(publication.redirects) ?? "[]\n",
    };
    yield { path: "README.md", content: WORDPRESS_README };
  },
};

/** Numbers of posts begin here, so that a file for a new site does not look like one with gaps. */
const FIRST_ID = 1001;

async function* pieces(publication: Publication): AsyncGenerator<Uint8Array, void, undefined> {
  const terms = await termsOf(publication);
  yield Buffer.from(head(publication, terms));
  const told = new Told(publication);
  const attachments = new Map<string, Attachment>();
  let id = FIRST_ID;
  for await (const entry of publication.entries()) {
    told.check(entry);
    yield Buffer.from(post(entry, id, terms.languages));
    for (const media of entry.media)
      if (!attachments.has(media.path))
        attachments.set(media.path, { ...media, parent: id, date: entry.data.date });
    id++;
  }
  for (const attachment of attachments.values())
    yield Buffer.from(attachmentItem(attachment, id++));
  yield Buffer.from("</channel>\n</rss>\n");
}

/** The values of `type`, with the words that the site printed for them. */
interface Terms {
  readonly categories: ReadonlyMap<string, string>;
  /** Null for a site in one language. */
  readonly languages: Languages | null;
}

async function termsOf(publication: Publication): Promise<Terms> {
  const categories = new Map<string, string>();
  const groups = new Map<string, Map<string, number>>();
  let id = FIRST_ID;
  for await (const { data, translationKey, translations } of publication.entries()) {
    if (data.type !== null) categories.set(data.type, data.typeText ?? data.type);
    if (translations.length > 0) {
      const group = groups.get(translationKey) ?? new Map<string, number>();
      groups.set(translationKey, group.set(data.language, group.get(data.language) ?? id));
    }
    id++;
  }
  const several = publication.languages.length > 1;
  return {
    categories: new Map([...categories].sort(([a], [b]) => (a < b ? -1 : 1))),
    languages: several ? { all: publication.languages, groups } : null,
  };
}

function head({ name, base, languages }: Publication, terms: Terms): string {
  const site = `https://example.org${base}`;
  const categories = [...terms.categories].map(
    ([nicename, words], at) =>
      `<wp:category><wp:term_id>${at + 1}</wp:term_id><wp:category_nicename>${cdata(nicename)}</wp:category_nicename><wp:category_parent></wp:category_parent><wp:cat_name>${cdata(words)}</wp:cat_name></wp:category>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
${element("title", name)}
${element("link", site)}
<description></description>
${element("language", languages[0]?.tag ?? "en")}
<wp:wxr_version>1.2</wp:wxr_version>
${element("wp:base_site_url", site)}
${element("wp:base_blog_url", site)}
<wp:author><wp:author_id>1</wp:author_id><wp:author_login>${cdata(AUTHOR)}</wp:author_login><wp:author_email></wp:author_email><wp:author_display_name>${cdata(name)}</wp:author_display_name><wp:author_first_name></wp:author_first_name><wp:author_last_name></wp:author_last_name></wp:author>
${categories.join("")}${terms.languages === null ? "" : languageTerms(terms.languages, terms.categories.size + 1)}`;
}

/** What WordPress would do to an article in silence. */
class Told {
  readonly #publication: Publication;
  readonly #titles = new Map<string, string>();
  readonly #names = new Map<string, string>();

  constructor(publication: Publication) {
    this.#publication = publication;
  }

  check(entry: PublishedEntry): void {
    const { path, data } = entry;
    const warn = (code: string, message: string) => this.#publication.warn({ code, path, message });
    if (data.date === null)
      warn("undated-draft", "it has no date; it comes in as a draft, for a person to date");
    const same = this.#titles.get(`${data.date} ${data.title}`);
    if (same !== undefined)
      warn("same-title-and-date", `the importer takes it for ${same} and leaves it out`);
    this.#titles.set(`${data.date} ${data.title}`, path);
    const other = this.#names.get(nameOf(entry));
    if (other !== undefined)
      warn(
        "name-shared",
        `${other} has the name ${nameOf(entry)} too; WordPress will add a number`,
      );
    this.#names.set(nameOf(entry), path);
  }
}

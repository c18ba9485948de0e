/**
 * WordPress: an export file in its own format (WXR 1.2), for Tools > Import > WordPress.
 *
 * Known failures that this avoids: an article without a date gets the time of the import; the importer skips
 * the second of two articles with one title and one date; `]]>` in a text ends it.
 */
import type { Export, Publication, PublishedEntry } from "../export.js";
import { templates } from "../generator.js";
import { categoriesOf, freeNames, tagsOf as tagWordsOf } from "../own-fields.js";
import { redirectsOf } from "../redirects/formats.js";
import {
  type Attachment,
  AUTHOR,
  attachmentItem,
  cdata,
  element,
  languageTerms,
  nameOf,
  post,
  type Terms,
  vocabularyOf,
} from "./items.js";

export const wordpress: Export = {
  permalink: "/:language/:slug/",
  async *files(publication) {
    yield { path: "articles.xml", content: pieces(publication) };
    yield redirectsOf("json", "redirects.json", publication);
    yield* templates(import.meta.url);
  },
};

/** First number of a post: high enough that a new site does not use it yet. */
const FIRST_ID = 1001;

async function* pieces(publication: Publication): AsyncGenerator<Uint8Array, void, undefined> {
  const terms = await termsOf(publication);
  yield Buffer.from(head(publication, terms));
  const check = checks(publication);
  const attachments = new Map<string, Attachment>();
  let id = FIRST_ID;
  for await (const entry of publication.entries()) {
    check(entry);
    yield Buffer.from(post(entry, id, terms));
    for (const media of entry.media)
      if (!attachments.has(media.path))
        attachments.set(media.path, { ...media, parent: id, date: entry.data.date });
    id++;
  }
  for (const attachment of attachments.values())
    yield Buffer.from(attachmentItem(attachment, terms.attachments.get(attachment.path) ?? id));
  yield Buffer.from("</channel>\n</rss>\n");
}

async function termsOf(publication: Publication): Promise<Terms> {
  const types = new Map<string, string>();
  const groups = new Map<string, Map<string, number>>();
  let id = FIRST_ID;
  const words = new Set<string>();
  const ofField = new Set<string>();
  const files = new Set<string>();
  for await (const entry of publication.entries()) {
    const { data, translationKey, translations } = entry;
    for (const one of tagWordsOf(entry)) words.add(one);
    for (const one of categoriesOf(entry)) ofField.add(one);
    for (const { path } of entry.media) files.add(path);
    if (data.type !== null) types.set(data.type, data.typeText ?? data.type);
    if (translations.length > 0) {
      const group = groups.get(translationKey) ?? new Map<string, number>();
      groups.set(translationKey, group.set(data.language, group.get(data.language) ?? id));
    }
    id++;
  }
  const several = publication.languages.length > 1;
  return {
    categories: vocabularyOf(ofField, types),
    tags: vocabularyOf(words),
    metaNames: freeNames(publication.own, new Set()),
    // Numbered after the posts.
    attachments: new Map([...files].map((path, at) => [path, id + at])),
    languages: several ? { all: publication.languages, groups } : null,
  };
}

function head({ name, base, languages }: Publication, terms: Terms): string {
  const site = `https://example.org${base}`;
  const categories = [...terms.categories.words].map(
    ([nicename, words], at) =>
      `<wp:category><wp:term_id>${at + 1}</wp:term_id><wp:category_nicename>${cdata(nicename)}</wp:category_nicename><wp:category_parent></wp:category_parent><wp:cat_name>${cdata(words)}</wp:cat_name></wp:category>\n`,
  );
  const tags = [...terms.tags.words].map(
    ([slug, words], at) =>
      `<wp:tag><wp:term_id>${categories.length + at + 1}</wp:term_id><wp:tag_slug>${cdata(slug)}</wp:tag_slug><wp:tag_name>${cdata(words)}</wp:tag_name></wp:tag>\n`,
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
${categories.join("")}${tags.join("")}${terms.languages === null ? "" : languageTerms(terms.languages, categories.length + tags.length + 1)}`;
}

/** Warns of what the importer does to an article without a message. */
function checks({ warn }: Publication): (entry: PublishedEntry) => void {
  const titles = new Map<string, string>();
  const names = new Map<string, string>();
  return (entry) => {
    const { path, data } = entry;
    const [title, name] = [`${data.date} ${data.title}`, nameOf(entry)];
    const found = (code: string, message: string) => warn({ code, path, message });
    if (data.date === null)
      found("undated-draft", "it has no date, so it is imported as a draft: give it one");
    if (titles.has(title))
      found(
        "same-title-and-date",
        `same title and date as ${titles.get(title)}: the importer skips it`,
      );
    if (names.has(name))
      found(
        "name-shared",
        `name ${name} already taken by ${names.get(name)}: WordPress adds a number`,
      );
    titles.set(title, path);
    names.set(name, path);
  };
}

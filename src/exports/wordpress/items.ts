/** Posts and attachments of a WordPress export file. */
import { byCodeUnits } from "../../text.js";
import { slugify } from "../../url/slug.js";
import { articleHtml, picturesOf } from "../beside.js";
import type { Language, PublishedEntry } from "../export.js";
import { asHtml, categoriesOf, isRange, tagsOf as tagWordsOf, valuesOf } from "../own-fields.js";
import { encodePath } from "../permalink.js";

/** The importer asks which account of the new site replaces it. */
export const AUTHOR = "archive";

export function post(
  entry: PublishedEntry,
  id: number,
  { languages, tags, categories, metaNames, attachments }: Terms,
): string {
  const { data, href } = entry;
  const [lead] = picturesOf(entry);
  const link = `https://example.org${href}`;
  const terms = [
    ...(data.type === null ? [] : [["category", data.type, data.typeText ?? data.type]]),
    ...namedBy(categories, categoriesOf(entry))
      .filter(([slug]) => slug !== data.type)
      .map(([slug, words]) => ["category", slug, words]),
    ...namedBy(tags, tagWordsOf(entry)).map(([slug, words]) => ["post_tag", slug, words]),
    ...(languages === null ? [] : [["language", data.language.toLowerCase(), data.language]]),
    ...(languages?.groups.has(entry.translationKey)
      ? [["post_translations", `pll_${entry.translationKey}`, `pll_${entry.translationKey}`]]
      : []),
  ].map(
    ([domain = "", nicename = "", words = ""]) =>
      `<category domain="${domain}" nicename="${escapedAttribute(nicename)}">${cdata(words)}</category>\n`,
  );
  const meta: [string, string | null][] = [
    ["_sitelift_id", entry.id],
    ["_sitelift_source_url", data.sourceUrl],
    ["_sitelift_date", data.date],
    ["_sitelift_date_text", data.dateText],
    // The importer gives it the number that the attachment gets on the new site.
    ["_thumbnail_id", lead === undefined ? null : String(attachments.get(lead.path))],
    ...ownMeta(entry, metaNames),
  ];
  // Without a date it is a draft; WordPress sets the date when a person publishes it.
  const stamp = data.date === null ? "0000-00-00 00:00:00" : `${data.date} 00:00:00`;
  // As RFC 2822 writes a time.
  const published = data.date && new Date(`${data.date}T00:00:00Z`).toUTCString();
  return item({
    id,
    title: data.title,
    link,
    published: published === null ? "" : published.replace("GMT", "+0000"),
    guid: entry.id,
    content: contentOf(entry),
    excerpt: data.summary ?? "",
    stamp,
    name: nameOf(entry),
    status: data.date === null ? "draft" : "publish",
    parent: 0,
    type: "post",
    more: terms.join("") + metaElements(meta),
  });
}

/** What a post and an attachment have alike, in the order of WordPress. @param stamp of the site's own time */
function item(one: {
  readonly id: number;
  readonly title: string;
  readonly link: string;
  readonly published?: string;
  readonly guid: string;
  readonly content?: string;
  readonly excerpt?: string;
  readonly stamp: string;
  readonly name: string;
  readonly status: string;
  readonly parent: number;
  readonly type: string;
  readonly more: string;
}): string {
  const { id, published = "", content = "", excerpt = "", stamp } = one;
  return `<item>
<title>${cdata(one.title)}</title>
${element("link", one.link)}
${published === "" ? "" : `${element("pubDate", published)}\n`}<dc:creator>${cdata(AUTHOR)}</dc:creator>
<guid isPermaLink="false">urn:sitelift:${one.guid}</guid>
<description></description>
<content:encoded>${cdata(content)}</content:encoded>
<excerpt:encoded>${cdata(excerpt)}</excerpt:encoded>
<wp:post_id>${id}</wp:post_id>
<wp:post_date>${cdata(stamp)}</wp:post_date>
<wp:post_date_gmt>${cdata(stamp)}</wp:post_date_gmt>
<wp:comment_status>closed</wp:comment_status>
<wp:ping_status>closed</wp:ping_status>
<wp:post_name>${cdata(one.name)}</wp:post_name>
<wp:status>${one.status}</wp:status>
<wp:post_parent>${one.parent}</wp:post_parent>
<wp:menu_order>0</wp:menu_order>
<wp:post_type>${one.type}</wp:post_type>
<wp:post_password></wp:post_password>
<wp:is_sticky>0</wp:is_sticky>
${one.more}</item>
`;
}

/**
 * The body as WordPress shows it unchanged: it runs `[gallery]` anywhere, and makes a `<br>` of every line break
 * in a text (`wpautop`).
 */
function contentOf(entry: PublishedEntry): string {
  const text = articleHtml(entry)
    .trim()
    .split(/(<pre[\s>].*?<\/pre>)/is)
    .map((piece, at) => (at % 2 === 1 ? piece : piece.replace(/\s*\n\s*/g, " ")))
    .join("")
    .replace(/\[(?=\/?[a-z][\w-]*[\s\]/=])/gi, "&#91;");
  return entry.data.direction === "rtl" ? `<div dir="rtl">${text}</div>` : text;
}

function namedBy({ slugs }: Vocabulary, all: readonly string[]): [slug: string, words: string][] {
  return [...new Map(all.map((words) => [slugs.get(tagKey(words)) ?? words, words]))];
}

/** WordPress does not tell two terms apart whose letters differ in case alone. */
function tagKey(words: string): string {
  return words.toLowerCase();
}

/** Terms and the names of their URLs. */
interface Vocabulary {
  /** The name of each, by its words in lower case. */
  readonly slugs: ReadonlyMap<string, string>;
  /** The words of each, by its name, sorted. */
  readonly words: ReadonlyMap<string, string>;
}

/** What an export file names before its posts. */
export interface Terms {
  /** Values of `type` with the words that the site printed for them, and those of a field of categories. */
  readonly categories: Vocabulary;
  /** Terms of the site's own fields. */
  readonly tags: Vocabulary;
  /** Keys of post meta, by field. */
  readonly metaNames: ReadonlyMap<string, string>;
  /** Numbers of attachments, by path in the archive. */
  readonly attachments: ReadonlyMap<string, number>;
  /** Null for a site in one language. */
  readonly languages: Languages | null;
}

/**
 * A name for the URL of each term: `c`, and `c-2` for C++.
 *
 * @param all words of terms
 * @param known terms that have a name already, by it
 */
export function vocabularyOf(
  all: Iterable<string>,
  known: ReadonlyMap<string, string> = new Map(),
): Vocabulary {
  const slugs = new Map([...known].map(([slug, one]) => [tagKey(one), slug]));
  const named = new Map(known);
  const words = [...new Set(all)].sort(byCodeUnits);
  // A term that is its own slug keeps it, whatever comes before it.
  const isOwn = (one: string) => slugify(one) === tagKey(one);
  for (const one of [...words.filter(isOwn), ...words.filter((term) => !isOwn(term))]) {
    if (slugs.has(tagKey(one))) continue;
    const base = slugify(one) || one;
    let slug = base;
    for (let at = 2; named.has(slug); at++) slug = `${base}-${at}`;
    slugs.set(tagKey(one), slug);
    named.set(slug, one);
  }
  return { slugs, words: new Map([...named].sort(([a], [b]) => byCodeUnits(a, b))) };
}

/** A row for each value of the site's own fields, a range in two. What begins with `_` is hidden, and none does. */
function ownMeta({ fields }: PublishedEntry, names: Terms["metaNames"]): [string, string | null][] {
  return fields.flatMap((field) => {
    const name = names.get(field.name) ?? field.name;
    return valuesOf(field).flatMap((value): [string, string][] =>
      isRange(value)
        ? [
            [`${name}_start`, value.start],
            [`${name}_end`, value.end],
          ]
        : [[name, String(asHtml(field, value))]],
    );
  });
}

function metaElements(meta: readonly (readonly [string, string | null])[]): string {
  return meta
    .filter(([, value]) => value !== null)
    .map(
      ([key, value]) =>
        `<wp:postmeta><wp:meta_key>${cdata(key)}</wp:meta_key><wp:meta_value>${cdata(value ?? "")}</wp:meta_value></wp:postmeta>\n`,
    )
    .join("");
}

export interface Attachment {
  readonly path: string;
  readonly sourceUrl: string;
  readonly alt: string | null;
  readonly parent: number;
  /** Date of the article: uploads are filed by it. */
  readonly date: string | null;
}

/** The importer fetches the file from its old URL, and replaces that in the articles. */
export function attachmentItem(attachment: Attachment, id: number): string {
  const { path, sourceUrl, alt, parent, date } = attachment;
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
  const url = `<wp:attachment_url>${cdata(sourceUrl)}</wp:attachment_url>\n`;
  return item({
    ...{ id, title: alt ?? name, link: sourceUrl, guid: encodePath(path), name, parent },
    ...{ stamp: date === null ? "" : `${date} 00:00:00`, status: "inherit", type: "attachment" },
    more: url + metaElements([["_wp_attachment_image_alt", alt]]),
  });
}

/** Last segment of the path: what WordPress calls the name of a post. */
export function nameOf({ address }: PublishedEntry): string {
  return (
    address
      .split("/")
      .filter((part) => part !== "")
      .at(-1) ?? ""
  );
}

function escapedAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

/** Characters that XML 1.0 cannot hold, not even as references (https://www.w3.org/TR/xml/#charsets). */
const NO_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/** Text in CDATA; `]]>` within it is split over two. */
export function cdata(text: string): string {
  return `<![CDATA[${text.replace(NO_XML, "\ufffd").replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
}

export function element(name: string, text: string): string {
  const escaped = text.replace(NO_XML, "\ufffd").replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<${name}>${escaped.replaceAll(">", "&gt;")}</${name}>`;
}

/** Languages of a site, and by translation key the number of the post in each. */
export interface Languages {
  readonly all: readonly Language[];
  readonly groups: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** The terms by which Polylang knows languages and translations: post numbers by language, serialised as PHP does. */
export function languageTerms({ all, groups }: Languages, firstId: number): string {
  let id = firstId;
  const term = (taxonomy: string, slug: string, name: string, description: string) =>
    `<wp:term><wp:term_id>${id++}</wp:term_id><wp:term_taxonomy>${taxonomy}</wp:term_taxonomy><wp:term_slug>${cdata(slug)}</wp:term_slug><wp:term_parent></wp:term_parent><wp:term_name>${cdata(name)}</wp:term_name><wp:term_description>${cdata(description)}</wp:term_description></wp:term>\n`;
  const languages = all.map(({ tag, direction }) =>
    term(
      "language",
      tag.toLowerCase(),
      tag,
      `a:3:{s:6:"locale";${php(tag.replace("-", "_"))}s:3:"rtl";i:${direction === "rtl" ? 1 : 0};s:9:"flag_code";s:0:"";}`,
    ),
  );
  const translations = [...groups].map(([key, posts]) =>
    term(
      "post_translations",
      `pll_${key}`,
      `pll_${key}`,
      `a:${posts.size}:{${[...posts].map(([tag, post]) => `${php(tag.toLowerCase())}i:${post};`).join("")}}`,
    ),
  );
  return [...languages, ...translations].join("");
}

function php(text: string): string {
  return `s:${Buffer.byteLength(text)}:"${text}";`;
}

/** Pieces of WordPress export files. */
import type { Language } from "../export.js";

/** Characters that XML 1.0 cannot hold, not even as references (https://www.w3.org/TR/xml/#charsets). */
const NO_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/** Text in CDATA; `]]>` within it is split over two. */
export function cdata(text: string): string {
  return `<![CDATA[${text.replace(NO_XML, "\ufffd").replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
}

/** An element that holds text. */
export function element(name: string, text: string): string {
  const escaped = text.replace(NO_XML, "\ufffd").replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<${name}>${escaped.replaceAll(">", "&gt;")}</${name}>`;
}

/** A calendar date as RFC 2822 writes a time: midnight in UTC. */
export function utcDate(date: string): string {
  return new Date(`${date}T00:00:00Z`).toUTCString().replace("GMT", "+0000");
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

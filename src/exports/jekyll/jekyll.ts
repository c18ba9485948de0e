/**
 * Jekyll 4: a site that builds as it is. Dated articles are posts; one without a date is a page, since a post
 * takes its date from its file name, and a document of a collection gets that of the build.
 *
 * Known failures that this avoids: Liquid in a body is run; articles dated in the future are left out;
 * kramdown takes plain text for tables, attributes and formulas, and changes quotes and dashes.
 */
import { bareDate, contentFile, yamlText } from "../../archive/frontmatter.js";
import { besideFront } from "../beside.js";
import type { Export, ExportFile, Publication, PublishedEntry } from "../export.js";
import { entryFront, snakeCase, templates } from "../generator.js";
import { editMarkdown } from "../markdown.js";
import { authorsOf, categoriesFront, tagsOf } from "../own-fields.js";
import { redirectsOf } from "../redirects/formats.js";

export const jekyll: Export = {
  media: { folder: "media", address: "/media" },
  async *files(publication) {
    yield { path: "_config.yml", content: yamlText(configuration(publication)) };
    yield* templates(import.meta.url);
    yield redirectsOf("netlify", "_redirects", publication);
    for await (const entry of publication.entries()) yield entryFile(entry, publication.base);
  },
};

function configuration({ name, base, languages }: Publication) {
  return {
    title: name,
    url: "https://example.org",
    baseurl: base,
    lang: languages[0]?.tag ?? "en",
    direction: languages[0]?.direction ?? "ltr",
    // Dates are calendar dates: a zone would move them, and future ones are announcements.
    timezone: "UTC",
    future: true,
    include: ["_redirects"],
    excerpt_separator: "",
    markdown: "kramdown",
    kramdown: {
      input: "GFM",
      hard_wrap: false,
      auto_ids: true,
      // Text stays as it was. Each of these says: write what was written.
      smart_quotes: ["apos", "apos", "quot", "quot"],
      typographic_symbols: {
        hellip: "...",
        mdash: "---",
        ndash: "--",
        laquo: "<<",
        raquo: ">>",
        laquo_space: "<< ",
        raquo_space: " >>",
      },
    },
  };
}

function entryFile(entry: PublishedEntry, base: string): ExportFile {
  const { data } = entry;
  const [tags, authors] = [tagsOf(entry), authorsOf(entry)];
  const front = {
    layout: "article",
    title: data.title,
    date: bareDate(data.date),
    permalink: entry.address,
    // Without it the body is read as a Liquid template before it is read as Markdown.
    render_with_liquid: false,
    description: data.summary ?? undefined,
    categories: data.date === null ? undefined : categoriesFront(entry),
    tags: data.date === null || tags.length === 0 ? undefined : tags,
    author: authors.length > 1 ? authors : authors[0],
    ...snakeCase(entryFront(entry)),
    // `relative_url` and plugins put the prefix before a path.
    ...besideFront(entry, base),
  };
  return { path: pathOf(entry), content: contentFile(front, forKramdown(entry.body)) };
}

function pathOf({ file, data: { date } }: PublishedEntry): string {
  if (date === null) return `articles/${file}.md`;
  const at = file.lastIndexOf("/") + 1;
  return `_posts/${file.slice(0, at)}${date}-${file.slice(at)}.md`;
}

/** https://kramdown.gettalong.org/syntax.html#specifying-an-escape-or-backslash-escape */
const ESCAPABLE = /[\\.*_+`<>()[\]{}#!:|"'$=~-]/;

/**
 * A CommonMark body for kramdown: what only kramdown takes for markup is escaped, and what only CommonMark
 * escapes is a reference.
 */
function forKramdown(body: string): string {
  return editMarkdown(body, ({ type, text, within, start }) => {
    if (type === "characterEscape") return ESCAPABLE.test(text) ? text : `&#${text.charCodeAt(1)};`;
    if (type === "hardBreakEscape") return "  ";
    if (type === "listItemMarker" && text === ")") return ".";
    if (type !== "data" || within.some((outer) => /Destination|String$|Autolink/.test(outer)))
      return undefined;
    const atLineStart = start === 0 || /[\n>]\s*$/.test(body.slice(Math.max(0, start - 20), start));
    const inTable = within.includes("table");
    const escaped = text
      .replace(/[{}|$]/g, (character) =>
        inTable && character === "|" ? character : `\\${character}`,
      )
      .replace(/\\\\\|/g, "\\|");
    return atLineStart ? escaped.replace(/^(\s*)(?=:|\*\[|\^\s*$)/, "$1\\") : escaped;
  });
}

/**
 * Hugo: a site that builds as it is. Paths are set by `url`, translations are joined by `translationKey`, old
 * paths are `aliases`. The layouts are a start that shows every entry.
 *
 * Known failures that this avoids: a missing date prints as 0001-01-01, in Hugo's own feed too, so the layouts
 * have one; `type` chooses a layout; articles dated in the future are left out; raw HTML is left out; `{{<` in
 * text is taken for a shortcode. Before Hugo 0.123 `params` of the front matter is at `.Params.params`, which
 * `single.html` looks for.
 */
import { bareDate, contentFile, yamlText } from "../../archive/frontmatter.js";
import type { OwnShape } from "../../schema/fields.js";
import { percentDecode } from "../../text.js";
import { besideFront } from "../beside.js";
import type { Export, ExportFile, Publication, PublishedEntry } from "../export.js";
import { entryFront, templates } from "../generator.js";
import { categoriesFront, freeNames, isCategories, isTerms, valuesOf } from "../own-fields.js";
import { redirectsOf } from "../redirects/formats.js";
import { escapeShortcodes } from "./escape.js";

export const hugo: Export = {
  media: { folder: "static/media", address: "/media" },
  async *files(publication) {
    yield { path: "hugo.yaml", content: yamlText(configuration(publication)) };
    yield* templates(import.meta.url);
    yield redirectsOf("netlify", "static/_redirects", publication);
    for await (const entry of publication.entries()) yield entryFile(entry, publication);
  },
};

function configuration({ name, base, languages, own }: Publication) {
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
    taxonomies: { category: "categories", ...taxonomiesOf(own) },
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

function entryFile(entry: PublishedEntry, publication: Publication): ExportFile {
  const { data } = entry;
  const aliases = aliasesOf(entry, publication);
  const { articleId, articleType, dateText, direction, sourceUrl } = entryFront(entry);
  const { terms, params } = ownFront(entry, publication);
  const { image, pictures, attachments } = besideFront(entry);
  const front = {
    title: data.title,
    date: bareDate(data.date),
    url: entry.address,
    aliases: aliases.length === 0 ? undefined : aliases,
    translationKey: entry.translationKey,
    description: data.summary ?? undefined,
    categories: categoriesFront(entry),
    ...terms,
    // The first is what templates of Hugo itself give to Open Graph, the second what many themes show above a text.
    images: image === undefined ? undefined : [image],
    featured_image: image,
    params: {
      ...{ articleId, articleType, dateText, direction, sourceUrl },
      ...{ pictures, attachments, ...params },
    },
  };
  return {
    path: `content/${fileOf(entry)}.md`,
    content: contentFile(front, escapeShortcodes(entry.body)),
  };
}

/** Keys that Hugo reads in front matter, or that are ours. */
const TAKEN = new Set(
  "aliases attachments audio build cascade categories category date description draft expirydate featured_image headless images iscjklanguage keywords lang languagecode lastmod layout linktitle markup menu menus outputs params path pictures publishdate resources sitemap slug summary title translationkey type url videos weight articleid articletype datetext direction sourceurl".split(
    " ",
  ),
);

/** A taxonomy for each field of terms, but that of categories: `tags: [sea, boats]`. */
function taxonomiesOf(own: OwnShape): Record<string, string> {
  const names = [...freeNames(own, TAKEN)].filter(
    ([field]) => isTerms(own.fields[field] ?? { kind: "text" }) && !isCategories(field),
  );
  return Object.fromEntries(names.map(([, name]) => [name.toLowerCase(), name.toLowerCase()]));
}

/** Terms are read by Hugo itself; all else, and what themes look for, is in `params`. */
function ownFront({ fields }: PublishedEntry, { own }: Publication) {
  const names = freeNames(own, TAKEN);
  const terms = fields
    .filter((field) => isTerms(field) && !isCategories(field.name) && valuesOf(field).length > 0)
    .map((field) => [names.get(field.name), valuesOf(field)]);
  const params = fields
    .filter((field) => !isTerms(field) && valuesOf(field).length > 0)
    .map(({ name, value }) => [names.get(name), value]);
  return { terms: Object.fromEntries(terms), params: Object.fromEntries(params) };
}

/** Old paths as the names of files, of which Hugo makes each. The others are in `static/_redirects` alone. */
function aliasesOf({ oldPaths, path }: PublishedEntry, { warn }: Publication): string[] {
  return oldPaths.flatMap((encoded) => {
    const names = encoded.split("/").map((name) => percentDecode(name, null));
    const isFile = names.every(
      (name) => name !== null && !UNFIT.test(name) && Buffer.byteLength(name) <= LONGEST_NAME,
    );
    if (isFile) return [names.join("/")];
    const message = `the old path ${encoded} cannot be the name of a file, and is not among its aliases`;
    warn({ code: "alias-left-out", path, message });
    return [];
  });
}

const UNFIT = /[/\\\p{Cc}\p{Bidi_Control}\u2028\u2029]|^\.{1,2}$/u;
/** Of 255 bytes that file systems allow, those that leave room for an ending. */
const LONGEST_NAME = 240;

/** Each language has its own folder. Hugo reads a dot in a name as a language, and `index` as a bundle. */
function fileOf({ file, data: { language } }: PublishedEntry): string {
  const own = file.startsWith(`${language}/`) ? file : `${language}/${file}`;
  return own.replaceAll(".", "-").replace(/(^|\/)(_?index)$/, "$1$2-page");
}

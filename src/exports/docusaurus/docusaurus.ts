/**
 * Docusaurus 3: a blog for each language. An article without a date is a page, since a post without one gets
 * that of its file.
 *
 * Known failures that this avoids: `.md` is read as MDX, where `{`, `<5` and comments break the build;
 * `:word` is taken for a directive.
 */
import { bareDate, contentFile } from "../../archive/frontmatter.js";
import { CliError } from "../../error.js";
import { besideFront, figures, fileList, picturesOf } from "../beside.js";
import type { Export, ExportFile, Publication, PublishedEntry } from "../export.js";
import { entryFront, siteJson, snakeCase, templates } from "../generator.js";
import { escapeShortcodes } from "../hugo/escape.js";
import { editMarkdown } from "../markdown.js";
import { authorsOf, termsOf } from "../own-fields.js";
import { redirectsOf } from "../redirects/formats.js";

export const docusaurus: Export = {
  media: { folder: "static/media", address: "/media" },
  async *files(publication) {
    const { languages } = publication;
    // Before the first file, so that a refused export writes nothing.
    for await (const entry of publication.entries()) slugOf(entry, publication);
    yield* templates(import.meta.url);
    const blogs = languages.map((one) => ({ ...one, route: routeOf(one.tag, publication) }));
    yield { path: "site.json", content: siteJson({ ...publication, languages: blogs }) };
    yield { path: "src/pages/index.md", content: indexPage(publication) };
    yield redirectsOf("netlify", "static/_redirects", publication);
    for await (const entry of publication.entries()) yield entryFile(entry, publication);
  },
};

/** Path of the blog of a language: its tag where the site has several. */
function routeOf(language: string, { languages }: Publication): string {
  return languages.length === 1 ? "/" : `/${language}`;
}

function indexPage({ name, languages }: Publication): string {
  const links = languages.map(({ tag }) => `- [${tag}](/${tag}/)`);
  return languages.length === 1
    ? contentFile({ title: name, slug: "/start" }, `${languages[0]?.entries} articles`)
    : contentFile({ title: name }, links.join("\n"));
}

function entryFile(entry: PublishedEntry, publication: Publication): ExportFile {
  const { data, file } = entry;
  const { articleId, dateText, sourceUrl, translationKey, translations, fields } =
    entryFront(entry);
  const isPage = data.date === null;
  const beside = besideFront(entry);
  const tags = [...new Set([...(data.type === null ? [] : [data.type]), ...termsOf(entry)])];
  const authors = authorsOf(entry).map((name) => ({ name }));
  const front = {
    title: data.title,
    date: bareDate(data.date),
    slug: isPage ? undefined : slugOf(entry, publication),
    description: data.summary ?? undefined,
    tags: isPage || tags.length === 0 ? undefined : tags,
    authors: isPage || authors.length === 0 ? undefined : authors,
    image: imageOf(entry) ?? beside.image,
    hide_table_of_contents: true,
    ...snakeCase({ articleId, dateText, sourceUrl, translationKey, translations, fields }),
    ...{ pictures: beside.pictures, attachments: beside.attachments },
  };
  const path = isPage
    ? `src/pages${entry.address.replace(/\/$/, "")}.md`
    : `blog/${data.language}/${file.replace(new RegExp(`^${data.language}/`), "")}.md`;
  // A page does not show its title, a post does.
  const heading = `<h1>${data.title.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</h1>\n\n`;
  const body = bodyOf(entry, publication);
  return { path, content: contentFile(front, isPage ? heading + body : body) };
}

/** The picture that a link to the article shows elsewhere. */
function imageOf({ fields }: PublishedEntry): string | undefined {
  const image = fields.find(({ of, value }) => of === "image" && typeof value === "string");
  return image === undefined ? undefined : String(image.value);
}

/** Path below the blog of its language. */
function slugOf({ path, address, data }: PublishedEntry, publication: Publication): string {
  const route = routeOf(data.language, publication);
  if (route === "/") return address;
  if (address.startsWith(`${route}/`)) return address.slice(route.length);
  throw new CliError(
    `${path} cannot be at ${address}: Docusaurus has a blog for each language, this one at ${route}/`,
    { hint: "Let --permalink begin with /:language/." },
  );
}

/** Ends what a list shows of a post, in code too. */
const TRUNCATE = /<!--\s*truncate\s*-->/gi;

/** The direction of a page is that of the site; an article in another language gets its own. */
function bodyOf(entry: PublishedEntry, { languages }: Publication): string {
  const { data, body } = entry;
  const text = editMarkdown(escapeShortcodes(body, TRUNCATE), ({ type, text, within }) =>
    type === "data" && !within.some((outer) => /Destination|Autolink/.test(outer))
      ? text.replace(/:(?=[a-z:])/gi, "\\:")
      : undefined,
  );
  // There is no template of ours to show what is beside the text.
  const [lead, ...further] = picturesOf(entry);
  const parts = [
    figures(lead === undefined ? [] : [lead]),
    text,
    figures(further),
    fileList(entry),
  ];
  const plain = parts
    .filter((part) => part !== "")
    .map((part) => part.replace(/\n+$/, ""))
    .join("\n\n");
  return data.language === languages[0]?.tag
    ? plain
    : `<div lang="${data.language}" dir="${data.direction}">\n\n${plain}\n\n</div>`;
}

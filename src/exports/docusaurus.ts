/**
 * Docusaurus 3: a blog for each language. An article without a date is a page, since a post without one gets
 * that of its file.
 *
 * Known failures that this avoids: `.md` is read as MDX, where `{`, `<5` and comments break the build;
 * `:word` is taken for a directive.
 */
import { CliError } from "../error.js";
import type { Export, ExportFile, Publication, PublishedEntry } from "./export.js";
import { bareDate, contentFile } from "./front-matter.js";
import { editMarkdown } from "./markdown.js";
import { netlifyRedirects } from "./redirects.js";

export const docusaurus: Export = {
  description: "Docusaurus site: a blog for each language, and configuration",
  media: { folder: "static/media", address: "/media" },
  async *files(publication) {
    // Before the first file, so that nothing is half written.
    for await (const entry of publication.entries()) slugOf(entry, publication);
    yield { path: "package.json", content: PACKAGE };
    yield { path: "site.json", content: siteData(publication) };
    yield { path: "docusaurus.config.js", content: CONFIG };
    yield { path: "src/pages/index.md", content: indexPage(publication) };
    yield { path: "static/_redirects", content: netlifyRedirects(publication.redirects) };
    for await (const entry of publication.entries()) yield entryFile(entry, publication);
  },
};

const PACKAGE = `{
  "name": "site",
  "private": true,
  "scripts": {
    "build": "docusaurus build",
    "start": "docusaurus start"
  },
  "dependencies": {
    "@docusaurus/core": "3.10.2",
    "@docusaurus/preset-classic": "3.10.2",
    "react": "19.2.0",
    "react-dom": "19.2.0"
  }
}
`;

const CONFIG = `import site from "./site.json" with { type: "json" };

const [main] = site.languages;

export default {
  title: site.title,
  url: "https://example.org",
  baseUrl: site.base,
  trailingSlash: true,
  onBrokenLinks: "warn",
  // Articles are Markdown with HTML in it, not MDX.
  markdown: {
    format: "detect",
    hooks: { onBrokenMarkdownLinks: "warn", onBrokenMarkdownImages: "warn" },
  },
  i18n: {
    defaultLocale: main.tag,
    locales: [main.tag],
    localeConfigs: { [main.tag]: { direction: main.direction } },
  },
  presets: [["classic", { docs: false, blog: false, theme: {} }]],
  plugins: site.languages.map(({ tag, route }) => [
    "@docusaurus/plugin-content-blog",
    {
      id: tag.toLowerCase(),
      path: \`blog/\${tag}\`,
      routeBasePath: route,
      showReadingTime: false,
      onInlineTags: "ignore",
      onInlineAuthors: "ignore",
      onUntruncatedBlogPosts: "ignore",
      blogSidebarCount: "ALL",
    },
  ]),
};
`;

/** Where the blog of a language stands: below its tag where there are several. */
function routeOf(language: string, { languages }: Publication): string {
  return languages.length === 1 ? "/" : `/${language}`;
}

function siteData(publication: Publication): string {
  const { name, base, languages } = publication;
  const blogs = languages.map((one) => ({ ...one, route: routeOf(one.tag, publication) }));
  return `${JSON.stringify({ title: name, base: `${base}/`, languages: blogs }, null, 2)}\n`;
}

function indexPage(publication: Publication): string {
  const links = publication.languages.map(({ tag }) => `- [${tag}](/${tag}/)`);
  const title = { title: publication.name };
  return publication.languages.length === 1
    ? contentFile({ ...title, slug: "/start" }, `${publication.languages[0]?.entries} articles`)
    : contentFile(title, links.join("\n"));
}

function entryFile(entry: PublishedEntry, publication: Publication): ExportFile {
  const { data, file } = entry;
  const front = {
    title: data.title,
    date: bareDate(data.date),
    slug: data.date === null ? undefined : slugOf(entry, publication),
    description: data.summary ?? undefined,
    tags: data.date === null || data.type === null ? undefined : [data.type],
    hide_table_of_contents: true,
    article_id: entry.id,
    date_text: data.dateText,
    source_url: data.sourceUrl,
    translation_key: entry.translationKey,
    translations: entry.translations.map(({ language, address }) => ({ lang: language, address })),
  };
  const path =
    data.date === null
      ? `src/pages${entry.address.replace(/\/$/, "")}.md`
      : `blog/${data.language}/${file.replace(new RegExp(`^${data.language}/`), "")}.md`;
  // A page does not show its title, a post does.
  const heading = `<h1>${data.title.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</h1>\n\n`;
  const body = (data.date === null ? heading : "") + bodyOf(entry, publication);
  return { path, content: contentFile(front, body) };
}

/** Address below the blog of its language. */
function slugOf({ path, address, data }: PublishedEntry, publication: Publication): string {
  const route = routeOf(data.language, publication);
  if (route === "/") return address;
  if (address.startsWith(`${route}/`)) return address.slice(route.length);
  throw new CliError(
    `${path} cannot stand at ${address}: Docusaurus has a blog for each language`,
    {
      hint: "Let --permalink begin with /:language/.",
    },
  );
}

/** The direction of a page is that of the site; an article that runs the other way says so itself. */
function bodyOf({ data, body }: PublishedEntry, { languages }: Publication): string {
  const plain = editMarkdown(body, ({ type, text, within }) =>
    type === "data" && !within.some((outer) => /Destination|Autolink/.test(outer))
      ? text.replace(/:(?=[a-z:])/gi, "\\:")
      : undefined,
  );
  const [main] = languages;
  return data.language === main?.tag
    ? plain
    : `<div lang="${data.language}" dir="${data.direction}">\n\n${plain.replace(/\n+$/, "")}\n\n</div>`;
}

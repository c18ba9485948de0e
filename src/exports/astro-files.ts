/** Configuration and pages of the Astro export: enough to see every article, made to be replaced. */

const PACKAGE = `{
  "name": "site",
  "private": true,
  "type": "module",
  "scripts": {
    "build": "astro build",
    "start": "astro dev"
  },
  "dependencies": {
    "astro": "5.18.2"
  }
}
`;

const CONFIG = `import { defineConfig } from "astro/config";
import site from "./src/site.json" with { type: "json" };

export default defineConfig({
  site: "https://example.org",
  base: site.base,
  trailingSlash: "always",
  build: { format: "directory" },
  // Text stays as it was: no other quotes, no other dashes.
  markdown: { gfm: true, smartypants: false },
  i18n: {
    locales: site.languages.map(({ tag }) => tag),
    defaultLocale: site.languages[0]?.tag ?? "en",
    routing: { prefixDefaultLocale: true, redirectToDefaultLocale: false },
  },
});
`;

// js-yaml reads a bare date as midnight UTC; other readers leave the text. Nothing else is a date.
const COLLECTION = `import { defineCollection, z } from "astro:content";
import { glob } from "astro/loaders";

const day = z
  .union([z.date(), z.string().regex(/^\\d{4}-\\d{2}-\\d{2}$/)])
  .transform((value) => (typeof value === "string" ? value : value.toISOString().slice(0, 10)));

const articles = defineCollection({
  loader: glob({
    base: "./src/content/articles",
    pattern: "**/*.md",
    generateId: ({ data }) => String(data.articleId),
  }),
  schema: z.object({
    title: z.string(),
    /** YYYY-MM-DD, or null: the old site had none. */
    date: day.nullable(),
    address: z.string(),
    description: z.string().nullable(),
    lang: z.string(),
    direction: z.enum(["ltr", "rtl"]),
    articleId: z.string(),
    articleType: z.string().nullable(),
    dateText: z.string().nullable(),
    sourceUrl: z.string().url(),
    translationKey: z.string(),
    translations: z.array(z.object({ lang: z.string(), address: z.string() })),
  }),
});

export const collections = { articles };
`;

const LINK = `import site from "./site.json";

/** A path of this site as a link has it. */
export function link(address: string): string {
  return encodeURI(site.base.replace(/\\/$/, "") + address);
}
`;

const ARTICLE = `---
import { getCollection, render } from "astro:content";
import { link } from "../link";

export async function getStaticPaths() {
  const articles = await getCollection("articles");
  return articles.map((article) => ({
    params: { address: article.data.address.slice(1, -1) },
    props: { article },
  }));
}

const { article } = Astro.props;
const { title, date, description, lang, direction, translations } = article.data;
const { Content } = await render(article);
---
<!doctype html>
<html lang={lang} dir={direction}>
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width" />
<title>{title}</title>
{description && <meta name="description" content={description} />}
{translations.map((translation) => <link rel="alternate" hreflang={translation.lang} href={link(translation.address)} />)}
</head>
<body>
<main>
<article>
<h1>{title}</h1>
{date && <time datetime={date}>{date}</time>}
<Content />
{translations.length > 0 && <ul>{translations.map((translation) => <li><a href={link(translation.address)} hreflang={translation.lang}>{translation.lang}</a></li>)}</ul>}
</article>
</main>
</body>
</html>
`;

const INDEX = `---
import { getCollection } from "astro:content";
import site from "../site.json";
import { link } from "../link";

// Newest first, articles without a date last.
const articles = (await getCollection("articles")).sort((a, b) =>
  (b.data.date ?? "").localeCompare(a.data.date ?? "", "en"),
);
---
<!doctype html>
<html lang={site.languages[0]?.tag} dir={site.languages[0]?.direction}>
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width" />
<title>{site.title}</title>
</head>
<body>
<main>
<h1>{site.title}</h1>
<ul>
{articles.map(({ data }) => <li lang={data.lang} dir={data.direction}><a href={link(data.address)}>{data.title}</a>{data.date && <time datetime={data.date}>{data.date}</time>}</li>)}
</ul>
</main>
</body>
</html>
`;

/** By path in the export. */
export const ASTRO_FILES: Readonly<Record<string, string>> = {
  "package.json": PACKAGE,
  "astro.config.mjs": CONFIG,
  "src/content.config.ts": COLLECTION,
  "src/link.ts": LINK,
  "src/pages/[...address].astro": ARTICLE,
  "src/pages/index.astro": INDEX,
};

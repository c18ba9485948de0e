/** Configuration and layouts of the Eleventy export: enough to see every article, made to be replaced. */

const PACKAGE = `{
  "name": "site",
  "private": true,
  "type": "module",
  "scripts": {
    "build": "eleventy",
    "start": "eleventy --serve"
  },
  "dependencies": {
    "@11ty/eleventy": "3.1.8"
  }
}
`;

const CONFIG = `import { readFileSync } from "node:fs";

const site = JSON.parse(readFileSync(new URL("src/_data/site.json", import.meta.url), "utf8"));

export default function (eleventy) {
  eleventy.addPassthroughCopy("src/media");
  eleventy.addPassthroughCopy("src/_redirects");
  // Eleventy switches indented code off; articles may hold some.
  eleventy.amendLibrary("md", (md) => md.enable("code"));
  // An article without a date would get the time of the build. Its \`articleDate\` is null: print that one.
  eleventy.addDateParsing(function (date) {
    const isArticle = this.page.inputPath.includes("/articles/");
    return date === undefined && isArticle ? new Date(0) : date;
  });
  // Newest first, articles without a date last.
  eleventy.addCollection("newest", (api) =>
    api
      .getFilteredByTag("articles")
      .sort((a, b) => (b.data.articleDate ?? "").localeCompare(a.data.articleDate ?? "", "en")),
  );
  return { dir: { input: "src", output: "_site" }, pathPrefix: site.base };
}
`;

const BASE = `<!doctype html>
<html lang="{{ lang or site.languages[0].tag }}" dir="{{ direction or site.languages[0].direction }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ title or site.title }}</title>
{% if description %}<meta name="description" content="{{ description }}">{% endif %}
{% for translation in translations %}<link rel="alternate" hreflang="{{ translation.lang }}" href="{{ translation.address | url }}">
{% endfor %}</head>
<body>
<main>
{{ content | safe }}
</main>
</body>
</html>
`;

const ARTICLE = `---
layout: base.njk
---
<article>
<h1>{{ title }}</h1>
{% if articleDate %}<time datetime="{{ articleDate }}">{{ articleDate }}</time>{% endif %}
{{ content | safe }}
{% if translations.length %}<ul>{% for translation in translations %}<li><a href="{{ translation.address | url }}" hreflang="{{ translation.lang }}">{{ translation.lang }}</a></li>{% endfor %}</ul>{% endif %}
</article>
`;

const INDEX = `---
layout: base.njk
---
<h1>{{ site.title }}</h1>
<ul>
{% for article in collections.newest %}<li lang="{{ article.data.lang }}" dir="{{ article.data.direction }}"><a href="{{ article.url | url }}">{{ article.data.title }}</a>{% if article.data.articleDate %} <time datetime="{{ article.data.articleDate }}">{{ article.data.articleDate }}</time>{% endif %}</li>
{% endfor %}</ul>
`;

/** By path in the export. */
export const ELEVENTY_FILES: Readonly<Record<string, string>> = {
  "package.json": PACKAGE,
  "eleventy.config.js": CONFIG,
  "src/_includes/base.njk": BASE,
  "src/_includes/article.njk": ARTICLE,
  "src/index.njk": INDEX,
};

/** Layouts of the Jekyll export: enough to see every article, made to be replaced. */

const GEMFILE = `source "https://rubygems.org"

gem "jekyll", "~> 4.3"
`;

const BASE = `<!doctype html>
<html lang="{{ page.lang | default: site.lang }}" dir="{{ page.direction | default: site.direction }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ page.title | default: site.title | escape }}</title>
{% if page.description %}<meta name="description" content="{{ page.description | escape }}">{% endif %}
{% for translation in page.translations %}<link rel="alternate" hreflang="{{ translation.lang }}" href="{{ translation.address | relative_url }}">
{% endfor %}</head>
<body>
<main>
{{ content }}
</main>
</body>
</html>
`;

const ARTICLE = `---
layout: base
---
<article>
<h1>{{ page.title | escape }}</h1>
{% if page.article_date %}<time datetime="{{ page.article_date | date: "%Y-%m-%d" }}">{{ page.article_date | date: "%Y-%m-%d" }}</time>{% endif %}
{{ content }}
{% if page.translations.size > 0 %}<ul>{% for translation in page.translations %}<li><a href="{{ translation.address | relative_url }}" hreflang="{{ translation.lang }}">{{ translation.lang }}</a></li>{% endfor %}</ul>{% endif %}
</article>
`;

const INDEX = `---
layout: base
---
<h1>{{ site.title | escape }}</h1>
<ul>
{% for post in site.posts %}<li lang="{{ post.lang }}" dir="{{ post.direction }}"><a href="{{ post.url | relative_url }}">{{ post.title | escape }}</a> <time datetime="{{ post.article_date | date: "%Y-%m-%d" }}">{{ post.article_date | date: "%Y-%m-%d" }}</time></li>
{% endfor %}{% assign undated = site.pages | where: "layout", "article" %}{% for article in undated %}<li lang="{{ article.lang }}" dir="{{ article.direction }}"><a href="{{ article.url | relative_url }}">{{ article.title | escape }}</a></li>
{% endfor %}</ul>
`;

/** By path in the export. */
export const JEKYLL_FILES: Readonly<Record<string, string>> = {
  Gemfile: GEMFILE,
  "_layouts/base.html": BASE,
  "_layouts/article.html": ARTICLE,
  "index.html": INDEX,
};

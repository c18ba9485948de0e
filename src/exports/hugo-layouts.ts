/** Layouts of the Hugo export: enough to see every article, made to be replaced. */

const BASE = `<!doctype html>
<html lang="{{ site.Language.Lang }}" dir="{{ block "direction" . }}{{ site.Language.LanguageDirection | default "ltr" }}{{ end }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{ .Title }}</title>
{{ with .Description }}<meta name="description" content="{{ . }}">{{ end }}
<link rel="canonical" href="{{ .Permalink }}">
{{ range .AllTranslations }}<link rel="alternate" hreflang="{{ .Language.Lang }}" href="{{ .Permalink }}">
{{ end }}</head>
<body>
<main>
{{ block "main" . }}{{ end }}
</main>
</body>
</html>
`;

// Before Hugo 0.123 \`params\` of the front matter stands below \`.Params.params\`.
const SINGLE = `{{ define "direction" }}{{ with .Params.params | default .Params }}{{ .direction | default "ltr" }}{{ end }}{{ end }}
{{ define "main" }}
<article>
<h1>{{ .Title }}</h1>
{{ if not .Date.IsZero }}<time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2006-01-02" }}</time>{{ end }}
{{ .Content }}
{{ with .Translations }}<ul>{{ range . }}<li><a href="{{ .RelPermalink }}" hreflang="{{ .Language.Lang }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}
</article>
{{ end }}
`;

const LIST = `{{ define "main" }}
<h1>{{ .Title }}</h1>
<ul>
{{ range (cond .IsHome site.RegularPages .Pages) }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ if not .Date.IsZero }} <time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2006-01-02" }}</time>{{ end }}</li>
{{ end }}</ul>
{{ end }}
`;

// Hugo's own feed gives an article without a date the year 1.
const FEED = `<rss version="2.0">
<channel>
<title>{{ .Title }}</title>
<link>{{ .Permalink }}</link>
<description>{{ .Title }}</description>
{{ range (cond .IsHome site.RegularPages .Pages) }}<item>
<title>{{ .Title }}</title>
<link>{{ .Permalink }}</link>
<guid>{{ .Permalink }}</guid>
{{ if not .Date.IsZero }}<pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" }}</pubDate>{{ end }}
<description>{{ .Summary | plainify | htmlEscape }}</description>
</item>
{{ end }}</channel>
</rss>
`;

/** By path in the export. */
export const HUGO_LAYOUTS: Readonly<Record<string, string>> = {
  "layouts/_default/baseof.html": BASE,
  "layouts/_default/single.html": SINGLE,
  "layouts/_default/list.html": LIST,
  "layouts/_default/rss.xml": FEED,
};

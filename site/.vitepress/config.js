/** The documentation site: the documents of the repository as they are. `npm run build` fails on a dead link. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const { version, repository, description } = JSON.parse(
  readFileSync(`${ROOT}package.json`, "utf8"),
);
const SOURCE = repository.url.replace(/^git\+|\.git$/g, "");
/** Headings as GitHub names them in URLs, so that a link works there and here. */
const slugify = (text) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

/** The sections and links of docs/README.md, which a test holds to name every document. */
function sidebar() {
  const groups = [];
  for (const line of readFileSync(`${ROOT}docs/README.md`, "utf8").split("\n")) {
    const [, heading] = /^## (.*)/.exec(line) ?? [];
    if (heading !== undefined) groups.push({ text: heading, items: [] });
    const [, text, page] = /^- \[(.*?)\]\(([\w-]+)\.md\)/.exec(line) ?? [];
    if (page !== undefined)
      groups.at(-1).items.push({ text: text.replaceAll("`", ""), link: `/docs/${page}` });
  }
  const about = { ARCHITECTURE: "Architecture", THREAT_MODEL: "Threat model" };
  Object.assign(about, { CONTRIBUTING: "Contributing", CHANGELOG: "Changelog" });
  const items = Object.entries(about).map(([page, text]) => ({ text, link: `/${page}` }));
  return [...groups, { text: "The project", items }];
}

export default defineConfig({
  title: "sitelift",
  description,
  lang: "en",
  cleanUrls: true,
  srcDir: "pages",
  outDir: "dist",
  rewrites: { "README.md": "index.md", "docs/README.md": "docs/index.md" },
  ignoreDeadLinks: false,
  markdown: {
    anchor: { slugify },
    languageAlias: { crontab: "sh" },
    config(md) {
      // Documents are Markdown, and no templates of Vue: braces are braces.
      const { rules } = md.renderer;
      for (const name of ["text", "code_inline"]) {
        const render = rules[name];
        rules[name] = (...given) => render(...given).replaceAll("{{", "&#123;&#123;");
      }
    },
  },
  themeConfig: {
    sidebar: sidebar(),
    nav: [
      { text: "Documentation", link: "/docs/" },
      { text: version, link: "/CHANGELOG" },
    ],
    outline: [2, 3],
    search: { provider: "local" },
    socialLinks: [{ icon: "github", link: SOURCE }],
    editLink: { pattern: `${SOURCE}/edit/main/:path` },
  },
});

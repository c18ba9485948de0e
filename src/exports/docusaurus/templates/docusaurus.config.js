import site from "./site.json" with { type: "json" };

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
      path: `blog/${tag}`,
      routeBasePath: route,
      showReadingTime: false,
      onInlineTags: "ignore",
      onInlineAuthors: "ignore",
      onUntruncatedBlogPosts: "ignore",
      blogSidebarCount: "ALL",
    },
  ]),
};

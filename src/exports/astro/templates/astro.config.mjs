import { defineConfig } from "astro/config";
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

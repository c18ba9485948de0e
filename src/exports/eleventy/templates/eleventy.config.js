import { readFileSync } from "node:fs";

const site = JSON.parse(readFileSync(new URL("src/_data/site.json", import.meta.url), "utf8"));

export default function (eleventy) {
  eleventy.addPassthroughCopy("src/media");
  eleventy.addPassthroughCopy("src/_redirects");
  // Eleventy switches indented code off; articles may hold some.
  eleventy.amendLibrary("md", (md) => md.enable("code"));
  // An article without a date would get the time of the build. Its `articleDate` is null: print that one.
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

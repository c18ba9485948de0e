/** Why nothing can be proposed for a page, and what to do. */
import { CliError, EXIT } from "../../error.js";
import { decode } from "../../extract/coding.js";
import { dataFormat } from "../../extract/data-tree.js";
import { shellNote } from "../../extract/in-browser.js";
import { readSitemap } from "../../extract/sitemap.js";
import { parsePage } from "../../extract/tree.js";
import type { Page } from "../../model.js";
import { articleDoubt } from "../../propose/article-page.js";
import { count } from "../../text.js";

export function noList(page: Page): CliError {
  const { message, hint } = reasonOf(page);
  return new CliError(message, { exitCode: EXIT.findings, hint });
}

function reasonOf(page: Page): { readonly message: string; readonly hint: string } {
  const { url } = page;
  const { text } = decode(page, null);
  const format = dataFormat(text);
  if (format?.endsWith("sitemapindex")) {
    const { urls } = readSitemap(text);
    const posts = urls.find((one) => /post|news|article/i.test(one)) ?? urls[0];
    return {
      message: `${url} is an index of ${count(urls.length, "sitemap")}`,
      hint: `Give the one that names the articles, such as ${posts ?? "its first"}; a crawl reads an index too.`,
    };
  }
  if (format === "json") {
    const isIndex = /"namespaces":\s*\[[^\]]*"wp\\?\/v2"/.test(text);
    return isIndex
      ? {
          message: `${url} says what the API of a WordPress offers, and lists no articles`,
          hint: `Give its posts: ${url.replace(/\/?$/, "/")}wp/v2/posts`,
        }
      : {
          message: `${url} is JSON without a list of things that have a title`,
          hint: 'Write the site file by hand, with listing: { kind: "json", rows: … }: see docs/listings.md.',
        };
  }
  if (format !== null)
    return { message: `${url} is a list (${format}) without any row`, hint: "Give another one." };
  const tree = parsePage(page);
  const shell = shellNote(tree);
  if (shell !== null)
    return {
      message: `nothing on ${url} repeats as the rows of a list do; ${shell}`,
      hint: `Look in the network tab of a browser for a feed or JSON that the page reads, and give its URL. Where there is none, save the page as the browser shows it, run \`sitelift init saved.html --url ${url}\`, and add render: "when-empty" to its listing: see docs/listings.md.`,
    };
  const doubt = articleDoubt(tree, url, [], []);
  return {
    message: `nothing on ${url} repeats as the rows of a list do${doubt === null ? "" : `; ${doubt}`}`,
    hint: "Expected a listing page: several articles one below the other, each with a link.",
  };
}

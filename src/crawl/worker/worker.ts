/** The other side of an isolation, a process of its own: reads a listing page, or opens one article at a time and finishes it. */
import process from "node:process";
import { readArticle } from "../../extract/article.js";
import { furtherOf } from "../../extract/further.js";
import { readListing } from "../../extract/listing.js";
import { parsePage } from "../../extract/tree.js";
import type { Site } from "../../site/site.js";
import { type Opened, openArticle } from "../article.js";
import type { Ask, Reply } from "./page-worker.js";
import { deserialiseRow, serialiseListing } from "./serialise.js";

let site: Site | null = null;
let opened: Opened | null = null;

async function answer(ask: Exclude<Ask, { what: "site" }>): Promise<Reply> {
  if (site === null) throw new Error("no site was named");
  if (ask.what === "listing")
    return { value: serialiseListing(readListing(parsePage(ask.page, site), site)) };
  if (ask.what === "canonical")
    return { value: readArticle(parsePage(ask.page, site), site).canonical };
  if (ask.what === "open") {
    const { row, page } = ask;
    const article =
      page === null ? null : readArticle(parsePage(page, site), site, furtherOf(page, site));
    opened = openArticle(site, deserialiseRow(row), article);
    return { value: opened.facts };
  }
  if (opened === null) throw new Error("no article is open");
  return { value: await opened.finish(ask.url, ask.more) };
}

function send(reply: Reply): void {
  process.send?.(reply);
}

process.on("message", (ask: Ask) => {
  if (ask.what === "site") {
    site = ask.site;
    return;
  }
  send({ begun: true });
  answer(ask)
    .catch((error): Reply => ({ error: String(error?.message ?? error) }))
    .then(send);
});
// Ctrl-C reaches every process of a terminal; when to end is the decision of the one that walks.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit());

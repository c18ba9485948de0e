/** The other side of an isolation: opens one article at a time and finishes it. */
import { parentPort, workerData } from "node:worker_threads";
import { type Opened, openArticle } from "../article.js";
import { readArticle } from "../extract/article.js";
import { parsePage } from "../extract/tree.js";
import type { Site } from "../site.js";
import { wholeRow } from "./flat.js";
import type { Ask, Reply } from "./isolation.js";

const site = workerData as Site;
let opened: Opened | null = null;

async function reply(ask: Ask): Promise<Reply> {
  if (ask.what === "open") {
    const { row, page } = ask;
    const article = page === null ? null : readArticle(parsePage(page, site.remove), site);
    opened = openArticle(site, wholeRow(row), article);
    return { value: opened.facts };
  }
  if (opened === null) throw new Error("no article is open");
  return { value: await opened.finish(ask.url, ask.more) };
}

parentPort?.on("message", (ask: Ask) => {
  parentPort?.postMessage({ begun: true } satisfies Reply);
  reply(ask)
    .catch((error): Reply => ({ error: String(error?.message ?? error) }))
    .then((answer) => parentPort?.postMessage(answer));
});

/** The same work with Crawlee's CheerioCrawler as it comes, and Turndown. */
import process from "node:process";
import { CheerioCrawler, Configuration, log } from "@crawlee/cheerio";
import { openFolder } from "./archive.js";

const [start, out, concurrency] = process.argv.slice(2);
log.setLevel(log.LEVELS.ERROR);
const write = await openFolder(out);
const crawler = new CheerioCrawler(
  {
    maxConcurrency: Number(concurrency),
    respectRobotsTxtFile: true,
    async requestHandler({ $, request, addRequests }) {
      if (request.label === "article") return write(request.url, $);
      const urlOf = (element) => new URL($(element).attr("href"), request.url).href;
      const rows = $(".views-row a").toArray();
      await addRequests(rows.map((row) => ({ url: urlOf(row), label: "article" })));
      await addRequests($(".pager-next a").toArray().map(urlOf));
    },
  },
  new Configuration({ persistStorage: false }),
);
await crawler.run([start]);

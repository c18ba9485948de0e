/** The least that does the same work in Node: a loop of undici, Cheerio on htmlparser2 and Turndown. Keeps no promise. */
import process from "node:process";
import { gunzipSync } from "node:zlib";
import { load } from "cheerio/slim";
import { Agent, request } from "undici";
import { openFolder } from "./archive.js";

const [start, out, concurrency] = process.argv.slice(2);
const agent = new Agent({ connections: Number(concurrency) });
const write = await openFolder(out);
const waiting = [{ url: start, isList: true }];
let open = 0;

async function get(url) {
  const headers = { "accept-encoding": "gzip" };
  const response = await request(url, { dispatcher: agent, headers });
  const bytes = Buffer.from(await response.body.arrayBuffer());
  const html = response.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
  return load(html.toString(), { xml: { xmlMode: false, decodeEntities: true } });
}

async function visit({ url, isList }) {
  const $ = await get(url);
  if (!isList) return write(url, $);
  const urls = (selector) =>
    $(selector)
      .toArray()
      .map((link) => new URL($(link).attr("href"), url).href);
  waiting.push(...urls(".pager-next a").map((next) => ({ url: next, isList: true })));
  waiting.push(...urls(".views-row a").map((row) => ({ url: row, isList: false })));
}

await new Promise((resolve, reject) => {
  const go = () => {
    if (waiting.length === 0 && open === 0) return resolve();
    while (open < Number(concurrency) && waiting.length > 0) {
      open++;
      visit(waiting.shift()).then(() => {
        open--;
        go();
      }, reject);
    }
  };
  go();
});
await agent.close();

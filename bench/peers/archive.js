/** What each peer writes: a Markdown file and a JSON line an article, from a page that Cheerio has loaded. */
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Turndown from "turndown";

const turndown = new Turndown({ headingStyle: "atx", codeBlockStyle: "fenced" });

export async function openFolder(out) {
  await mkdir(out, { recursive: true });
  return async (url, $) => {
    const node = $(".node-article");
    const title = $("h1.title").text();
    const date = node.find(".date-display-single").text();
    const body = turndown.turndown(node.find(".field-name-body").html() ?? "");
    const head = `---\ntitle: ${JSON.stringify(title)}\ndate: ${JSON.stringify(date)}\n---\n`;
    await writeFile(join(out, `${url.split("/").at(-1)}.md`), head + body);
    const line = JSON.stringify({ url, title, date, body });
    await appendFile(join(out, "articles.jsonl"), `${line}\n`);
  };
}

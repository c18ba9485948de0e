/** Pages of a folder through Cheerio on parse5 and Turndown: what `build` is compared with. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { load } from "cheerio";
import { openFolder } from "./archive.js";

const [folder, out] = process.argv.slice(2);
const write = await openFolder(out);
const names = (await readdir(folder)).filter((name) => name.endsWith(".html"));
for (const name of names)
  await write(name.slice(0, -".html".length), load(await readFile(join(folder, name), "utf8")));

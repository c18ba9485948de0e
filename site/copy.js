/** Copies the documents into pages/: VitePress finds its packages only from a folder below its own. */
import { cpSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PAGES = fileURLToPath(new URL("pages/", import.meta.url));

rmSync(PAGES, { recursive: true, force: true });
const top = readdirSync(ROOT).filter((name) => name.endsWith(".md"));
for (const name of [...top, "docs", "skills"])
  cpSync(`${ROOT}${name}`, `${PAGES}${name}`, { recursive: true });
// The README links to it, and it is no page.
cpSync(`${ROOT}llms.txt`, `${PAGES}public/llms.txt`);

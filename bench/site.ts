/** A made site with the markup of Drupal 7, in files, and nginx (or Node where there is none) that serves it on loopback. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createSocketServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { gzipSync } from "node:zlib";

const NGINX = "/usr/sbin/nginx";

export interface SiteShape {
  readonly articles: number;
  readonly perPage: number;
  /** Characters of one page of an article, nearly. */
  readonly bytes: number;
}

export interface Served {
  /** The first listing page. */
  readonly start: string;
  readonly server: string;
  close(): Promise<void>;
}

const WORDS =
  "harbour tide school radio chart pilot coast teacher island water record museum summer letter bridge market archive season children story reading language science culture heritage office member report session partner training science ocean village elder song dance craft".split(
    " ",
  );

/** The same words for the same seed, on every machine (a linear congruential generator, constants of Numerical Recipes). */
function wordsFrom(seed: number): () => string {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return WORDS[(state >>> 8) % WORDS.length] ?? "";
  };
}

function sentence(word: () => string, length = 14): string {
  const words = Array.from({ length }, word).join(" ");
  return `${words[0]?.toUpperCase()}${words.slice(1)}.`;
}

/** Menus and side blocks, which every page repeats: two thirds of an ordinary page of Drupal. */
function menus(characters: number): string {
  const word = wordsFrom(7);
  let html = "";
  for (let at = 0; html.length < characters; at++)
    html += `<li class="leaf menu-item-${at}"><a href="/section/${word()}-${at}" class="menu__link" title="${sentence(word, 4)}">${sentence(word, 3)}</a></li>\n`;
  return `<nav id="block-menu" class="block block-menu"><h2 class="element-invisible">Menu</h2><ul class="menu clearfix">${html}</ul></nav>`;
}

function page(title: string, menu: string, main: string, classes: string): string {
  return `<!DOCTYPE html>
<html lang="en" dir="ltr"><head><meta charset="utf-8"><title>${title} | Harbour office</title>
<link rel="stylesheet" href="/sites/all/themes/harbour/style.css"></head>
<body class="html ${classes} no-sidebars">
<div id="page"><div id="header"><a href="/" id="logo">Harbour office</a></div>${menu}
<div id="main"><div id="content" class="column"><h1 class="page__title title" id="page-title">${title}</h1>
${main}
</div></div><div id="footer"><p>The harbour office keeps its records.</p></div></div>
</body></html>
`;
}

function article(number: number, menu: string, characters: number): string {
  const word = wordsFrom(number);
  let body = "";
  for (let at = 0; body.length < characters; at++) {
    if (at % 6 === 3) body += `<h2>${sentence(word, 5)}</h2>\n`;
    if (at % 8 === 5)
      body += `<ul>${Array.from({ length: 4 }, () => `<li>${sentence(word, 8)}</li>`).join("\n")}</ul>\n`;
    body += `<p>${sentence(word)} <strong>${word()} ${word()}</strong> ${sentence(word)} <a href="/news/story-${(number % 97) + 1}">${word()} ${word()}</a>, ${sentence(word, 20)} ${sentence(word, 18)}</p>\n`;
  }
  return page(
    titleOf(number),
    menu,
    `<div class="node node-article view-mode-full clearfix"><div class="submitted"><span class="date-display-single">${dayOf(number)}</span></div>
<div class="content"><div class="field field-name-body field-type-text-with-summary field-label-hidden"><div class="field-items"><div class="field-item even">${body}</div></div></div></div></div>`,
    "not-front page-node node-type-article",
  );
}

const titleOf = (number: number) => `Story ${number} of the ${wordsFrom(number)()}`;
const dayOf = (number: number) =>
  `${String((number % 28) + 1)} ${["January", "March", "May", "July", "October"][number % 5]} ${2010 + (number % 12)}`;

function listing(at: number, pages: number, shape: SiteShape, menu: string): string {
  const first = at * shape.perPage + 1;
  const last = Math.min(first + shape.perPage - 1, shape.articles);
  let rows = "";
  for (let number = first; number <= last; number++)
    rows += `<div class="views-row"><div class="views-field views-field-title"><span class="field-content"><a href="/news/story-${number}">${titleOf(number)}</a></span></div><div class="views-field views-field-created"><span class="field-content">${dayOf(number)}</span></div></div>\n`;
  const next =
    at + 1 < pages
      ? `<li class="pager-next"><a title="Go to next page" href="/news?page=${at + 1}">next ›</a></li><li class="pager-last"><a title="Go to last page" href="/news?page=${pages - 1}">last »</a></li>`
      : "";
  const previous =
    at > 0
      ? `<li class="pager-first"><a href="/news">« first</a></li><li class="pager-previous"><a href="/news${at > 1 ? `?page=${at - 1}` : ""}">‹ previous</a></li>`
      : "";
  return page(
    "News",
    menu,
    `<div class="view view-news"><div class="view-content">${rows}</div><div class="item-list"><ul class="pager">${previous}<li class="pager-current">${at + 1}</li>${next}</ul></div></div>`,
    "not-front page-news",
  );
}

/** Writes the pages, each beside its gzipped twin, and serves them. */
export async function serveSite(folder: string, shape: SiteShape): Promise<Served> {
  const root = join(folder, "root");
  await mkdir(join(root, "news"), { recursive: true });
  const menu = menus(Math.max(200, (shape.bytes * 2) / 3));
  const pages = Math.ceil(shape.articles / shape.perPage);
  for (let at = 0; at < pages; at++)
    await writePage(join(root, `news-${at}.html`), listing(at, pages, shape, menu));
  for (let number = 1; number <= shape.articles; number++)
    await writePage(
      join(root, "news", `story-${number}.html`),
      article(number, menu, Math.max(200, shape.bytes / 3 - 1_000)),
    );
  await writeFile(join(root, "robots.txt"), "User-agent: *\nDisallow: /admin/\n");
  return existsSync(NGINX) ? nginx(folder, root) : node(root);
}

async function writePage(path: string, html: string): Promise<void> {
  await writeFile(path, html);
  await writeFile(`${path}.gz`, gzipSync(html));
}

async function nginx(folder: string, root: string): Promise<Served> {
  const port = await freePort();
  const config = join(folder, "nginx.conf");
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(" ");
  await writeFile(
    config,
    `${process.getuid?.() === 0 ? "user root;" : ""} daemon off; pid ${folder}/nginx.pid; worker_processes 1; error_log ${folder}/error.log;
events { worker_connections 512; }
http { access_log off; default_type text/html; charset utf-8; gzip_static on; keepalive_requests 1000000; ${temporary}
  server { listen 127.0.0.1:${port}; root ${root};
    location = /robots.txt { default_type text/plain; }
    location = /news { try_files /news-$arg_page.html /news-0.html =404; }
    location / { try_files $uri.html =404; } } }
`,
  );
  const child = spawn(NGINX, ["-c", config, "-p", folder, "-e", join(folder, "error.log")], {
    stdio: "ignore",
  });
  const start = `http://127.0.0.1:${port}/news`;
  await answering(start);
  return { start, server: "nginx with gzip_static", close: () => ended(child) };
}

/** Where there is no nginx: the same files from Node, in this process. Its CPU is not counted, but it slows all alike. */
async function node(root: string): Promise<Served> {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    const name =
      pathname === "/robots.txt"
        ? pathname
        : pathname === "/news"
          ? `/news-${searchParams.get("page") ?? 0}.html.gz`
          : `${pathname}.html.gz`;
    const body = await readFile(join(root, name)).catch(() => null);
    const coding = name.endsWith(".gz") ? { "content-encoding": "gzip" } : {};
    const type = name.endsWith(".gz") ? "text/html; charset=utf-8" : "text/plain";
    response.writeHead(body === null ? 404 : 200, { "content-type": type, ...coding });
    response.end(body ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return {
    start: `http://127.0.0.1:${port}/news`,
    server: "Node (nginx is not installed: apt-get install nginx-light)",
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function freePort(): Promise<number> {
  const server = createSocketServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

/** @throws Error when the server does not answer within five seconds */
async function answering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The server of the made site does not answer at ${url}.`);
}

async function ended(child: ChildProcess): Promise<void> {
  const closed = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGTERM");
  await closed;
}

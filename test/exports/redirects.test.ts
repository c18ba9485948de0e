import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, request } from "node:http";
import { type AddressInfo, createServer as createSocket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { csvRows } from "../../src/archive/csv.js";
import { readArchive } from "../../src/archive/read/archive.js";
import type { Redirect } from "../../src/exports/export.js";
import { publish } from "../../src/exports/publication.js";
import { type FormatName, redirectFile } from "../../src/exports/redirects/formats.js";
import { leadsOn } from "../../src/extract/alias-page.js";
import { checkRedirects } from "../../src/http/redirect-check.js";
import { events, scratch, sitelift } from "../commands/sitelift.js";
import { ODD_PATHS, trapArchive } from "./trap-archive.js";

let archive = "";
let map: readonly Redirect[] = [];
beforeAll(async () => {
  archive = await trapArchive();
  map = (await publish(await readArchive(archive))).redirects;
});

/** What an old URL must lead to, whatever form a browser or a link gives it. */
const ASKED: readonly { path: string; host?: string; to: string | null }[] = [
  { path: "/news/other", to: "/en/2020/other/" },
  { path: "/news/other/", to: "/en/2020/other/" },
  { path: "/news/other?utm_source=x", to: "/en/2020/other/" },
  { path: "/n%65ws/other", to: "/en/2020/other/" },
  { path: "/node/7", to: "/en/2020/other/" },
  { path: "/node/77", to: null },
  { path: "/node/7/edit", to: null },
  { path: "/?q=node/7", to: "/en/2020/other/" },
  { path: "/?q=node/8", to: null },
  { path: "/a%20b/(x)+'y'.html", to: "/en/2020/other/" },
  { path: "/a%20b/%28x%29%2B%27y%27.html", to: "/en/2020/other/" },
  { path: "/ar/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1", to: "/ar/2021/arabic/" },
  { path: "/ar/%d8%a3%d8%ae%d8%a8%d8%a7%d8%b1/", to: "/ar/2021/arabic/" },
  { path: "/Case", to: "/en/2020/other/" },
  { path: "/case", to: "/ar/2021/arabic/" },
  { path: "/shared", host: "ar.old.example", to: "/ar/2021/arabic/" },
  { path: "/shared", host: "fr.old.example", to: "/fr/2021/french/" },
  { path: "/shared", to: null },
  { path: "/nouvelles/autre", to: "/fr/2021/french/" },
  { path: "/en/2020/other/", to: null },
  { path: "/*", to: "/en/2020/other/" },
  { path: "/anything", to: null },
  { path: "/:splat", to: "/en/2020/other/" },
  { path: "/news/:id", to: "/en/2020/other/" },
  { path: "/news/7", to: null },
  { path: "/q%22uote", to: "/en/2020/other/" },
  { path: "/r%22%20[R=302]%0Ax", to: "/en/2020/other/" },
  { path: "/back%5Cslash", to: "/en/2020/other/" },
  { path: "/d$1%25%7BHTTP_HOST%7D", to: "/en/2020/other/" },
  { path: "/%7Ba%7D;b|c^d~e", to: "/en/2020/other/" },
  { path: "/?e=f%22g", to: "/en/2020/other/" },
];

describe("the redirect map", () => {
  test("the redirect map holds every old URL of every entry, and none that stays", () => {
    const odd = new Set(
      ODD_PATHS.map((path) => new URL(`http://x${path}`)).map((url) => url.pathname + url.search),
    );
    const plain = map.filter(({ from }) => !odd.has(from));
    expect(map.length - plain.length).toBe(ODD_PATHS.length);
    expect(plain.map(({ origin, from, to }) => `${origin ?? ""}${from} ${to}`)).toEqual([
      "/?q=node/7 /en/2020/other/",
      "/Case /en/2020/other/",
      "/a%20b/(x)+'y'.html /en/2020/other/",
      "/ar/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1 /ar/2021/arabic/",
      "/case /ar/2021/arabic/",
      "/news/again /en/2021/con-page/",
      "/news/future /en/2999/2021-12-25-slug-like-a-date/",
      "/news/links /en/2021/links/",
      "/news/other /en/2020/other/",
      "/news/templates /en/2021/templates/",
      "/news/twice /en/2021/index/",
      "/news/undated /en/undated/undated/",
      "/node/7 /en/2020/other/",
      "/nouvelles/autre /fr/2021/french/",
      "https://ar.old.example/shared /ar/2021/arabic/",
      "https://fr.old.example/shared /fr/2021/french/",
    ]);
  });

  test("the redirect map follows --permalink, and omits entries that keep their URL", async () => {
    const kept = (await publish(await readArchive(archive), { permalink: "/:old/" })).redirects;
    expect(kept.map(({ from, to }) => `${from} ${to}`)).not.toContain("/news/other /news/other/");
    expect(kept.map(({ from, to }) => `${from} ${to}`)).toContain("/node/7 /news/other/");
  });

  test("the redirect map follows --to: URLs for Drupal have no final slash, those for WordPress no year", async () => {
    const targets = async (...more: string[]) => {
      const { exitCode, stdout } = await sitelift(["redirects", archive, ...more]);
      expect(exitCode).toBe(0);
      return (JSON.parse(stdout) as Redirect[]).map(({ to }) => to);
    };
    expect(await targets("--to", "drupal")).toContain("/en/2020/other");
    expect(await targets("--to", "wordpress")).toContain("/en/other/");
    const csv = await sitelift(["redirects", archive, "--format", "drupal"]);
    expect(csv.stdout).toContain("/node/7,/en/2020/other,en,301");
  });

  test("the redirect map follows --base", async () => {
    const moved = (await publish(await readArchive(archive), { base: "/archive/" })).redirects;
    expect(moved.map(({ to }) => to).every((to) => to.startsWith("/archive/"))).toBe(true);
  });
});

describe("formats of the redirect map", () => {
  const render = (format: FormatName) => redirectFile(format, map).text;

  test("the json format holds the redirect map", () => {
    const objects = JSON.parse(render("json"));
    expect(objects).toHaveLength(map.length);
    expect(objects).toContainEqual({
      from: "/?q=node/7",
      to: "/en/2020/other/",
      status: 301,
      host: null,
      language: "en",
      id: "other0000000",
    });
  });

  test("the netlify format has hosts and queries first, and each path encoded, with and without its final slash", () => {
    const lines = render("netlify").trimEnd().split("\n").slice(1);
    expect(lines.slice(0, 6)).toEqual([
      "https://ar.old.example/shared /ar/2021/arabic/ 301",
      "https://fr.old.example/shared /fr/2021/french/ 301",
      "https://ar.old.example/shared/ /ar/2021/arabic/ 301",
      "https://fr.old.example/shared/ /fr/2021/french/ 301",
      "/ e=f%22g /en/2020/other/ 301",
      "/ q=node/7 /en/2020/other/ 301",
    ]);
    expect(lines).toContain("/ar/%D8%A3%D8%AE%D8%A8%D8%A7%D8%B1/ /ar/2021/arabic/ 301");
    expect(lines).toContain("/a%20b/(x)+'y'.html /en/2020/other/ 301");
    for (const line of lines)
      expect(line).toMatch(/^(https:\/\/\S+|\/\S*)( \w+=\S+)* \/\S+\/ 301$/);
  });

  test.each<[FormatName, string[]]>([
    ["netlify", ["/*", "/:splat", "/?a", "/?b=:b", "/?c=%22&d=*", "/a/:b/*", "/news/:id"]],
    ["nginx", ["/b%FFyte", "/nul%00", "/up%2F%2E%2E%2Fx"]],
    ["apache", ["/b%FFyte", "/nul%00", "/up%2F%2E%2E%2Fx"]],
    ["json", []],
  ])(
    "the %s format leaves out what it would read as something else, and says why",
    (format, left) => {
      const { leftOut } = redirectFile(format, map);
      expect(leftOut.map(({ from }) => from)).toEqual(left);
      for (const { reason } of leftOut) expect(reason).not.toBe("");
    },
  );

  test("the drupal format has decoded paths with their language, without hosts and queries", () => {
    const [header, ...rows] = csvRows(render("drupal"));
    expect(header).toEqual(["source", "destination", "language", "status_code"]);
    expect(rows).toContainEqual(["/ar/أخبار", "/ar/2021/arabic/", "ar", "301"]);
    expect(rows.flat().join()).not.toMatch(/shared|\?q/);
  });
});

/** A free port of this machine. */
async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, "127.0.0.1");
  await new Promise((done) => socket.once("listening", done));
  const { port } = socket.address() as AddressInfo;
  await new Promise((done) => socket.close(done));
  return port;
}

/** A built site: a page at each new URL. */
function builtSite(root: string): string {
  const site = join(root, "site");
  for (const path of [...new Set(map.map(({ to }) => to))]) {
    const page = join(site, decodeURIComponent(path), "index.html");
    mkdirSync(dirname(page), { recursive: true });
    writeFileSync(page, `<!doctype html><title>${path}</title>`);
  }
  return site;
}

interface Server {
  readonly name: string;
  readonly program: string;
  start(root: string, site: string, port: number): ChildProcess;
}

const NGINX = "/usr/sbin/nginx";
const APACHE = "/usr/sbin/apache2";

const SERVERS: readonly Server[] = [
  {
    name: "nginx",
    program: NGINX,
    start(root, site, port) {
      const rules = join(root, "redirects.conf");
      writeFileSync(rules, redirectFile("nginx", map).text);
      const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map((name) => `${name}_temp_path ${root}/${name};`)
        .join(" ");
      writeFileSync(
        join(root, "nginx.conf"),
        `daemon off; pid ${root}/pid; error_log ${root}/error.log; events {}
http { access_log off; ${temporary} include ${rules};
server { listen 127.0.0.1:${port}; root ${site}; if ($sitelift_target) { return 301 $sitelift_target; } } }`,
      );
      return spawn(NGINX, ["-c", join(root, "nginx.conf"), "-p", root, "-e", "stderr"], {
        stdio: "ignore",
      });
    },
  },
  ...(["virtual host", ".htaccess"] as const).map(
    (place): Server => ({
      name: `apache, ${place}`,
      program: APACHE,
      start(root, site, port) {
        const rules = place === ".htaccess" ? join(site, ".htaccess") : join(root, "rules.conf");
        writeFileSync(rules, redirectFile("apache", map).text);
        const modules = ["mpm_event", "authz_core", "rewrite", "dir", "mime"]
          .map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`)
          .join("\n");
        writeFileSync(
          join(root, "apache.conf"),
          `${modules}
ServerRoot ${root}\nServerName localhost\nPidFile ${root}/pid\nErrorLog ${root}/error.log
Listen 127.0.0.1:${port}\nUser nobody\nGroup nogroup\nTypesConfig /dev/null\nDocumentRoot ${site}
<Directory ${site}>\nRequire all granted\nAllowOverride All\n</Directory>
<VirtualHost *:${port}>\nDocumentRoot ${site}\nDirectoryIndex index.html
${place === ".htaccess" ? "" : `Include ${rules}`}\n</VirtualHost>`,
        );
        return spawn(APACHE, ["-f", join(root, "apache.conf"), "-D", "FOREGROUND"], {
          stdio: "ignore",
        });
      },
    }),
  ),
];

/** Status and Location of a response. */
function ask(port: number, path: string, host = `127.0.0.1:${port}`): Promise<IncomingMessage> {
  return new Promise((done, fail) => {
    request({ port, host: "127.0.0.1", path, headers: { host } }, (answer) => {
      answer.resume();
      done(answer);
    })
      .on("error", fail)
      .end();
  });
}

/** Servers that a machine does not have are skipped by name: `apt-get install nginx-light apache2-bin` brings both. */
const found = SERVERS.map((server) => ({
  ...server,
  missing: spawnSync(server.program, ["-v"]).error !== undefined,
})).map((server) => ({
  ...server,
  title: `${server.name}${server.missing ? ` (skipped: ${server.program} is not installed)` : ""}`,
}));

describe.each(found)("$title", ({ name, missing, start }) => {
  let server: ChildProcess | null = null;
  let port = 0;
  let ended = Promise.resolve();

  beforeAll(async () => {
    if (missing) return;
    // Apache changes to a user of its own, who must be able to read the site.
    const root = mkdtempSync(join(tmpdir(), "sitelift-server-"));
    spawnSync("chmod", ["755", root]);
    port = await freePort();
    const started = start(root, builtSite(root), port);
    server = started;
    ended = new Promise((done) => started.once("exit", () => done()));
    for (let attempt = 0; ; attempt++) {
      const answered = await ask(port, "/").catch(() => null);
      if (answered !== null) return;
      if (started.exitCode !== null || attempt > 300)
        throw new Error(`${name} does not start: ${readFileSync(join(root, "error.log"), "utf8")}`);
      await new Promise((done) => setTimeout(done, 100));
    }
  });
  afterAll(async () => {
    server?.kill("SIGTERM");
    await ended;
  });

  test
    .skipIf(missing)
    .each(ASKED.map((asked) => ({ ...asked, title: `${asked.host ?? ""}${asked.path}` })))(
    `${name} redirects $title to $to (null: not at all)`,
    async ({ path, host, to }) => {
      const answer = await ask(port, path, host);
      const { location } = answer.headers;
      const led = location === undefined ? null : new URL(location, "http://x").pathname;
      expect({ led, status: answer.statusCode }).toEqual({
        led: to,
        status: to !== null ? 301 : path === "/en/2020/other/" ? 200 : expect.any(Number),
      });
      if (location !== undefined) expect(new URL(location, "http://x").search).toBe("");
    },
  );

  test.skipIf(missing)(
    `redirects --check finds no fault of ${name} but for what is left out`,
    async () => {
      const { exitCode, stdout } = await sitelift([
        "redirects",
        archive,
        "--check",
        `http://127.0.0.1:${port}`,
        "--json",
      ]);
      const left = redirectFile("nginx", map).leftOut.map(({ from }) => from);
      const missed = events(stdout).flatMap(({ from }) => (from as string | undefined) ?? []);
      // A name that the disk of the server cannot hold is its own affair.
      expect(missed.filter((from) => from.length < 200)).toEqual(left);
      expect(exitCode).toBe(1);
    },
  );
});

describe("redirects --check", () => {
  async function siteOf(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, "127.0.0.1");
    await new Promise((done) => server.once("listening", done));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const WRONG: Readonly<Record<string, [status: number, location?: string]>> = {
    "/gone": [404],
    "/page": [200],
    "/temporary": [302, "/new/"],
    "/elsewhere": [301, "/other/"],
    "/away": [301, "https://other.example/new/"],
    "/chain": [301, "/link"],
    "/link": [301, "/new/"],
    "/loop": [301, "/loop"],
    "/new/": [200],
    "/other/": [200],
    "/right": [308, "/new/"],
    "/lost": [301, "/nothing/"],
  };

  test("checkRedirects names each kind of fault", async () => {
    const origin = await siteOf((asked, answer) => {
      const [status, location] = WRONG[asked.url ?? ""] ?? [404];
      answer.writeHead(status, location === undefined ? {} : { location }).end();
    });
    const expected = [
      ...["/right", "/gone", "/page", "/temporary", "/elsewhere", "/away", "/chain", "/loop"].map(
        (from) => ({ from, host: null, to: "/new/" }),
      ),
      { from: "/lost", host: null, to: "/nothing/" },
    ];
    const { findings, aliases } = await checkRedirects(origin, expected, leadsOn);
    expect(aliases).toBe(0);
    expect(findings.map(({ code, from }) => `${from} ${code}`)).toEqual([
      "/gone no-redirect",
      "/page no-redirect",
      "/temporary not-permanent",
      "/elsewhere wrong-target",
      "/away wrong-target",
      "/chain chain",
      "/loop loop",
      "/lost target-missing",
    ]);
  });

  const HUGO = (url: string) =>
    `<!DOCTYPE html><html lang="en"><head><title>${url}</title><link rel="canonical" href="${url}"><meta name="robots" content="noindex"><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=${url}"></head></html>`;

  /** A page that shows itself anew leads nowhere else. */
  const NEW = '<meta http-equiv="refresh" content="300; url=/new/a&amp;b/"><h1>New</h1>';

  /** What `checkRedirects` says of a page at `/old` that is to lead to `/new/a&b/`. */
  async function checkPage(html: string, folder = false) {
    const origin = await siteOf(({ url = "" }, answer) => {
      if (url === "/new/a&b/") answer.setHeader("content-type", "text/html").end(NEW);
      else if (url === "/lost/") answer.writeHead(404).end();
      else if (url === "/moved/") answer.writeHead(301, { location: "/new/a&b/" }).end();
      else if (folder && url === "/old") answer.writeHead(301, { location: "/old/" }).end();
      else answer.setHeader("content-type", "text/html; charset=utf-8").end(html);
    });
    const to = html.includes("lost") ? "/lost/" : html.includes("moved") ? "/moved/" : "/new/a&b/";
    const checked = await checkRedirects(origin, [{ from: "/old", host: null, to }], leadsOn);
    return { ...checked, origin };
  }

  test.each([
    ["as Hugo writes it", HUGO("https://example.org/new/a&amp;b/"), ["https://example.org"]],
    ["of a path", HUGO("/new/a&amp;b/"), []],
    ["of Astro", '<meta http-equiv="refresh" content="0;url=/new/a&#38;b/">', []],
    [
      "with its attributes in another order",
      "<META content='1; URL=\"/new/a&amp;b/\"' HTTP-EQUIV=Refresh />",
      [],
    ],
    [
      "with a relative path",
      '<meta http-equiv=refresh content="0, new/a%26b/">'.replace("%26", "&amp;"),
      [],
    ],
    ["after less than a second", '<meta http-equiv=refresh content=".5;url=/new/a&amp;b/">', []],
    [
      "from where its base is",
      '<base href="/new/"><meta http-equiv=refresh content="0;url=a&amp;b/">',
      [],
    ],
  ])("a page that leads on, %s, counts as a redirect", async (_, html, origins) => {
    const found = await checkPage(html);
    expect(found).toMatchObject({ findings: [], aliases: 1, aliasOrigins: origins });
  });

  test("a page that leads on counts behind the slash that a server of files adds", async () => {
    const found = await checkPage(HUGO("https://example.org/new/a&amp;b/"), true);
    expect(found).toMatchObject({ findings: [], aliases: 1 });
  });

  test.each([
    ["to another path", HUGO("/other/"), "wrong-target"],
    [
      "after ten seconds",
      '<meta http-equiv="refresh" content="10; url=/new/a&amp;b/">',
      "not-permanent",
    ],
    ["to nothing", HUGO("/lost/"), "target-missing"],
    ["to a redirect", HUGO("/moved/"), "chain"],
    ["in a comment alone", `<!-- ${HUGO("/new/a&amp;b/")} -->`, "no-redirect"],
    ["without scripts alone", `<noscript>${HUGO("/new/a&amp;b/")}</noscript>`, "no-redirect"],
    ["to itself", '<meta http-equiv="refresh" content="30">', "no-redirect"],
    ["by its canonical link alone", '<link rel=canonical href="/new/a&amp;b/">', "no-redirect"],
  ])("a page that leads on %s is a finding", async (_, html, code) => {
    const { findings, aliases } = await checkPage(html);
    expect(findings.map((one) => one.code)).toEqual([code]);
    expect(aliases).toBe(0);
    if (html.startsWith("<link")) expect(findings[0]?.message).toContain("takes no reader there");
  });

  test("redirects --check of the alias pages that Hugo writes is complete, and says what they are", async () => {
    const origin = await siteOf(({ url = "" }, answer) => {
      const found = map.find(({ from, origin: old }) => from === url && old === null);
      const html = found === undefined ? "<h1>Page</h1>" : HUGO(`https://example.org${found.to}`);
      answer.setHeader("content-type", "text/html").end(html);
    });
    const ended = await sitelift(["redirects", archive, "--check", origin]);
    expect(ended.stderr).toMatch(
      /lead on by a page \(meta refresh\), .* built for https:\/\/example\.org/,
    );
  });

  test("redirects --check exits with 1 and prints findings when the site does not redirect the old URLs", async () => {
    const origin = await siteOf((_, answer) => answer.writeHead(404).end());
    const { exitCode, stdout } = await sitelift([
      "redirects",
      archive,
      "--check",
      origin,
      "--json",
    ]);
    expect(exitCode).toBe(1);
    const lines = events(stdout);
    expect(lines).toHaveLength(map.length + 1);
    expect(lines[0]).toMatchObject({ event: "finding", code: "no-redirect" });
    expect(lines.at(-1)).toMatchObject({ event: "end", exitCode: 1 });
  });

  test("redirects --check exits with 5 when the site cannot be reached", async () => {
    const { exitCode, stderr } = await sitelift([
      "redirects",
      archive,
      "--check",
      `http://127.0.0.1:${await freePort()}`,
    ]);
    expect(exitCode).toBe(5);
    expect(stderr).toContain("cannot reach");
  });

  test("redirects prints no error when its reader closes the pipe", () => {
    const command = join(import.meta.dirname, "../../dist/src/cli.js");
    const line = `"${process.execPath}" "${command}" redirects "${archive}" --format json | true`;
    const { stderr } = spawnSync("sh", ["-c", line], { encoding: "utf8" });
    expect(stderr).toBe("");
  });

  test("redirects writes a format to a file with --out, and prints it without", async () => {
    const folder = scratch();
    const printed = await sitelift(["redirects", archive, "--format", "netlify"]);
    const written = await sitelift(
      ["redirects", archive, "--format", "netlify", "--out", "new/_redirects"],
      { cwd: folder },
    );
    expect([printed.exitCode, written.exitCode]).toEqual([0, 0]);
    expect(readFileSync(join(folder, "new/_redirects"), "utf8")).toBe(printed.stdout);
  });
});

/** Names that a site or a stranger has chosen, through the whole command onto a real disk: nothing is written outside the given folder. */
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, rename, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { expect, test } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { isPortableName } from "../../src/schema/words.js";
import { contentsOf, temporaryFolder } from "../archive/folders.js";
import { crawlFrom } from "../commands/here.js";
import { answer, startFaultServer } from "../fault-server.js";
import { FaultyOffice, HTML, html, LIST, shell } from "./office.js";
import { PNG, REJECTED, startSmallSite } from "./small-site.js";

/** Last segments of articles' URLs, and their titles. */
const ARTICLES: readonly (readonly [segment: string, title: string])[] = [
  ["..%2f..%2f..%2fetc%2fpasswd", "../../../etc/passwd"],
  ["..%5c..%5cwindows", "..\\..\\windows"],
  ["con", "CON"],
  ["aux.", "aux.md"],
  ["com1.txt", "COM1"],
  ["-rf", "--help"],
  [".git", ".gitignore"],
  ["Twin", "Twin"],
  ["tw%69n-", "twin"],
  ["caf%C3%A9", "café"],
  ["cafe%CC%81x", "cafe\u0301"],
  ["%00null", "a\u0001b"],
  ["%1B%5B31mred", "\u001b[31mred"],
  ["a%3Ab%7Cc%3F", "a:b|c?*<>"],
  ["%E2%80%AEgpj.exe", "\u202egpj.exe"],
  ["%F0%9F%98%80", "😀"],
  ["__proto__", "__proto__"],
  ["constructor", "constructor"],
  ["%2E%2E", ".."],
  ["a".repeat(400), "b".repeat(400)],
  ["%E4%B8%AD".repeat(120), "中".repeat(300)],
  ["=cmd%7C", "=cmd|' /C calc'!A0"],
];

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
/** A path whatever way its octets are written. */
const plain = (path: string) => decodeURIComponent(path).toLowerCase();
const MEDIA = `<p>Pictures: <img src="/files/..%2f..%2fevil.png" alt="a"> <img src="/files/con.png" alt="b">
<img src="/files/x.php" alt="c"> <img src="/files/.htaccess" alt="d"> <img src="/files/page.png" alt="e">
<a href="/files/${"n".repeat(300)}.pdf">f</a> <a href="/files/report.pdf">g</a></p>`;

test("hostile URLs, titles, image names and Content-Disposition become portable names inside the archive", async () => {
  const pixel = (number: number) => Buffer.concat([PNG, Buffer.from([number])]);
  const listing = () => {
    const rows = ARTICLES.map(
      ([segment, title], index) =>
        `<div class="views-row"><div class="views-field views-field-title"><span class="field-content"><a href="/news/${segment}">${escaped(title)}</a></span></div><div class="views-field views-field-field-date"><div class="field-content"><span class="date-display-single" content="2021-03-${String(index + 1).padStart(2, "0")}">x</span></div></div></div>`,
    );
    return shell(
      "List",
      `<div class="view"><div class="view-content">${rows.join("")}</div></div>`,
    );
  };
  const office = new FaultyOffice();
  const server = await startFaultServer({
    "/robots.txt": html("", 404),
    "*": (ask) => {
      if (ask.path.split("?")[0] === LIST) return answer(ask, 200, HTML, listing());
      const disposition = { "content-disposition": 'attachment; filename="../../../evil.sh"' };
      if (ask.path.endsWith("page.png"))
        return answer(ask, 200, { "content-type": "image/png", ...disposition }, listing());
      if (ask.path.endsWith(".pdf"))
        return answer(ask, 200, disposition, `%PDF-1.4\n${ask.path.length}\n%%EOF\n`);
      if (ask.path.startsWith("/files/"))
        return answer(
          ask,
          200,
          { "content-type": "text/x-sh", ...disposition },
          pixel(ask.path.length),
        );
      const at = ARTICLES.findIndex(
        ([segment]) =>
          plain(new URL(segment, `${server.origin}/news/`).pathname) === plain(ask.path),
      );
      const [, title] = ARTICLES[at] ?? [];
      if (title === undefined) return office.answer(ask);
      const page = shell(escaped(title), articleBody(at === 0 ? MEDIA : `<p>Body of ${at}.</p>`));
      answer(ask, 200, HTML, page);
    },
  });
  try {
    const base = await temporaryFolder();
    const out = join(base, "out");
    const run = await crawlFrom(`${server.origin}${LIST}`, out);
    // Control characters are taken out of titles, and a web page is not an image.
    expect(run.code, run.stderr).toBe(1);
    expect(await readdir(base)).toEqual(["out"]);
    const files = Object.keys(await contentsOf(out));
    const named = files.filter((path) => /^(content|media)\//.test(path));
    for (const path of named)
      for (const part of path.split("/")) expect(part, path).toSatisfy(isPortableName);
    const folded = named.map((path) => path.normalize("NFC").toUpperCase().toLowerCase());
    expect(new Set(folded).size).toBe(named.length);
    const content = named.filter((path) => path.startsWith("content/"));
    const lines = (await contentsOf(out))["ledger.jsonl"]?.trim().split("\n") ?? [];
    expect(lines.filter((line) => line.includes('"state":"written"'))).toHaveLength(content.length);
    expect(content).toHaveLength(ARTICLES.length);
    const media = named.filter((path) => path.startsWith("media/")).sort();
    expect(media.map((path) => path.replace(/.*\./, "")).sort()).toEqual([
      "pdf",
      "pdf",
      "png",
      "png",
      "png",
      "png",
    ]);
    expect(files.join("\n")).not.toMatch(/evil\.sh|\.php|htaccess\./);
    expect(
      (await verifyArchive(out)).findings.filter(({ code }) => code !== "link-broken"),
    ).toEqual([]);
  } finally {
    await server.close();
  }
});

function articleBody(body: string): string {
  return `<div class="node node-article"><div class="content"><div class="field field-name-body"><div class="field-items"><div class="field-item even">${body}</div></div></div></div></div>`;
}

/** What a stranger has put a link in the place of. */
const PLANTED = [
  "content",
  "content/en",
  "media",
  "captures",
  "quarantine",
  "snapshots",
  "entries.jsonl",
  "provenance.jsonl",
  "ledger.jsonl",
  "redirects.csv",
  "account.md",
  "report.html",
  "changes.atom",
  "snapshots/history.csv",
  "snapshots/badge.json",
  "archive.json",
  ".staging",
  ".staging/run",
  `.staging/${process.pid}-0.tmp`,
  ".lock",
  ".lock.taking",
];

test("a planted symlink is never written through, and the run reports or avoids it", {
  timeout: 240_000,
}, async () => {
  const site = await startSmallSite();
  try {
    const base = await temporaryFolder();
    const crawl = (folder: string) =>
      crawlFrom(site.start, folder, { maxRejected: { count: REJECTED } });
    expect(await crawl(join(base, "first"))).toMatchObject({ code: 0 });
    site.next();
    for (const [index, path] of PLANTED.entries()) {
      const [out, outside] = [join(base, `${index}`, "out"), join(base, `${index}`, "outside")];
      await cp(join(base, "first"), out, { recursive: true });
      const link = join(out, path);
      await mkdir(dirname(link), { recursive: true });
      if (existsSync(link)) await rename(link, outside);
      else if (path === ".staging") await mkdir(outside);
      else await writeFile(outside, "2147483647\n");
      await symlink(outside, link);
      const before = await look(join(base, `${index}`), "outside");
      const { code, stderr } = await crawl(out);
      expect(await look(join(base, `${index}`), "outside"), path).toEqual(before);
      if (code === 0) expect((await verifyArchive(out)).findings, path).toEqual([]);
      else
        expect({ path, stderr }).toMatchObject({ stderr: expect.stringMatching(/symbolic link/) });
    }
  } finally {
    await site.server.close();
  }
});

/** Everything of one name below a folder, byte for byte. */
async function look(folder: string, name: string): Promise<Record<string, string>> {
  const all = await contentsOf(folder);
  return Object.fromEntries(Object.entries(all).filter(([path]) => path.startsWith(name)));
}

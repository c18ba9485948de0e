/** Exports of archives that another program wrote, or somebody changed. */

import { readFileSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readArchive } from "../../src/archive/read/archive.js";
import { openArchive } from "../../src/archive/write/archive.js";
import { hashOf } from "../../src/disk/read.js";
import type { ExportWarning } from "../../src/exports/export.js";
import { renderMarkdown, withoutActive } from "../../src/exports/markdown.js";
import { publish } from "../../src/exports/publication.js";
import { temporaryFolder } from "../archive/folders.js";
import { entry, OPTIONS, runOf } from "../archive/samples.js";
import { sitelift } from "../commands/sitelift.js";

/** An archive of one entry, and what the run said of its links. */
async function archiveOf(body: string) {
  const folder = await temporaryFolder();
  const one = entry("one", {}, { body });
  await using archive = await openArchive(folder, OPTIONS);
  await archive.entry(one);
  const report = await archive.commit(runOf([one]));
  return { folder, links: report.archive?.links };
}

/** The body of the only entry of a publication, and its warnings. */
async function published(folder: string) {
  const warnings: ExportWarning[] = [];
  const onWarning = (warning: ExportWarning) => warnings.push(warning);
  const publication = await publish(await readArchive(folder), { onWarning });
  let body = "";
  for await (const one of publication.entries()) body = one.body;
  return { body, warnings: warnings.map(({ code, message }) => `${code}: ${message}`) };
}

describe("a link that is not a URL", () => {
  test.each([
    "//",
    "//[",
    "//:80",
    "/\\",
    "http://",
    "http://[",
    "https://:1/x",
    "//a:b:c",
    "\\\\[",
  ])("a body with a link to %s is written and exported with it, and both say so", async (href) => {
    const { folder, links } = await archiveOf(`Text <a href="${href}">link</a>.`);
    expect(links?.broken).toEqual([{ entry: "one000000000", address: href, state: null }]);
    const { body, warnings } = await published(folder);
    expect(body).toBe(`Text <a href="${href}">link</a>.`);
    expect(warnings).toEqual([`link-unresolved: ${href} is not a URL, and stays as it is`]);
  });
});

describe("active content", () => {
  test.each([
    "a <script>alert(1)</script> b",
    "<SCRIPT src=//x></SCRIPT>",
    "<div onclick=a()>\n\nx\n\n</div>",
    '<img src="x" onerror="y">',
    '<p style="background:url(//x)">x</p>',
    "[a](javascript:x)",
    "[a](<java&Tab;script:x>)",
    "[a]: vbscript:x\n\n[a]",
    "<javascript:alert(1)>",
    "![a](data:text/html,x)",
    '<a href="&#106;avascript:x">z</a>',
    "<iframe srcdoc='<script>x</script>'></iframe>",
    "<iframe src=javascript:x></iframe>",
    "<iframe><!--</iframe><script>x</script>-->",
    '<iframe><img alt="</iframe><script>x</script>"></iframe>',
    "<object data=javascript:x></object>",
    "<form action=javascript:x><button>x</button></form>",
    '<meta http-equiv=refresh content="0;url=//x">',
    "<base href=//x>",
    "<style>@import '//x'</style>",
    "<div\n\nonclick=x>",
    "<!--><script>x</script>-->",
    "<![CDATA[<script>x</script>]]>",
    '<math><mi xlink:href="javascript:x">x</mi></math>',
    "| a |\n| --- |\n| <img src=x onerror=y> |",
  ])("%j runs nothing when it is exported, and is named", (body) => {
    const found: string[] = [];
    const html = renderMarkdown(withoutActive(body, (what) => found.push(what)));
    expect(found).not.toEqual([]);
    expect(html).not.toMatch(/<(?:script|svg|style|form|base|meta|iframe|object)\b/i);
    expect(html).not.toMatch(/<[^>]*(?:\son\w+=|javascript:|vbscript:|data:|srcdoc|style=)/i);
  });

  test.each([
    '<div dir="rtl" markdown="1">\n\n*x*\n\n</div>',
    "<details open>\n<summary>a &lt; b</summary>\n\nx\n\n</details>",
    '<figure class="wide"><img src="/a.png" alt="a"><figcaption>b</figcaption></figure>',
    '<iframe src="https://video.example/1" allowfullscreen></iframe>',
    "<!-- next list -->\n\n`<script>` and H<sub>2</sub>O",
    "![dot](data:image/png;base64,AA==) [mail](mailto:a@b.example) <https://a.example/>",
  ])("%j stays as it is", (body) => {
    expect(withoutActive(body, (what) => expect.unreachable(what))).toBe(body);
  });

  test("what only other readers of Markdown take for a tag is written as text", () => {
    expect(withoutActive("<svg/onload=alert(1)>", () => {})).toBe("&lt;svg/onload=alert(1)>");
  });

  test("the export of an archive with a script writes it as text, and warns", async () => {
    const { folder } = await archiveOf("Words.");
    const entries = join(folder, "entries.jsonl");
    const line = JSON.parse(readFileSync(entries, "utf8"));
    await rewritten(folder, { ...line, body: "a <script>alert(1)</script>" });
    const { body, warnings } = await published(folder);
    expect(body).toBe("a &#60;script&#62;alert(1)</script>");
    expect(warnings).toEqual(["active-content: <script> would run, and is written as text"]);
  });
});

/** Writes the only line of entries.jsonl anew, as another program would. */
async function rewritten(folder: string, line: object): Promise<void> {
  const text = `${JSON.stringify(line)}\n`;
  writeFileSync(join(folder, "entries.jsonl"), text);
  const path = join(folder, "archive.json");
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  for (const file of manifest.files)
    if (file.path === "entries.jsonl")
      Object.assign(file, { bytes: Buffer.byteLength(text), sha256: hashOf(text) });
  writeFileSync(path, JSON.stringify(manifest));
}

test.each(["../../../X", "a/b", "..", "", "C:", "a\u0000b"])(
  "an archive whose site is called %j is refused, and nothing is written",
  async (site) => {
    const { folder } = await archiveOf("Words.");
    const manifest = join(folder, "archive.json");
    writeFileSync(
      manifest,
      JSON.stringify({ ...JSON.parse(readFileSync(manifest, "utf8")), site }),
    );
    const cwd = await temporaryFolder();
    const { exitCode, stderr } = await sitelift(["export", folder, "--to", "jsonl"], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("archive.json");
    expect(await readdir(cwd)).toEqual([]);
  },
);

/** What `verify` says to do about each kind of finding, and that it helps. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { byTimestamp } from "../../src/disk/timestamp.js";
import { capturesOf } from "../capture/office.js";
import { crawlHere } from "./here.js";
import { scratch, sitelift } from "./sitelift.js";
import { serveSite } from "./small-site.js";

/** Path of the one content file of an archive. */
function contentOf(archive: string): string {
  const names = readdirSync(archive, { recursive: true, encoding: "utf8" });
  return names.find((name) => name.endsWith(".md") && name.startsWith("content")) ?? "";
}

test("each kind of finding says what to do about it, and a crawl heals what it is said to heal", async () => {
  const list = '<li><a href="/a">One</a></li>';
  using served = await serveSite((path) => (path === "/list" ? list : "<p>Words of it.</p>"));
  const { start } = served;
  const cwd = scratch();
  const site = {
    ...{ name: "hints", start, politeness: { delay: 0, concurrency: 1 } },
    listing: { rows: "li", link: "a", next: [] },
    fields: { title: { listing: "a" }, body: { article: "p" } },
  };
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
  const archive = join(cwd, "one");
  expect((await crawlHere(cwd, "one")).exitCode).toBe(0);
  const content = contentOf(archive);
  const capture = `captures/${capturesOf(archive)[0]}`;
  writeFileSync(join(archive, content), "changed");
  rmSync(join(archive, "redirects.csv"));
  rmSync(join(archive, capture, "index.cdxj"));
  writeFileSync(join(archive, "notes.txt"), "mine");
  const hints = async () => {
    const { findings } = await verifyArchive(archive);
    return Object.fromEntries(findings.map(({ path, hint }) => [path.split(":")[0], hint]));
  };
  expect(await hints()).toEqual({
    [content]: expect.stringContaining("Crawl again"),
    "redirects.csv": expect.stringContaining("Crawl again"),
    [`${capture}/index.cdxj`]: expect.stringMatching(
      /^Restore the capture from a copy: .*crawl --self-contained/,
    ),
    "notes.txt": expect.stringContaining("Move the file out"),
  });
  expect((await crawlHere(cwd, "one")).exitCode).toBe(0);
  expect(Object.keys(await hints()).sort()).toEqual([`${capture}/index.cdxj`, "notes.txt"]);
  writeFileSync(join(archive, "ledger.jsonl"), "{");
  expect((await hints())["ledger.jsonl"]).toContain("crawl to another folder");
});

test("of a changed content file it is shown where each value differs, and what to do is said once", async () => {
  const files = Array.from({ length: 9 }, (_, n) => `<a href="/a${n}.pdf">File ${n}</a>`).join(" ");
  const list = '<li><a href="/a">One</a></li>';
  using served = await serveSite((path) =>
    path === "/list" ? list : `<p>Words of it. ${files}</p>`,
  );
  const { start } = served;
  const cwd = scratch();
  const site = {
    ...{ name: "places", start, politeness: { delay: 0, concurrency: 1 } },
    listing: { rows: "li", link: "a", next: [] },
    fields: { title: { listing: "a" }, body: { article: "p" } },
  };
  writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
  await crawlHere(cwd, "one");
  const path = contentOf(join(cwd, "one"));
  const file = join(cwd, "one", path);
  const text = readFileSync(file, "utf8");
  const front = text.slice(0, text.indexOf("\n---"));
  expect(front).toContain("/a8.pdf");
  const changed = front.replace("/a8.pdf", "/other.pdf").replace("One", "Two");
  writeFileSync(file, changed + text.slice(front.length));
  const ended = await sitelift(["verify", "one"], { cwd });
  const lines = ended.stdout.split("\n").filter((line) => !line.startsWith("note"));
  expect(lines).toEqual([
    expect.stringMatching(/^size|^checksum/),
    expect.stringMatching(/^checksum/),
    `front-matter ${path}: title: expected "One", found "Two"`,
    expect.stringMatching(
      /: media\[8\]\.sourceUrl: expected "[^"]*a8\.pdf", found "[^"]*other\.pdf"$/,
    ),
    expect.stringContaining("Crawl again"),
    expect.stringMatching(/^4 findings in one/),
    "",
  ]);
});

describe("an archive of three runs", () => {
  let cwd: string;
  let close: () => void;
  let captures: string[];
  let snapshots: string[];

  beforeAll(async () => {
    const names = ["a", "b", "c", "d", "e"];
    const list = names.map((name) => `<li><a href="/${name}">${name}</a></li>`).join("");
    let run = 0;
    const served = await serveSite((path) =>
      path === "/list" ? list : `<p>Words of ${path}${path === "/b" ? run : ""}.</p>`,
    );
    close = () => served[Symbol.dispose]();
    cwd = scratch();
    const site = {
      ...{ name: "runs", start: served.start, politeness: { delay: 0, concurrency: 1 } },
      listing: { rows: "li", link: "a", next: [] },
      fields: { title: { listing: "a" }, body: { article: "p" } },
    };
    writeFileSync(join(cwd, "site.json"), JSON.stringify(site));
    for (run = 1; run <= 3; run++) {
      vi.useFakeTimers({ toFake: ["Date"], now: new Date(`2026-0${run}-01T03:00:00Z`) });
      expect((await crawlHere(cwd, "runs")).exitCode).toBe(0);
    }
    vi.useRealTimers();
    captures = capturesOf(join(cwd, "runs"));
    const files = readdirSync(join(cwd, "runs/snapshots"));
    snapshots = files.filter((name) => /^\d{8}T/.test(name)).sort(byTimestamp);
    return () => close();
  });

  /** A copy, with the files that `verify` finds something about. */
  async function damaged(name: string, damage: (archive: string) => void) {
    const archive = join(cwd, name);
    cpSync(join(cwd, "runs"), archive, { recursive: true });
    damage(archive);
    const verify = async () => {
      const { findings } = await verifyArchive(archive);
      return findings.map(({ code, path }) => `${code} ${path.replace(/:\d+$/, "")}`);
    };
    return { archive, verify };
  }
  const flip = (file: string, at: number) => {
    const bytes = readFileSync(file);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(file, bytes);
  };

  test("a capture that a snapshot names, and that nothing says to be pruned, is missing", async () => {
    const { verify } = await damaged("middle", (archive) =>
      rmSync(join(archive, "captures", captures[1] ?? ""), { recursive: true }),
    );
    // Others may repeat what was in it.
    expect((await verify()).filter((one) => !one.startsWith("revisit"))).toEqual([
      `missing captures/${captures[1]}`,
    ]);
    const { verify: none } = await damaged("none", (archive) =>
      rmSync(join(archive, "captures"), { recursive: true }),
    );
    expect(await none()).toEqual(captures.map((name) => `missing captures/${name}`));
  });

  test("a snapshot that the history names is missing, and no other file is at fault", async () => {
    for (const at of [0, 1, 2]) {
      const name = `snapshots/${snapshots[at]}`;
      const { verify } = await damaged(`without-${at}`, (archive) => rmSync(join(archive, name)));
      expect(await verify()).toEqual([`missing ${name}`]);
    }
  });

  test("a crawl after a snapshot was lost keeps the line of its run in history.csv, and says so", async () => {
    for (const at of [0, 1, 2]) {
      const { archive, verify } = await damaged(`crawled-without-${at}`, (folder) =>
        rmSync(join(folder, "snapshots", snapshots[at] ?? "")),
      );
      const history = () => readFileSync(join(archive, "snapshots/history.csv"), "utf8");
      const before = history();
      const { stdout, exitCode } = await crawlHere(cwd, `crawled-without-${at}`);
      expect([exitCode, stdout]).toEqual([
        0,
        expect.stringContaining("1 run of snapshots/history.csv has no whole snapshot any more"),
      ]);
      expect(history().slice(0, before.length)).toBe(before);
      expect(history().trimEnd().split("\n")).toHaveLength(5);
      expect(await verify()).toEqual([`missing snapshots/${snapshots[at]}`]);
    }
  });

  test.each(["entries.jsonl", "ledger.jsonl"])(
    "a changed %s is the only file that is at fault",
    async (name) => {
      const { verify } = await damaged(`changed-${name}`, (archive) => {
        const text = readFileSync(join(archive, name), "utf8");
        const changed = name === "ledger.jsonl" ? "" : text.replace("Words of /a", "Works of /a");
        expect(changed).not.toBe(text);
        writeFileSync(join(archive, name), changed);
      });
      const findings = await verify();
      expect(findings.map((one) => one.split(" ")[1])).toEqual(findings.map(() => name));
      expect(findings).toContain(`checksum ${name}`);
    },
  );

  test("without a copy of a damaged capture, what is said to do leaves an archive that checks out", async () => {
    const { archive, verify } = await damaged("way-out", (archive) => {
      const warc = join(archive, "captures", captures[0] ?? "", "data.warc.gz");
      flip(warc, readFileSync(warc).length >> 1);
    });
    expect((await verify()).length).toBeGreaterThan(0);
    expect((await crawlHere(cwd, "way-out", { selfContained: true })).exitCode).toBe(0);
    rmSync(join(archive, "captures", captures[0] ?? ""), { recursive: true });
    const pruned = await sitelift(["prune", "way-out", "--keep", "last:1"], { cwd });
    expect(pruned.exitCode, pruned.stderr).toBe(0);
    expect(await verify()).toEqual([]);
  });

  test("of one kind in one file five findings are printed, and what to do about all captures is said once", async () => {
    await damaged("printed", (archive) =>
      rmSync(join(archive, "captures", captures[0] ?? "", "data.warc.gz")),
    );
    const { stdout } = await sitelift(["verify", "printed"], { cwd });
    expect(stdout.split("Restore the capture from a copy")).toHaveLength(2);
    const { stdout: json } = await sitelift(["verify", "printed", "--json"], { cwd });
    const all = json.split("\n").filter((line) => line.includes('"code":"index"')).length;
    expect(all).toBeGreaterThan(5);
    expect(stdout.match(/^index /gm)).toHaveLength(5);
    expect(stdout).toContain(
      `  and ${all - 5} more of \`index\` in this file; --json lists them all`,
    );
  });
});

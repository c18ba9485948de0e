import { chmod, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verifyArchive } from "../../src/archive/verify/verify.js";
import { openArchive } from "../../src/archive/write/archive.js";
import { temporaryFolder } from "./folders.js";
import { entry, OPTIONS, rejection, runOf, SITE } from "./samples.js";

const ALPHA = "content/en/2021/alpha.md";

async function written(): Promise<string> {
  const folder = await temporaryFolder();
  const given = [
    entry(
      "alpha",
      {},
      { body: "See [beta](beta.md), [code]`](x.md)` and [out](https://x.example/)." },
    ),
    entry("beta"),
    rejection("gamma"),
  ];
  const archive = await openArchive(folder, OPTIONS);
  for (const one of given) await ("issues" in one ? archive.rejection(one) : archive.entry(one));
  const twin = { url: `${SITE}/old`, state: "duplicate", entry: given[0]?.id ?? "", listedOn: [] };
  await archive.commit(runOf(given, [twin as never]));
  await archive.close();
  return folder;
}

/** Replaces text in a file. */
const edit = (path: string, from: string | RegExp, to: string) => async (folder: string) => {
  const text = await readFile(join(folder, path), "utf8");
  expect(text.replace(from, to)).not.toBe(text);
  await writeFile(join(folder, path), text.replace(from, to));
};

const DAMAGES: readonly [string, (folder: string) => Promise<unknown>, readonly string[]][] = [
  ["nothing in an undamaged archive", async () => undefined, []],
  ["a flipped bit", edit(ALPHA, "See", "See".replace("S", "R")), ["checksum", "body"]],
  [
    "a truncated content file",
    (f) => truncate(join(f, ALPHA), 100),
    ["size", "checksum", "content-unreadable"],
  ],
  [
    "a truncated page",
    (f) => truncate(join(f, "quarantine/gamma0000000/page.html"), 1),
    ["size", "checksum"],
  ],
  ["a removed content file", (f) => rm(join(f, ALPHA)), ["missing", "content-missing"]],
  ["a removed archive.json", (f) => rm(join(f, "archive.json")), ["missing"]],
  ["a broken archive.json", edit("archive.json", '"site"', '"sites"'), ["manifest"]],
  ["half an archive.json", (f) => truncate(join(f, "archive.json"), 90), ["manifest"]],
  [
    "wrong counts of states",
    edit("archive.json", '"written": 2', '"written": 3'),
    ["ledger-count", "account"],
  ],
  [
    "a wrong count of listed URLs",
    edit("archive.json", '"listed": 4', '"listed": 5'),
    ["ledger-sum", "account"],
  ],
  [
    "a file listed twice",
    edit("archive.json", /(\{\s+"path": "entries[^}]+\})/, "$1,$1"),
    ["listed-twice"],
  ],
  ["a stray file", (f) => writeFile(join(f, "notes.txt"), "x"), ["stray"]],
  [
    "a stray content file",
    (f) => writeFile(join(f, "content/en/2021/x.md"), "x"),
    ["stray", "content-without-entry"],
  ],
  [
    "a renamed content file",
    (f) => rename(join(f, ALPHA), join(f, "content/en/2021/a.md")),
    ["missing", "stray", "content-missing", "content-without-entry"],
  ],
  ["an edited title", edit(ALPHA, "About alpha", "About omega"), ["checksum", "front-matter"]],
  [
    "an extra key in front matter",
    edit(ALPHA, "warnings: []", "warnings: []\nextra: 1"),
    ["size", "checksum", "front-matter"],
  ],
  [
    "a date that YAML turns",
    edit(ALPHA, "date: 2021-12-15", "date: 2021-12-16"),
    ["checksum", "front-matter"],
  ],
  [
    "an alias in YAML",
    edit(ALPHA, 'type: "news"', "type: &a [*a]"),
    ["size", "checksum", "content-unreadable"],
  ],
  [
    "a line that is not JSON",
    edit("entries.jsonl", '{"id":"beta', '{id:"beta'),
    [
      "size",
      "checksum",
      "line",
      "content-without-entry",
      "ledger-entry-missing",
      "redirect",
      "provenance",
    ],
  ],
  [
    "a line with another key",
    edit("entries.jsonl", '"slug":"beta"', '"slug":"beta","x":1'),
    [
      "size",
      "checksum",
      "line",
      "content-without-entry",
      "ledger-entry-missing",
      "redirect",
      "provenance",
    ],
  ],
  [
    "a repeated id",
    edit("entries.jsonl", /^(.*)\n/, "$1\n$1\n"),
    ["size", "checksum", "id-twice", "path-twice"],
  ],
  [
    "lines out of order",
    edit("entries.jsonl", /^(.*)\n(.*)\n$/, "$2\n$1\n"),
    ["checksum", "not-sorted"],
  ],
  ["a last line cut short", edit("entries.jsonl", /\n$/, ""), ["size", "checksum", "line"]],
  [
    "an edited body in entries.jsonl",
    edit("entries.jsonl", "Words", "words"),
    ["checksum", "body"],
  ],
  [
    "a wrong count in account.json",
    edit("account.json", '"entries": 2', '"entries": 3'),
    ["checksum", "account"],
  ],
  ["a removed account.json", (f) => rm(join(f, "account.json")), ["missing"]],
  [
    "a link to a missing fragment",
    edit("entries.jsonl", "beta.md)", "beta.md#x)"),
    ["size", "checksum", "body", "fragment-broken"],
  ],
  [
    "a broken link",
    edit("entries.jsonl", "beta.md)", "beta.me)"),
    ["checksum", "body", "link-broken"],
  ],
  [
    "bytes that are not UTF-8",
    (f) => writeFile(join(f, "ledger.jsonl"), Buffer.from([0xff, 10])),
    [
      "size",
      "checksum",
      "unreadable",
      "ledger-sum",
      "ledger-count",
      "entry-not-in-ledger",
      "quarantine",
    ],
  ],
  [
    "a ledger line too few",
    edit("ledger.jsonl", /.*beta.*\n/, ""),
    ["size", "checksum", "ledger-sum", "ledger-count", "entry-not-in-ledger"],
  ],
  [
    "a ledger line twice",
    edit("ledger.jsonl", /^(.*)\n/, "$1\n$1\n"),
    ["size", "checksum", "ledger-sum", "ledger-url-twice", "ledger-count"],
  ],
  [
    "an unknown state",
    edit("ledger.jsonl", '"rejected"', '"refused"'),
    ["size", "checksum", "line", "ledger-sum", "ledger-count", "quarantine"],
  ],
  [
    "a ledger line of a missing entry",
    edit("ledger.jsonl", /"entry":"beta0/, '"entry":"zeta0'),
    ["checksum", "ledger-entry-missing", "entry-not-in-ledger"],
  ],
  [
    "a removed quarantine file",
    (f) => rm(join(f, "quarantine/gamma0000000/page.html")),
    ["missing", "quarantine"],
  ],
  [
    "a removed quarantine folder",
    (f) => rm(join(f, "quarantine"), { recursive: true }),
    ["missing", "quarantine"],
  ],
  [
    "a quarantine record of another URL",
    edit("quarantine/gamma0000000/record.json", /news\/gamma/g, "news/omega"),
    ["checksum", "quarantine"],
  ],
  [
    "a redirect to nowhere",
    edit("redirects.csv", "/content/en/2021/beta", "/content/en/2021/bet"),
    ["size", "checksum", "redirect"],
  ],
  [
    "a redirect with another status",
    edit("redirects.csv", ",301", ",302"),
    ["checksum", "redirect"],
  ],
  ["lost redirects", (f) => rm(join(f, "redirects.csv")), ["missing"]],
  [
    "provenance of a missing entry",
    edit("provenance.jsonl", '{"id":"alpha', '{"id":"alphb'),
    ["checksum", "provenance"],
  ],
  ["a symlink", (f) => symlink("/etc/hosts", join(f, "link")), ["symlink"]],
  [
    "a file that became a symlink",
    async (f) => {
      await rename(join(f, ALPHA), join(f, "..", "moved.md"));
      await symlink(join(f, "..", "moved.md"), join(f, ALPHA));
      await rm(join(f, "..", "moved.md"));
    },
    ["symlink", "missing", "content-missing"],
  ],
  [
    "a run that was cut off",
    async (f) => {
      await mkdir(join(f, ".staging"));
      await writeFile(join(f, ".staging/redo.json"), "[]");
      await writeFile(join(f, ".lock"), "1\n");
    },
    ["unfinished"],
  ],
];

describe("verify", () => {
  it.each(DAMAGES)("verify finds %s", async (_, damage, codes) => {
    const folder = await written();
    await damage(folder);
    const { findings } = await verifyArchive(folder);
    expect(new Set(findings.map(({ code }) => code))).toEqual(new Set(codes));
    for (const { message, hint, path } of findings) {
      expect(message).not.toBe("");
      expect(hint).not.toBe("");
      expect(path).not.toMatch(/^\//);
    }
  });

  it("verify counts what it checked", async () => {
    expect((await verifyArchive(await written())).checked).toEqual({
      files: 13,
      entries: 2,
      ledger: 4,
      quarantine: 1,
      redirects: 3,
      snapshots: 0,
      captures: 0,
    });
  });

  it("verify finds a file that belongs to no capture", async () => {
    const folder = await written();
    await mkdir(join(folder, "captures"));
    await writeFile(join(folder, "captures/x"), "x");
    expect((await verifyArchive(folder)).findings).toMatchObject([
      { code: "stray", path: "captures/x" },
    ]);
  });

  it.each([
    ["a missing folder", "none", /there is no folder/],
    ["a file", "file", /is neither an archive nor a WACZ package/],
    ["a folder of something else", "empty", /is not an archive/],
    ["an archive of a newer format", "newer", /format 2, and this program reads formats up to 1/],
  ])("verify refuses %s", async (_, name, message) => {
    const base = await temporaryFolder();
    await writeFile(join(base, "file"), "");
    await mkdir(join(base, "empty"));
    await mkdir(join(base, "newer"));
    await writeFile(join(base, "newer/archive.json"), '{"formatVersion":2}');
    await expect(verifyArchive(join(base, name))).rejects.toMatchObject({
      name: "CliError",
      message: expect.stringMatching(message),
      exitCode: 2,
    });
  });

  it.skipIf(process.getuid?.() === 0)(
    "verify names a file that it has no permission to read (skipped for root, who may read all)",
    async () => {
      const folder = await written();
      await chmod(join(folder, ALPHA), 0);
      const { findings } = await verifyArchive(folder);
      expect(findings.map(({ code }) => code)).toEqual(["unreadable", "content-unreadable"]);
    },
  );
});

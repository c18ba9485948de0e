import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { csvRows } from "../../src/archive/csv.js";
import { relativeLink } from "../../src/archive/links.js";
import { contentPathOf, newPath, redirectsOf } from "../../src/archive/redirects.js";
import { destinations } from "../../src/markdown/destinations.js";

const moved = (path: string, sourceUrl: string, ...aliases: string[]) => ({
  id: path,
  path,
  sourceUrl,
  aliases,
});

describe("redirectsOf", () => {
  it.each([
    [
      "a comma and a query",
      [moved("content/en/2021/a.md", "https://x.example/a,b?q=1")],
      ['"/a,b?q=1",/content/en/2021/a,301'],
    ],
    [
      "a script",
      [moved("content/ar/2021/\u0639.md", "https://x.example/\u0639")],
      ["/%D8%B9,/content/ar/2021/%D8%B9,301"],
    ],
    [
      "a URL with a fragment, which no server receives",
      [moved("content/en/2021/a.md", "https://x.example/list#row")],
      [],
    ],
    [
      "a formula",
      [moved("content/en/2021/a.md", "https://x.example/=1+1", "https://x.example/?=2")],
      ["/=1+1,/content/en/2021/a,301", "/?=2,/content/en/2021/a,301"],
    ],
    [
      "one path on two hosts",
      [
        moved("content/en/2021/a.md", "https://en.example/n"),
        moved("content/fr/2021/a.md", "https://fr.example/n"),
      ],
      [
        "https://en.example/n,/content/en/2021/a,301",
        "https://fr.example/n,/content/fr/2021/a,301",
      ],
    ],
    [
      "an alias that is another entry's URL",
      [
        moved("content/en/2021/a.md", "https://x.example/a"),
        moved("content/en/2021/b.md", "https://x.example/b", "https://x.example/a"),
      ],
      ["/a,/content/en/2021/a,301", "/b,/content/en/2021/b,301"],
    ],
    [
      "an alias on another host",
      [moved("content/en/2021/a.md", "https://x.example/a", "http://y.example/a")],
      ["/a,/content/en/2021/a,301"],
    ],
  ])("redirects.csv handles %s", (_, entries, rows) => {
    expect(redirectsOf(entries, [])).toBe(["old path,new path,status", ...rows, ""].join("\r\n"));
    expect(redirectsOf(entries.toReversed(), [])).toBe(redirectsOf(entries, []));
  });

  it("paths and cells of redirects.csv are read back as they were written", () => {
    const path = 'content/en/2021/a b"\u0639.md';
    expect(contentPathOf(newPath(path))).toBe(path);
    expect(csvRows('a,"b,""c""\r\nd",e\r\nf\r\n')).toEqual([["a", 'b,"c"\r\nd', "e"], ["f"]]);
  });
});

describe("relativeLink", () => {
  it.each([
    [
      "[a](b.md) ![c](../media/d%20e.png?x#y) [f](#g%20h)",
      [
        { path: "b.md", fragment: null },
        { path: "../media/d e.png", fragment: "y" },
        { path: "", fragment: "g h" },
      ],
    ],
    ["[a](https://x.example) [a](/root) [a](?q) [a](mailto:x) [a]() [a](//h/x)", []],
    ["`[a](b.md)` <img src='c.png'>", [{ path: "c.png", fragment: null }]],
  ])("relativeLink finds the links into the archive in %j", (markdown, links) => {
    const found = destinations(markdown).flatMap(
      ({ address }) => relativeLink(address, "content/en/page.md") ?? [],
    );
    expect(found.map(({ path, fragment }) => ({ path, fragment }))).toEqual(links);
    for (const { path, target } of found)
      expect(target).toBe(path === "" ? "content/en/page.md" : posix.join("content/en", path));
  });
});

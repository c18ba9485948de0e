import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  anchorsOf,
  noFacts,
  setLinks,
  type Targets,
  type Unlinked,
} from "../../src/archive/links.js";

const SITE = "https://office.example";

/** Entries by URL, and their paths. */
const ENTRIES: Record<string, { id: string; path: string }> = {
  [`${SITE}/a`]: { id: "a", path: "content/en/2021/a.md" },
  [`${SITE}/b`]: { id: "b", path: "content/fr/undated/b.md" },
  [`${SITE}/list#row-1`]: { id: "row", path: "content/en/2021/row.md" },
};

const targets: Targets = {
  origins: [SITE],
  find: (address) => ENTRIES[address]?.id ?? null,
  pathOf: (id) => Object.values(ENTRIES).find((one) => one.id === id)?.path ?? "",
  stateOf: (address) =>
    address === `${SITE}/gone` ? "gone" : address === `${SITE}/out` ? "excluded" : null,
  urlOf: () => null,
  urlAt: (path) => (path === "content/en/2019/old-b.md" ? `${SITE}/b` : null),
  mediaPath: (address) => (address === `${SITE}/x.png` ? "media/x-1.png" : null),
};

function set(body: string, more: Partial<Unlinked> = {}) {
  const facts = noFacts();
  const entry: Unlinked = {
    id: "a",
    path: "content/en/2021/a.md",
    from: null,
    data: { sourceUrl: `${SITE}/a`, media: [] },
    body,
    ...more,
  };
  return { body: setLinks(entry, targets, facts), facts };
}

describe("setLinks", () => {
  it.each([
    ["to another entry becomes relative", `[x](${SITE}/b)`, "[x](../../fr/undated/b.md)"],
    [
      "to a place in another entry keeps its fragment",
      `[x](${SITE}/b#c%20d)`,
      "[x](../../fr/undated/b.md#c%20d)",
    ],
    ["to a place in its own entry becomes a fragment", `[x](${SITE}/a#c)`, "[x](#c)"],
    ["that is a fragment alone stays", "[x](#c)", "[x](#c)"],
    ["to a row without a page becomes relative", `[x](${SITE}/list#row-1)`, "[x](row.md)"],
    [
      "that is relative to the old site becomes relative to the file",
      "[x](/b)",
      "[x](../../fr/undated/b.md)",
    ],
    ["to a stored file becomes relative", `![x](${SITE}/x.png)`, "![x](../../../media/x-1.png)"],
    ["to a file that was not stored becomes absolute", `![x](/y.png)`, `![x](${SITE}/y.png)`],
    ["to a page that was not migrated becomes absolute", "[x](/out?a=1)", `[x](${SITE}/out?a=1)`],
    [
      "in HTML becomes relative",
      `<a href="${SITE}/b">x</a>`,
      '<a href="../../fr/undated/b.md">x</a>',
    ],
    ["that is its own text keeps that text", `<${SITE}/b>`, `[${SITE}/b](../../fr/undated/b.md)`],
    ["to a mail address stays", "[x](mailto:a@b.example)", "[x](mailto:a@b.example)"],
    ["in code stays", `\`${SITE}/b\``, `\`${SITE}/b\``],
    [
      "that embeds a page stays",
      `<iframe src="${SITE}/b"></iframe>`,
      `<iframe src="${SITE}/b"></iframe>`,
    ],
  ])("a link %s", (_, before, after) => {
    expect(set(before).body).toBe(after);
  });

  it("a link of an earlier body follows its entry to its new path", () => {
    const { body } = set("[x](../2019/old-b.md#c) [y](../2018/nobody.md)", {
      from: "content/en/2021/a.md",
    });
    expect(body).toBe(`[x](../../fr/undated/b.md#c) [y](${SITE}/2018/nobody.md)`);
  });

  it("links are counted by what they lead to", () => {
    const { facts } = set(
      "[a](/b#x) [b](/gone) [c](/out) [d](/never) [e](https://x.example/) [f](tel:1) ![g](https://x.example/g.png) ![h](/x.png)",
    );
    expect(facts).toMatchObject({
      entries: 1,
      files: 1,
      external: 1,
      other: 1,
      broken: [{ entry: "a", address: `${SITE}/gone`, state: "gone" }],
      notMigrated: [{ state: "excluded" }, { address: `${SITE}/never`, state: null }],
      embedded: [{ address: "https://x.example/g.png" }],
    });
    expect(facts.fragments).toEqual(new Map([["b", [{ entry: "a", fragment: "x" }]]]));
  });

  it("setting links a second time changes nothing", () => {
    const link = fc.constantFrom(
      "/a",
      "/b",
      "/b#c",
      "/x.png",
      "/out",
      "#d",
      "mailto:x@y.z",
      "https://z.example/",
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), link), { maxLength: 8 }), (links) => {
        const text = links.map(([image, to]) => `${image ? "!" : ""}[x](${to})`).join(" ");
        const media = [
          {
            sourceUrl: `${SITE}/x.png`,
            path: "media/x-1.png",
            sha256: null,
            bytes: null,
            mediaType: null,
            alt: null,
          },
        ];
        const once = set(text, { data: { sourceUrl: `${SITE}/a`, media } }).body;
        const stood = {
          ...targets,
          urlAt: (path: string) =>
            Object.keys(ENTRIES).find((url) => ENTRIES[url]?.path === path) ?? null,
        };
        const entry = {
          id: "a",
          path: "content/en/2021/a.md",
          from: "content/en/2021/a.md",
          data: { sourceUrl: `${SITE}/a`, media },
          body: once,
        };
        expect(setLinks(entry, stood, noFacts())).toBe(once);
      }),
    );
  });
});

describe("anchorsOf", () => {
  it.each([
    [
      "ids and names of HTML elements",
      `<p id="a b">x</p> <a name=c></a> <h2 id='d'>y</h2>`,
      ["a b", "c", "d"],
    ],
    [
      "slugs of headings",
      "# One, two: three!\n\n## One, two: three!\n\nSetext *way*\n---\n",
      ["one-two-three", "one-two-three-1", "setext-way"],
    ],
    [
      "slugs of headings in any script, with links",
      "## منارة رأس [ميرو](x.md)",
      ["منارة-رأس-ميرو"],
    ],
  ])("anchorsOf finds %s", (_, body, names) => {
    expect([...anchorsOf(body)]).toEqual(names);
  });
});

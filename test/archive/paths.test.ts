import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ArchivedEntry } from "../../src/archive/nouns.js";
import { contentPaths } from "../../src/archive/write/plan.js";

type Named = Pick<ArchivedEntry, "id" | "slug" | "language" | "date">;

const named = (id: string, slug: string, more: Partial<Named> = {}): Named => ({
  id,
  slug,
  language: "en",
  date: "2021-12-15",
  ...more,
});

describe("contentPaths", () => {
  it.each<[string, Named, string]>([
    ["a dated entry", named("aaaaaaaa", "x"), "content/en/2021/x.md"],
    ["an undated entry", named("aaaaaaaa", "x", { date: null }), "content/en/undated/x.md"],
    [
      "a language that is a device of Windows",
      named("aaaaaaaa", "x", { language: "con" }),
      "content/con_/2021/x.md",
    ],
  ])("the content path of %s is made of language, year (or undated) and slug", (_, one, path) => {
    expect(contentPaths([one]).get(one.id)).toBe(path);
  });

  it.each<[string, Named[], string[]]>([
    [
      "the same slug get suffixes",
      [named("aaaaaaaa", "x"), named("bbbbbbbb", "x")],
      ["x-aaaaaa", "x-bbbbbb"],
    ],
    [
      "slugs that differ by case get suffixes",
      [named("aaaaaaaa", "X"), named("bbbbbbbb", "x")],
      ["X-aaaaaa", "x-bbbbbb"],
    ],
    [
      "ids that begin alike get whole ids as suffixes",
      [named("aaaaaaa1", "x"), named("aaaaaaa2", "x")],
      ["x-aaaaaaa1", "x-aaaaaaa2"],
    ],
    [
      "the suffixed slug of another get longer suffixes",
      [named("aaaaaaaa", "x"), named("bbbbbbbb", "x"), named("cccccccc", "x-aaaaaa")],
      ["x-aaaaaaaa", "x-bbbbbb", "x-aaaaaa-cccccc"],
    ],
    [
      "the same slug in different years get no suffix",
      [named("aaaaaaaa", "x"), named("bbbbbbbb", "x", { date: "2020-01-01" })],
      ["x", "../2020/x"],
    ],
  ])("content paths of entries with %s", (_, entries, names) => {
    const paths = [...contentPaths(entries).values()].map((path) =>
      path.replace("content/en/2021/", "").replace("content/en/", "../").replace(/\.md$/, ""),
    );
    expect(paths).toEqual(names);
  });

  it("content paths are unique on any file system, and do not depend on the order", () => {
    const slug = fc.string({
      unit: fc.constantFrom("a", "A", "-", "b"),
      minLength: 1,
      maxLength: 3,
    });
    const id = fc.string({ unit: fc.constantFrom("a", "b"), minLength: 8, maxLength: 8 });
    const entries = fc.uniqueArray(fc.record({ id, slug }), {
      selector: (one) => one.id,
      maxLength: 30,
    });
    fc.assert(
      fc.property(entries, (given) => {
        const all = given.map((one) => named(one.id, one.slug));
        const paths = contentPaths(all);
        const folded = new Set([...paths.values()].map((path) => path.toLowerCase()));
        expect(folded.size).toBe(all.length);
        const turned = contentPaths(all.toReversed());
        for (const [one, path] of paths) expect(turned.get(one)).toBe(path);
      }),
    );
  });
});

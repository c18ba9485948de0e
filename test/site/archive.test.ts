import { describe, expect, test } from "vitest";
import { webArchiveOf } from "../../src/mementos/known-archives.js";
import { archiveList } from "../../src/schema/web-archive.js";

const messages = (item: object) =>
  archiveList
    .safeParse([item])
    .error?.issues.flatMap((issue) =>
      issue.code === "invalid_union"
        ? issue.errors.flat().map(({ message }) => message)
        : issue.message,
    ) ?? [];

describe("the window of a web archive", () => {
  test.each([
    "2021-13",
    "2021-00",
    "2021-02-30",
    "21",
    "2021-1",
    "June 2021",
    "",
    "CC-MAIN",
    "2021-12-31T00:00",
  ])("%j is not a time, and the message says what is", (from) => {
    expect(messages({ name: "internet-archive", from }).join()).toMatch(
      /a year, a month or a day such as 2021, 2021-12 or 2021-12-31.*CC-MAIN-2021-25/,
    );
  });

  test.each([
    "2021",
    "2021-12",
    "2020-02-29",
    "CC-MAIN-2021-25",
    "CC-MAIN-2012",
    "CC-MAIN-2009-2010",
  ])("%s is one", (from) => expect(messages({ name: "common-crawl", from })).toEqual([]));

  test.each([
    ["2021-12-31", "2020"],
    ["2021-06", "2021-05-31"],
    ["CC-MAIN-2021-25", "CC-MAIN-2021-13"],
  ])("from %s to %s is refused", (from, to) => {
    expect(messages({ name: "common-crawl", from, to }).join()).toMatch(/is before `from`/);
  });

  test("a crawl of Common Crawl says nothing to another archive", () => {
    expect(() => webArchiveOf({ name: "arquivo", from: "CC-MAIN-2021-25" })).toThrow(
      /CC-MAIN-2021-25 is a crawl of common-crawl, and says nothing to arquivo/,
    );
  });

  test("one crawl may be named alone", () => {
    expect(webArchiveOf("CC-MAIN-2021-25")).toMatchObject({
      kind: "commoncrawl",
      crawls: { from: "CC-MAIN-2021-25", to: "CC-MAIN-2021-25" },
      from: null,
    });
  });
});

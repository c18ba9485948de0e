import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { Overrides } from "../../src/crawl/overrides.js";
import { parseOverrides } from "../../src/crawl/overrides-file.js";
import { type Walk, walk } from "../../src/crawl/walk.js";
import { CliError } from "../../src/error.js";
import type { Entry, Rejection, Sink } from "../../src/model.js";
import { demo } from "../../src/site/presets/demo.js";
import { drupal7 } from "../../src/site/presets/drupal7.js";
import { resolveSite } from "../../src/site/resolve.js";
import type { SiteInput } from "../../src/site/site.js";
import { temporaryFolder } from "../archive/folders.js";
import { scratch, sitelift } from "../commands/sitelift.js";
import { OFFICE, officePage, pageSource } from "../support/office-source.js";

const LAMP = "/news/lamp-of-cape-merrow-lit-again";

async function walked(yaml: string, more: Partial<SiteInput> = {}) {
  const site = resolveSite({ ...demo("en"), ...more }, { drupal7 }, "test");
  const overrides = new Overrides(parseOverrides(yaml, "overrides.yaml"), site, []);
  const entries: Entry[] = [];
  const rejections: Rejection[] = [];
  const sink: Sink = {
    entry: async (entry) => {
      entries.push(entry);
    },
    rejection: async (rejection) => {
      rejections.push(rejection);
    },
  };
  const seen: Walk = await walk({
    site,
    source: pageSource(officePage),
    sinks: [sink],
    overrides,
  });
  const lamp = entries.find(({ data }) => data.sourceUrl === OFFICE + LAMP);
  return { ...seen, entries, rejections, lamp, unused: overrides.unused() };
}

describe("an override", () => {
  it.each([
    ["the path", LAMP],
    ["the address", OFFICE + LAMP],
    ["another address", "http://office.example/node/1101"],
    ["the id", "1a0e6424ca584ae3"],
  ])("finds its article by %s", async (_, about) => {
    const { lamp, unused } = await walked(`"${about}": { set: { title: "Lit: again" } }`);
    expect(lamp?.data.title).toBe("Lit: again");
    expect(lamp?.provenance.overrides).toEqual(["title"]);
    expect(unused).toEqual([]);
  });

  it("sets every kind of value, and the name of the file", async () => {
    const { lamp } = await walked(`
${LAMP}:
  set:
    date: 2020-02-29
    type: null
    summary: Short.
    language: en-GB
    body: |
      New [words](/news/x), ![one](/sites/default/files/images/boat-shed.png).
  slug: lamp
  why: the editors asked for it
`);
    expect(lamp).toMatchObject({ slug: "lamp", body: expect.stringMatching(/^New \[words\]/) });
    expect(lamp?.data).toMatchObject({
      date: "2020-02-29",
      type: null,
      summary: "Short.",
      language: "en-GB",
      dateText: "1/12/2022",
    });
    expect(lamp?.data.media.map(({ sourceUrl }) => sourceUrl)).toEqual([
      `${OFFICE}/sites/default/files/images/boat-shed.png`,
    ]);
  });

  it("excludes an article, with its reason in the ledger", async () => {
    const { outcomes, lamp } = await walked(`${LAMP}: { exclude: told twice }`);
    expect(lamp).toBeUndefined();
    expect(outcomes.find(({ url }) => url === OFFICE + LAMP)).toMatchObject({
      state: "excluded",
      reason: "override: told twice",
      withdrawn: true,
    });
  });

  it("settles what would have been rejected", async () => {
    const types: Partial<SiteInput> = { fields: { type: { values: { News: "news", "-": null } } } };
    const before = await walked("", types);
    const one = before.rejections[0];
    if (one === undefined) throw new Error("nothing was rejected");
    const after = await walked(`"${one.url}": { set: { type: speech } }`, types);
    expect(after.rejections).toHaveLength(before.rejections.length - 1);
    expect(after.entries.find(({ data }) => data.sourceUrl === one.url)?.data.type).toBe("speech");
  });

  it("that names nothing is told", async () => {
    const { unused } = await walked(
      "/news/nothing: { exclude: true }\nffffffffffffffff: { exclude: true }",
    );
    expect(unused).toEqual(["/news/nothing", "ffffffffffffffff"]);
  });
});

describe("the file", () => {
  it.each([
    [
      "an unknown key",
      `${LAMP}: { sett: { title: x } }`,
      /line 1, .*sett: unknown key, did you mean "set"/,
    ],
    [
      "an unknown field",
      `${LAMP}: { set: { titel: x } }`,
      /set\.titel: unknown key, did you mean "title"/,
    ],
    [
      "a date that no calendar has",
      `\n${LAMP}: { set: { date: 2021-02-30 } }`,
      /line 2, .*set\.date: is not a calendar date YYYY-MM-DD, found "2021-02-30"/,
    ],
    [
      "a name that no disk takes",
      `${LAMP}: { slug: a/b }`,
      /slug: is not a portable file name, found "a\/b"/,
    ],
    ["nothing decided", `${LAMP}: { why: x }`, /decides nothing/],
    [
      "two decisions that exclude each other",
      `${LAMP}: { exclude: true, slug: x }`,
      /excludes the article and changes it/,
    ],
    ["a list", "- a", /expected ids or URLs/],
    ["neither id nor URL", "lamp!: { exclude: true }", /expected an id, a URL or a path/],
    ["broken YAML", "a: [", /cannot be used/],
    ["one article twice", `${LAMP}: { slug: x }\n${LAMP}: { slug: y }`, /unique/i],
  ])("with %s is refused, and says where", (_, text, words) => {
    try {
      parseOverrides(text, "overrides.yaml");
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      expect(error.exitCode).toBe(2);
      expect([error.message, ...error.details].join("\n")).toMatch(words);
      return;
    }
    throw new Error("it was taken");
  });

  it("may be empty, and an id that looks like a number is an id", () => {
    expect(parseOverrides("# nothing\n", "x")).toEqual([]);
    expect(
      parseOverrides("1234567890123456: { slug: a }\n12e4567890123456: { slug: b }", "x"),
    ).toEqual([
      { about: "1234567890123456", slug: "a" },
      { about: "12e4567890123456", slug: "b" },
    ]);
  });
});

describe("overrides.yaml beside an archive", () => {
  let folder: string;
  let first: string;
  const yaml = `${LAMP}: { set: { title: By hand }, slug: lamp }\n/news/kelp-comes-back-to-the-sound: { exclude: told elsewhere }\n/news/nowhere: { exclude: true }\n`;
  const crawl = () => sitelift(["crawl", "demo", "--no-media", "--out", folder]);

  beforeAll(async () => {
    folder = join(scratch(), "office");
    await crawl();
    await writeFile(join(folder, "overrides.yaml"), yaml);
    first = (await crawl()).stdout;
  });

  it("is applied, told, and survives every run", async () => {
    expect(first).toContain("overrides: 1 applied, 1 excluded");
    expect(first).toContain("/news/nowhere matches nothing in this archive");
    const lamp = await readFile(join(folder, "content/en/2022/lamp.md"), "utf8");
    expect(lamp).toContain('title: "By hand"');
    const account = JSON.parse(await readFile(join(folder, "account.json"), "utf8"));
    expect(account.overrides).toEqual({
      applied: [{ entry: "1a0e6424ca584ae3", keys: ["title", "slug"] }],
      excluded: [`${OFFICE}/news/kelp-comes-back-to-the-sound`],
      unknown: ["/news/nowhere"],
    });
    expect(account.entries).toBe(69);
    const { stdout } = await crawl();
    expect(stdout).toContain("(0 new, 0 edited, 69 unchanged)");
    expect(await readFile(join(folder, "overrides.yaml"), "utf8")).toBe(yaml);
  });

  it("is no stray file, and the old address leads to the new name", async () => {
    const { exitCode, stdout } = await sitelift(["verify", folder]);
    expect(exitCode, stdout).toBe(0);
    const redirects = await readFile(join(folder, "redirects.csv"), "utf8");
    expect(redirects).toContain(`${LAMP},/content/en/2022/lamp,301`);
  });

  it("that cannot be used stops the run before anything is asked for", async () => {
    const broken = join(await temporaryFolder(), "office");
    await mkdir(broken);
    await writeFile(join(broken, "overrides.yaml"), "nonsense");
    const { exitCode, stderr } = await sitelift(["crawl", "demo", "--out", broken]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("overrides.yaml cannot be used");
  });
});

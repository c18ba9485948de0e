import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunningOffice } from "../../fixtures/office/server.js";
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
import { FEW, officeWithSite } from "../capture/office.js";
import { crawlHere } from "../commands/here.js";
import { scratch, sitelift } from "../commands/sitelift.js";
import { OFFICE, shortOffice as officePage, pageSource } from "../support/office-source.js";

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

describe("overrides", () => {
  it.each([
    ["path", LAMP],
    ["URL", OFFICE + LAMP],
    ["another of its URLs", "http://office.example/node/1101"],
    ["id", "1a0e6424ca584ae3"],
  ])("an override finds its article by %s", async (_, about) => {
    const { lamp, unused } = await walked(`"${about}": { set: { title: "Lit: again" } }`);
    expect(lamp?.data.title).toBe("Lit: again");
    expect(lamp?.provenance.overrides).toEqual(["title"]);
    expect(unused).toEqual([]);
  });

  it("an override sets every kind of value and the file name", async () => {
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

  it("an override excludes an article, with its reason in the ledger", async () => {
    const { outcomes, lamp } = await walked(`${LAMP}: { exclude: listed twice }`);
    expect(lamp).toBeUndefined();
    expect(outcomes.find(({ url }) => url === OFFICE + LAMP)).toMatchObject({
      state: "excluded",
      reason: "override: listed twice",
      withdrawn: true,
    });
  });

  it("an error of a decision costs its article alone, and is not an exclusion by overrides.yaml", async () => {
    class Failing extends Overrides {
      override decide(...given: Parameters<Overrides["decide"]>) {
        if (given[1].includes(OFFICE + LAMP)) throw new Error("it cannot be decided");
        return super.decide(...given);
      }
    }
    const site = resolveSite(demo("en"), { drupal7 }, "test");
    const overrides = new Failing([], site, []);
    const { outcomes } = await walk({ site, source: pageSource(officePage), sinks: [], overrides });
    const failed = outcomes.filter(({ state }) => state === "failed");
    expect(failed).toMatchObject([{ url: OFFICE + LAMP, reason: "convert: it cannot be decided" }]);
    expect(failed[0]?.code).toBe("unusable");
  });

  it("an override makes a rejected article valid", async () => {
    const types: Partial<SiteInput> = { fields: { type: { values: { News: "news", "-": null } } } };
    const before = await walked("", types);
    const one = before.rejections[0];
    if (one === undefined) throw new Error("nothing was rejected");
    const after = await walked(`"${one.url}": { set: { type: speech } }`, types);
    expect(after.rejections).toHaveLength(before.rejections.length - 1);
    expect(after.entries.find(({ data }) => data.sourceUrl === one.url)?.data.type).toBe("speech");
  });

  it("an override that matches no article is reported", async () => {
    const { unused } = await walked(
      "/news/nothing: { exclude: true }\nffffffffffffffff: { exclude: true }",
    );
    expect(unused).toEqual(["/news/nothing", "ffffffffffffffff"]);
  });
});

describe("the overrides file", () => {
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
      "a date that does not exist",
      `\n${LAMP}: { set: { date: 2021-02-30 } }`,
      /line 2, .*set\.date: is not a calendar date YYYY-MM-DD, found "2021-02-30"/,
    ],
    [
      "a name that is not portable",
      `${LAMP}: { slug: a/b }`,
      /slug: is not a portable file name, found "a\/b"/,
    ],
    ["a decision without effect", `${LAMP}: { why: x }`, /decides nothing/],
    [
      "two decisions that exclude each other",
      `${LAMP}: { exclude: true, slug: x }`,
      /excludes the article and changes it/,
    ],
    ["a list", "- a", /expected ids or URLs/],
    ["neither id nor URL", "lamp!: { exclude: true }", /expected an id, a URL or a path/],
    ["broken YAML", "a: [", /cannot be used/],
    ["one article listed twice", `${LAMP}: { slug: x }\n${LAMP}: { slug: y }`, /unique/i],
  ])("an overrides file with %s is refused with its position", (_, text, words) => {
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

  it("an overrides file may be empty, and may use an id that looks like a number", () => {
    expect(parseOverrides("# nothing\n", "x")).toEqual([]);
    expect(
      parseOverrides("1234567890123456: { slug: a }\n12e4567890123456: { slug: b }", "x"),
    ).toEqual([
      { about: "1234567890123456", slug: "a" },
      { about: "12e4567890123456", slug: "b" },
    ]);
  });
});

describe("overrides.yaml in an archive", () => {
  let folder: string;
  let first: string;
  const yaml = `${LAMP}: { set: { title: By hand }, slug: lamp }\n/news/maths-on-the-mudflat: { exclude: published elsewhere }\n/news/nowhere: { exclude: true }\n`;
  const cwd = scratch();
  let office: RunningOffice;
  const crawl = () => {
    const hosts = { "office.example": { address: "127.0.0.1", port: office.port } };
    return crawlHere(cwd, "office", { media: false }, { hosts });
  };

  beforeAll(async () => {
    folder = join(cwd, "office");
    office = await officeWithSite(cwd);
    await writeFile(join(cwd, "site.json"), JSON.stringify(demo("en")));
    await crawl();
    await writeFile(join(folder, "overrides.yaml"), yaml);
    first = (await crawl()).stdout;
  });
  afterAll(() => office.close());

  it("overrides.yaml in an archive is applied and reported in every run", async () => {
    expect(first).toContain("overrides: 1 applied, 1 excluded");
    expect(first).toContain("/news/nowhere matches nothing in this archive");
    const lamp = await readFile(join(folder, "content/en/2022/lamp.md"), "utf8");
    expect(lamp).toContain('title: "By hand"');
    const account = JSON.parse(await readFile(join(folder, "account.json"), "utf8"));
    expect(account.overrides).toEqual({
      applied: [{ entry: "1a0e6424ca584ae3", keys: ["title", "slug"] }],
      excluded: [`${OFFICE}/news/maths-on-the-mudflat`],
      unknown: ["/news/nowhere"],
    });
    expect(account.entries).toBe(FEW - 1);
    const { stdout } = await crawl();
    expect(stdout).toContain(`(0 new, 0 edited, ${FEW - 1} unchanged)`);
    expect(await readFile(join(folder, "overrides.yaml"), "utf8")).toBe(yaml);
  });

  it("overrides.yaml is not reported as stray, and the old URL redirects to the overridden file name", async () => {
    const { exitCode, stdout } = await sitelift(["verify", folder]);
    expect(exitCode, stdout).toBe(0);
    const redirects = await readFile(join(folder, "redirects.csv"), "utf8");
    expect(redirects).toContain(`${LAMP},/content/en/2022/lamp,301`);
  });

  it("an invalid overrides.yaml stops the run before the first request", async () => {
    const broken = join(await temporaryFolder(), "office");
    await mkdir(broken);
    await writeFile(join(broken, "overrides.yaml"), "nonsense");
    const { exitCode, stderr } = await sitelift(["crawl", "demo", "--out", broken]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("overrides.yaml cannot be used");
  });
});

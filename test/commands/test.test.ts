/** `sitelift test` as its users run it: on copies of the project's own cases, with one thing changed in each. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { load } from "cheerio";
import { SaxesParser } from "saxes";
import { beforeEach, describe, expect, test } from "vitest";
import { events, scratch, sitelift } from "./sitelift.js";

const CASES = resolve(import.meta.dirname, "../../fixtures/cases");
const ARTICLE = "cases/hundred-volunteers-weigh-a-beach";
const LISTING = "cases/listing-1";
const WALK = "cases/walk";
const TITLE = "A hundred volunteers weigh a beach";

let cwd: string;
beforeEach(() => {
  cwd = scratch();
  cpSync(join(CASES, "demo/hundred-volunteers-weigh-a-beach"), join(cwd, ARTICLE), {
    recursive: true,
  });
  cpSync(join(CASES, "demo/listing-1"), join(cwd, LISTING), { recursive: true });
});

const withWalk = () => cpSync(join(CASES, "demo-fr/walk"), join(cwd, WALK), { recursive: true });
const read = (path: string) => readFileSync(join(cwd, path), "utf8");
const has = (path: string) => existsSync(join(cwd, path));

/** Puts other words into a file, which must have had the first ones. */
function change(path: string, from: string, to: string): void {
  const text = read(path);
  expect(text).toContain(from);
  writeFileSync(
    join(cwd, path),
    text.replace(from, () => to),
  );
}

/** The line of a text, from 1. */
function lineOf(path: string, text: string): number {
  const line = read(path)
    .split("\n")
    .findIndex((one) => one.includes(text));
  expect(line, `${text} in ${path}`).toBeGreaterThanOrEqual(0);
  return line + 1;
}

function check(...args: string[]) {
  return sitelift(["test", "cases", ...args], { cwd, env: { GITHUB_WORKSPACE: cwd } });
}

interface Verdict {
  readonly field: string;
  readonly passed: boolean;
  readonly reason: string;
}

/** The failed fields of every case, and the exit code. */
async function failuresOf(...args: string[]) {
  const { exitCode, stdout } = await check("--json", ...args);
  const cases = events(stdout).filter(({ event }) => event === "case");
  const failed = (cases as { case: string; verdicts: Verdict[] }[]).flatMap((one) =>
    one.verdicts.filter(({ passed }) => !passed).map((verdict) => ({ ...verdict, case: one.case })),
  );
  return { exitCode, failed };
}

describe("failing cases", () => {
  test("no field of a recorded case fails when nothing changed", async () => {
    withWalk();
    expect(await failuresOf()).toEqual({ exitCode: 0, failed: [] });
  });

  test("only the field whose value differs fails", async () => {
    change(`${ARTICLE}/expected.json`, TITLE, "Two hundred volunteers");
    const { exitCode, failed } = await failuresOf();
    expect(exitCode).toBe(1);
    expect(failed).toMatchObject([
      { case: "hundred-volunteers-weigh-a-beach", field: "title", reason: "differs" },
    ]);
    expect((await failuresOf("--field", "date")).exitCode).toBe(0);
  });

  test.each<[string, () => void, string, string]>([
    [
      "without its expectation",
      () => rmSync(join(cwd, LISTING, "expected.json")),
      "case",
      "missing expectation",
    ],
    [
      "without an expected body",
      () => rmSync(join(cwd, ARTICLE, "expected.md")),
      "body",
      "missing expectation",
    ],
    [
      "that expects a field nothing reads",
      () => change(`${ARTICLE}/expected.json`, '"id":', '"subtitle": "x",\n  "id":'),
      "subtitle",
      "orphaned expectation",
    ],
    [
      "with an unknown expectation file",
      () => writeFileSync(join(cwd, ARTICLE, "expected-old.json"), "{}"),
      "case",
      "orphaned expectation: expected-old.json",
    ],
    [
      "with only an expectation",
      () => {
        mkdirSync(join(cwd, "cases/gone"));
        writeFileSync(join(cwd, "cases/gone/expected.json"), "{}");
      },
      "case",
      "has no case.json",
    ],
    [
      "that reads nothing",
      () => writeFileSync(join(cwd, ARTICLE, "page.html"), "<p>503"),
      "case",
      "ran nothing",
    ],
  ])("a case %s fails", async (_, breakIt, field, reason) => {
    breakIt();
    const { exitCode, failed } = await failuresOf();
    expect(exitCode).toBe(1);
    const own = failed.filter((one) => one.field === field);
    expect(own.map((one) => one.reason)).toEqual([expect.stringContaining(reason)]);
  });

  test("a case fails when its walk requests a page that is not in it", async () => {
    withWalk();
    const about = JSON.parse(read(`${WALK}/case.json`)) as { pages: { requestedUrl: string }[] };
    const lost = about.pages.pop()?.requestedUrl;
    writeFileSync(join(cwd, WALK, "case.json"), JSON.stringify(about));
    rmSync(join(cwd, WALK, "pages/002.html"));
    const { exitCode, failed } = await failuresOf();
    expect(exitCode).toBe(1);
    const reasons = failed.filter(({ field }) => field === "case").map(({ reason }) => reason);
    expect(reasons).toContain(`the walk asked for ${lost}, which is not in the case`);
  });

  test("an empty cases folder exits with 1 and a missing one with 2", async () => {
    rmSync(join(cwd, "cases"), { recursive: true });
    mkdirSync(join(cwd, "cases"));
    const none = await check();
    expect(none.exitCode).toBe(1);
    expect(none.stderr).toContain("there is no case below");
    rmSync(join(cwd, "cases"), { recursive: true });
    expect((await check()).exitCode).toBe(2);
  });

  test("a case exits with 4 when a required selector matches nothing", async () => {
    const site = { name: "demo", start: "http://office.example/", listing: { rows: ".gone" } };
    writeFileSync(join(cwd, "site.json"), JSON.stringify({ preset: "drupal7", ...site }));
    const { exitCode, stdout } = await check("--site", "site.json");
    expect(exitCode).toBe(4);
    expect(stdout).toContain("listing.rows matched nothing");
  });
});

describe("actual results and --update", () => {
  test("actual.json and actual.md are kept next to the expected files until the case passes", async () => {
    change(`${ARTICLE}/expected.json`, TITLE, "Other");
    change(`${ARTICLE}/expected.md`, "1.3 tonnes", "2.3 tonnes");
    await check();
    expect(JSON.parse(read(`${ARTICLE}/actual.json`)).title).toBe(TITLE);
    expect(read(`${ARTICLE}/actual.md`)).toContain("1.3 tonnes");
    expect(has(`${LISTING}/actual.json`)).toBe(false);
    change(`${ARTICLE}/expected.json`, "Other", TITLE);
    change(`${ARTICLE}/expected.md`, "2.3 tonnes", "1.3 tonnes");
    expect((await check()).exitCode).toBe(0);
    expect(readdirSync(join(cwd, ARTICLE)).filter((name) => /^actual/.test(name))).toEqual([]);
  });

  test("test --update shows the changes, rewrites the expected files and fetches nothing", async () => {
    const [json, markdown] = [read(`${ARTICLE}/expected.json`), read(`${ARTICLE}/expected.md`)];
    change(`${ARTICLE}/expected.json`, TITLE, "Other words");
    change(`${ARTICLE}/expected.md`, "1.3 tonnes", "2.3 tonnes");
    // office.example does not resolve: any request would fail.
    const { exitCode, stdout, stderr } = await check("--update");
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain("updated; this is what changed:");
    expect(stdout).toMatch(/title .*"Other words" .*"A hundred volunteers weigh a beach"/);
    expect(stdout).toMatch(/^ *- .*2\.3 tonnes/m);
    expect(stdout).toMatch(/^ *\+ .*1\.3 tonnes/m);
    expect(read(`${ARTICLE}/expected.json`)).toBe(json);
    expect(read(`${ARTICLE}/expected.md`)).toBe(markdown);
    expect((await check("--update")).stdout).toContain("nothing to update");
  });

  test("test --update --field updates only that field", async () => {
    change(`${ARTICLE}/expected.json`, TITLE, "Other words");
    change(`${ARTICLE}/expected.json`, '"2021-12-14"', '"2020-12-14"');
    await check("--update", "--field", "date");
    expect(JSON.parse(read(`${ARTICLE}/expected.json`))).toMatchObject({
      title: "Other words",
      date: "2021-12-14",
    });
  });

  test("test --update is refused in CI, unless forced", async () => {
    change(`${ARTICLE}/expected.json`, TITLE, "Other words");
    const run = (CI: string, ...more: string[]) =>
      sitelift(["test", "cases", "--update", ...more], { cwd, env: { CI } });
    const refused = await run("true");
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("--force");
    expect(read(`${ARTICLE}/expected.json`)).toContain("Other words");
    expect((await run("true", "--force")).exitCode).toBe(0);
    expect(read(`${ARTICLE}/expected.json`)).toContain(TITLE);
    expect((await run("false")).exitCode).toBe(0);
  });
});

describe("--reporter github", () => {
  /** File, line and title of each annotation. */
  async function annotations(...args: string[]) {
    const { stdout } = await check("--reporter", "github", ...args);
    return [...stdout.matchAll(/^::error file=([^,]+),line=(\d+),title=([^:]+)::/gm)].map(
      ([, file, line, title]) => ({ file, line: Number(line), title }),
    );
  }

  test("--reporter github annotates the line of the expected value, row or body", async () => {
    change(`${ARTICLE}/expected.json`, TITLE, "Other words");
    change(`${ARTICLE}/expected.md`, "1.3 tonnes", "2.3 tonnes");
    change(`${LISTING}/expected.json`, '"2021-12-14"', '"2020-12-14"');
    const name = "hundred-volunteers-weigh-a-beach";
    const row = lineOf(`${LISTING}/expected.json`, "2020-12-14");
    expect(row).toBeGreaterThan(20);
    expect(await annotations()).toEqual([
      {
        file: `${ARTICLE}/expected.json`,
        line: lineOf(`${ARTICLE}/expected.json`, "Other words"),
        title: `${name}%3A title`,
      },
      {
        file: `${ARTICLE}/expected.md`,
        line: lineOf(`${ARTICLE}/expected.md`, "2.3 tonnes"),
        title: `${name}%3A body`,
      },
      { file: `${LISTING}/expected.json`, line: row, title: "listing-1%3A date" },
    ]);
  });

  test("--reporter github annotates the line of a selector that matches nothing", async () => {
    const site = {
      preset: "drupal7",
      name: "demo",
      start: "http://office.example/",
      fields: { date: { listing: ".no-such", article: ".nor-this", formats: ["M/d/yyyy"] } },
    };
    writeFileSync(join(cwd, "site.json"), JSON.stringify(site, null, 2));
    const seen = await annotations("--site", "site.json");
    const date = seen.find(({ title }) => title === "hundred-volunteers-weigh-a-beach%3A date");
    expect(date).toMatchObject({ file: "site.json", line: lineOf("site.json", ".nor-this") });
  });

  test("--reporter github escapes workflow commands in page text", async () => {
    change(`${ARTICLE}/expected.md`, "1.3 tonnes", "1.3 tonnes\n::error::owned");
    const { stdout } = await check("--reporter", "github");
    expect(stdout).not.toMatch(/^::error::owned/m);
    expect(stdout).toContain("%0A");
  });
});

test("--reporter junit prints valid XML with one test case for each field", async () => {
  change(`${ARTICLE}/expected.json`, TITLE, "<&\\u0001\\ud800 ]]>");
  const checked = await failuresOf();
  const { stdout, exitCode } = await check("--reporter", "junit");
  expect(exitCode).toBe(checked.exitCode);
  const seen: { name: string; attributes: Record<string, string> }[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => seen.push({ name, attributes }));
  parser.write(stdout).close();
  const all = (name: string) => seen.filter((one) => one.name === name);
  const { stdout: json } = await check("--json");
  const cases = events(json).filter(({ event }) => event === "case") as {
    case: string;
    verdicts: Verdict[];
  }[];
  expect(
    all("testcase").map(({ attributes }) => `${attributes.classname} ${attributes.name}`),
  ).toEqual(cases.flatMap((one) => one.verdicts.map(({ field }) => `${one.case} ${field}`)));
  expect(all("testsuite").map(({ attributes }) => attributes.failures)).toEqual(["1", "0"]);
  expect(all("testsuites")[0]?.attributes).toMatchObject({
    failures: "1",
    tests: String(all("testcase").length),
  });
  expect(all("failure")).toHaveLength(1);
  const failed = all("testcase").find(({ attributes }) => attributes.line !== undefined);
  expect(failed?.attributes.line).toBe(String(lineOf(`${ARTICLE}/expected.json`, "<&")));
});

test("--reporter html writes one file without active content, whatever the page text", async () => {
  const evil = "<script>alert(1)</script><img src=x onerror=alert(1)>";
  change(`${ARTICLE}/expected.json`, TITLE, evil);
  change(`${ARTICLE}/expected.md`, "1.3 tonnes", `1.3 tonnes ${evil}`);
  const { exitCode, stdout } = await check("--reporter", "html", "--out", "report.html");
  expect(exitCode).toBe(1);
  expect(stdout).toContain("report: report.html");
  const $ = load(read("report.html"));
  expect($("script, img, iframe, object, embed, link, form, svg, base").length).toBe(0);
  const names = $("*")
    .toArray()
    .flatMap((element) => ("attribs" in element ? Object.keys(element.attribs) : []));
  expect(names.filter((name) => /^on|^(?:src|style|srcset|action)$/.test(name))).toEqual([]);
  // The saved page and the one with the elements marked, both on this machine.
  for (const { attribs } of $("[href]").toArray())
    expect(attribs.href).toMatch(/^(?!.*(?:\/\/|:|\.\.))[\w%./-]+\.html(?:#sitelift-marked)?$/);
  expect($("meta[http-equiv]").attr("content")).toContain("default-src 'none'");
  expect($("del").text()).toContain(evil);
  expect(read("report.html")).not.toMatch(/url\(|@import/);
});

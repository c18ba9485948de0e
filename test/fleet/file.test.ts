/** Fleet files: what they may say, what is told of what is wrong, and which sites they mean. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import type { CliError } from "../../src/error.js";
import { parseFleet } from "../../src/fleet/file.js";
import { findFleet, only } from "../../src/fleet/sites.js";
import { scratch, sitelift } from "../commands/sitelift.js";
import { siteOn } from "./hosts.js";

const DOCUMENT = readFileSync(resolve(import.meta.dirname, "../../docs/fleet.md"), "utf8");

test("the fleet files that the document shows are valid", () => {
  const shown = [...DOCUMENT.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = ""]) => text);
  expect(shown.length).toBeGreaterThan(0);
  for (const text of shown) expect(parseFleet(text, "fleet.yaml").fleet.sites).not.toEqual([]);
});

test("the document names every key of a fleet file", async () => {
  const { stdout } = await sitelift(["schema", "fleet"]);
  const keys = new Set<string>();
  JSON.parse(stdout, (key, value) => {
    if (key === "properties") for (const name of Object.keys(value)) keys.add(name);
    return value;
  });
  expect(keys.size).toBeGreaterThan(15);
  expect([...keys].filter((key) => !DOCUMENT.includes(`\`${key}\``))).toEqual([]);
});

const wrongOf = (text: string): readonly string[] => {
  try {
    parseFleet(text, "f.yaml");
    return [];
  } catch (error) {
    return (error as CliError).details;
  }
};

test.each([
  ["sites: [a]\nevry: day", ['evry: unknown key, did you mean "every"? (f.yaml:2:1)']],
  [
    "sites: [a]\nevery: fortnight",
    [/^every: expected "hour", "day", .* or "year", found "fortnight" \(f.yaml:2:1\)$/],
  ],
  [
    "sites:\n  - a\n  - site: b\n    limit: many\n  - {site: c, langauges: all}",
    [
      'sites.1.limit: expected a number, without quotes, found "many" (f.yaml:4:5)',
      'sites.2.langauges: unknown key, did you mean "languages"? (f.yaml:5:15)',
    ],
  ],
  ["sites: []", ['sites: expected a list of at least 1, such as ["…"], found [] (f.yaml:1:1)']],
  ["out: x", ["sites: expected a list in [ ], found nothing (f.yaml:1:1)"]],
  [
    "sites: [a]\nhosts:\n  a.example: {delay: -1}",
    ["hosts.a.example.delay: expected a number of at least 0, found -1 (f.yaml:3:15)"],
  ],
  ['sites: [a]\nhosts:\n  "https://a.example": {}', [/^hosts.*name of a host.*\(f.yaml:3:3\)$/]],
  ["sites: [a", [/\(f.yaml:1:10\)$/]],
  ["- a", [/^the file: expected an object in \{ \} with .*\(f.yaml:1:1\)$/]],
  ["", [/^the file: expected an object/]],
  ["sites:\n  - site: a\n    since: 2021-02-30", [/^sites.0.since: expected a calendar date/]],
  ["sites:\n  - site: a\n    maxRejected: 2 %", [/^sites.0.maxRejected: .*"2 %" \(f.yaml:3:5\)$/]],
  ["sites: [a]\nsites: [b]", [/^Map keys must be unique.*\(f.yaml:2:1\)$/]],
])("%j is refused with the place of each thing that is wrong", (text, details) => {
  const found = wrongOf(text);
  expect(found).toHaveLength(details.length);
  for (const [at, wanted] of details.entries())
    if (typeof wanted === "string") expect(found[at]).toBe(wanted);
    else expect(found[at]).toMatch(wanted);
});

function folderWith(...names: string[]): string {
  const cwd = scratch();
  mkdirSync(join(cwd, "sites"));
  for (const name of names)
    writeFileSync(join(cwd, "sites", `${name}.json`), JSON.stringify(siteOn("a.example", name)));
  return cwd;
}
const namesOf = async (cwd: string, ...targets: string[]) =>
  (await findFleet(targets, cwd)).sites.map(({ name }) => name);

test("a folder, a pattern, a name and a file mean sites", async () => {
  const cwd = folderWith("one", "two");
  expect(await namesOf(cwd, "sites")).toEqual(["a-one", "a-two"]);
  expect(await namesOf(cwd, "sites/t*.json", "demo")).toEqual(["a-two", "demo"]);
  const offices = await namesOf(cwd, "unesco-b*");
  expect(offices).toContain("unesco-beijing");
  expect(offices.every((name) => name.startsWith("unesco-b"))).toBe(true);
  writeFileSync(
    join(cwd, "fleet.yaml"),
    "every: day\nout: all\nsites: [sites, {site: demo, language: fr, every: year, name: mine}]",
  );
  const { out, sites } = await findFleet(["fleet.yaml"], cwd);
  expect(out).toBe(join(cwd, "all"));
  expect(sites).toMatchObject([
    { name: "a-one", host: "a.example", every: "day", problem: null },
    { name: "a-two", every: "day" },
    { name: "mine", every: "year" },
  ]);
  expect(only(sites, ["a-*"]).map(({ name }) => name)).toEqual(["a-one", "a-two"]);
  expect(() => only(sites, ["mime"])).toThrow("--only mime: the fleet has no site of this name");
});

test.each([
  [["nowhere.yaml"], /^no fleet file at /],
  [["sites/x*.json"], "sites/x*.json: no site file has such a name"],
  [["nasa-*"], /^nasa-\*: no built-in site has such a name/],
  [["demo", "demo"], 'demo: the archive "demo" is that of demo already; give it another `name`'],
  [["a.yaml", "demo"], "a.yaml is a fleet file, which is given alone"],
  [["."], ".: the folder has no site file"],
])("%j is refused", async (targets, message) => {
  await expect(findFleet(targets, folderWith("one"))).rejects.toThrow(message);
});

test("sites of one name are refused with the place of the second", async () => {
  const cwd = folderWith("one");
  writeFileSync(join(cwd, "fleet.yaml"), "sites:\n  - sites\n  - sites/one.json\n");
  await expect(findFleet(["fleet.yaml"], cwd)).rejects.toMatchObject({
    exitCode: 2,
    details: [
      expect.stringMatching(
        /^sites\/one\.json: the archive "a-one" is that of .* \(fleet.yaml:3:5\)$/,
      ),
    ],
  });
});

test("a site file that is not valid is the matter of its site alone", async () => {
  const cwd = folderWith("one");
  writeFileSync(join(cwd, "sites", "two.json"), '{"name": "two", "strat": "x"}');
  const { sites } = await findFleet(["sites", "missing.ts"], cwd);
  expect(sites.map(({ name, problem }) => [name, problem?.message])).toEqual([
    ["a-one", undefined],
    ["two", "two.json is not a valid site file"],
    ["missing", expect.stringMatching(/^no site file at /)],
  ]);
});

import { Command } from "@commander-js/extra-typings";
import { expect, test } from "vitest";
import { withoutEffect } from "../../src/commands/command-line/without-effect.js";
import { COMMANDS } from "../../src/commands/commands.js";
import { newProgram } from "../../src/commands/main.js";
import { sitelift } from "./sitelift.js";

const program = await newProgram(
  "",
  () => true,
  () => {},
);

test.each(program.commands.map((command) => [command.name(), command] as const))(
  "the help of %s ends with two examples that the command takes",
  async (name, command) => {
    const { stdout, exitCode } = await sitelift([name, "--help"]);
    expect(exitCode).toBe(0);
    const [, examples = ""] = /\nExamples:\n((?: {2}\$ sitelift .*\n)+)$/.exec(stdout) ?? [];
    const lines = examples.trimEnd().split("\n");
    expect(lines).toHaveLength(2);
    const options = command.options.map(({ long }) => long);
    for (const line of lines) {
      const [, , verb, ...words] = line.trim().split(" ");
      expect(verb).toBe(name);
      for (const word of words) if (word.startsWith("--")) expect(options).toContain(word);
    }
  },
);

test.each([
  ["demo --serve --out a", "--out has no effect with --serve"],
  ["demo --port 8080", "--port has no effect without --serve"],
  [
    "crawl my-site.ts --preset drupal7",
    "--preset has no effect with a site that is named: it is for a bare URL",
  ],
  [
    "crawl my-site.ts --language fr",
    "--language has no effect without a built-in site: a site file says which language it has",
  ],
  ["crawl demo --no-media --refetch-media", "--refetch-media has no effect with --no-media"],
  [
    "crawl demo --no-media --max-failed-media 2",
    "--max-failed-media has no effect with --no-media",
  ],
  ["crawl demo --dry-run --self-contained", "--self-contained has no effect with --dry-run"],
  ["crawl demo --dry-run --requisites all", "--requisites has no effect with --dry-run"],
  [
    "crawl demo --limit 5 --no-witness",
    "--no-witness has no effect with --limit: a part of a list is not compared",
  ],
  [
    "crawl my-site.ts --from-archive --delay 5",
    "--delay has no effect with --from-archive: a web archive has a pace of its own",
  ],
  [
    "crawl my-site.ts --from-archive --requisites all",
    "--requisites has no effect with --from-archive: articles and their images are all that is asked for",
  ],
  [
    "crawl my-site.ts --from-archive --no-articles --prefer first-good",
    "--prefer has no effect with --no-articles",
  ],
  [
    "build a --watch --no-media --limit 2 --no-witness",
    "--no-media has no effect with --watch, --no-witness has no effect with --watch",
  ],
  ["build a --sample 5 --out b", "--out has no effect with --watch"],
  ["build a --dry-run --max-failed-media 2", "--max-failed-media has no effect with --dry-run"],
  [
    "export a --to csv --path :slug",
    "--path has no effect with --to csv, jsonl, sqlite, bagit, drupal, wordpress: they have no content files",
  ],
  [
    "export a --to bagit --base /b",
    "--base has no effect with --to bagit: a bag holds the archive as it is",
  ],
  [
    "inspect https://a.org/b --preset drupal7 --url https://a.org/b",
    "--url has no effect with a page that is named by its URL",
  ],
  [
    "inspect a.html --language fr",
    "--language has no effect without a built-in site: a site file says which language it has",
  ],
  ["record https://a.org/b --walk --as listing", "--as has no effect with --walk"],
  ["test --force", "--force has no effect without --update"],
  ["test --json --reporter junit", "--json has no effect with --reporter: that one decides"],
  ["test --health --json", "--health has no effect without the text report"],
  [
    "test --language fr",
    "--language has no effect without a built-in site: a site file says which language it has",
  ],
  [
    "init https://a.org/b --url https://a.org/b",
    "--url has no effect with a page that is named by its URL",
  ],
  ["drift --max-age-fails", "--max-age-fails has no effect without --max-age"],
  [
    "schema site --site a.ts",
    "--site has no effect on the schema of a site file: it has the fields of any site",
  ],
])("%s is told that an option has no effect", async (line, sentences) => {
  expect((await told(line)).join(", ")).toBe(sentences);
});

test.each([
  "demo --out a",
  "crawl https://a.org/b --preset drupal7 --dry-run --limit 2",
  "crawl unesco-beijing --language fr --no-media",
  "crawl a.ts --from-archive --requisites none",
  "build a --watch --sample 5 --no-articles",
  "export a --to hugo --path :slug --base /b",
  "inspect a.html --url https://a.org/b --preset drupal7",
  "test --update --force --health --reporter junit --out a.xml",
  "drift --max-age 9d --max-age-fails",
  "schema entry --site unesco-beijing --language fr",
])("%s has no option without an effect", async (line) => {
  expect(await told(line)).toEqual([]);
});

test("an option without an effect is told before the command begins, and it goes on", async () => {
  const { stderr } = await sitelift(["drift", "nowhere", "--max-age-fails"]);
  expect(stderr).toMatch(/^--max-age-fails has no effect without --max-age\nerror: /);
});

/** What is said of a command line. */
async function told(line: string): Promise<string[]> {
  const [name, ...words] = line.split(" ");
  const own = await COMMANDS.find((command) => command.name === name)?.describe();
  if (own === undefined) throw new Error(line);
  const parsed = own.options(new Command(name).exitOverride());
  parsed.argument("[words...]").parse(words, { from: "user" });
  const given = Object.entries(parsed.opts()).filter(
    ([key]) => parsed.getOptionValueSource(key) !== "default",
  );
  const typed = { given: Object.fromEntries(given), args: parsed.args };
  return [...withoutEffect(own.needless ?? [], typed).values()];
}

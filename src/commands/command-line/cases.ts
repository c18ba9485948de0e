/** How the commands are typed that record and check cases. */
import { type Description, type Line, Option, type OptionsOf } from "./command.js";
import { caseSite, json, kind, language, preset, site } from "./options.js";
import { days } from "./values.js";
import { beside, bySite, ofUrl, option, without } from "./without-effect.js";

export const record = {
  options: (line: Line) =>
    line
      .addOption(site())
      .addOption(preset())
      .addOption(language())
      .option("--name <name>", "name of the case (default: from its URL or title)")
      .option("--out <dir>", "folder of the cases (default: fixtures/cases/<site>)")
      .option(
        "--url <url>",
        "URL of a saved file; for a capture, once for each page",
        (url: string, before: readonly string[] | undefined = []) => [...before, url],
      )
      .addOption(kind())
      .option(
        "--listing <page>",
        "listing page with a row that links to the article, saved with it",
      )
      .option("--walk", "save every listing page of the walk as one case")
      .option("--trim", "delete what the result does not depend on, and prove it")
      .option("--scrub", "remove tokens, form ids, e-mail addresses and analytics")
      .option("--force", "overwrite a case that exists")
      .addOption(json()),
  examples: [
    "record https://example.org/news/a-story --site my-site.ts --trim --scrub",
    "record https://example.org/news --site my-site.ts --walk",
  ],
  needless: [...bySite(option, true), ofUrl, beside("walk", "--walk", ["as", "listing"])],
} satisfies Description;
export type RecordOptions = OptionsOf<typeof record>;

export const test = {
  options: (line: Line) =>
    line
      .addOption(caseSite())
      .addOption(language())
      .option("--field <name>", "only this field")
      .option("--update", "take the results as the new expectations, and show what changed")
      .option("--force", "update even in CI")
      .option(
        "--mutate",
        "remove, rename and empty what each field was read from, and expect the case to fail",
      )
      .option("--health", "show how often each selector gave its field, and from how many nodes")
      .addOption(
        new Option("--reporter <name>", "form of the report (default: text)").choices([
          "text",
          "json",
          "junit",
          "github",
          "html",
        ] as const),
      )
      .option("--out <file>", "write the report to a file")
      .addOption(json()),
  examples: ["test", "test fixtures/cases --reporter html --out report.html"],
  needless: [
    ...bySite(option, false),
    without("update", "--update", ["force"]),
    {
      off: ["json"],
      why: "with --reporter: that one decides",
      when: ({ given }) => given.reporter !== undefined && given.reporter !== "json",
    },
    {
      off: ["health"],
      why: "without the text report",
      when: ({ given: { reporter, json, out } }) =>
        reporter === "json" ||
        (reporter === undefined && json === true) ||
        (reporter !== undefined && reporter !== "text" && out === undefined),
    },
  ],
} satisfies Description;
export type TestOptions = OptionsOf<typeof test>;

export const drift = {
  options: (line: Line) =>
    line
      .addOption(caseSite())
      .addOption(language())
      .option("--max-age <days>", "warn of cases recorded longer ago, such as 90d", days)
      .option("--max-age-fails", "exit with 1 if a case is older than --max-age")
      .addOption(json()),
  examples: ["drift", "drift fixtures/cases --max-age 90d"],
  needless: [...bySite(option, false), without("maxAge", "--max-age", ["maxAgeFails"])],
} satisfies Description;
export type DriftOptions = OptionsOf<typeof drift>;

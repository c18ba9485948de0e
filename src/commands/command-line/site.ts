/** How the commands are typed that make a site file and look at what it reads, and those that explain. */
import { DEFAULT_SITE, type Description, type Line, Option, type OptionsOf } from "./command.js";
import { json, kind, language, preset, site } from "./options.js";
import { whole } from "./values.js";
import { bySite, ofUrl, option } from "./without-effect.js";

export const inspect = {
  options: (line: Line) =>
    line
      .addOption(site())
      .addOption(preset())
      .addOption(language())
      .option("--url <url>", "URL of a saved file")
      .addOption(
        new Option(
          "--capture <path>",
          "read the page from an archive, a WACZ or WARC file, without the network",
        ).conflicts("url"),
      )
      .addOption(kind())
      .addOption(json()),
  examples: [
    "inspect page.html --url https://example.org/news --preset drupal7",
    "inspect https://example.org/news --capture archive --site my-site.ts",
  ],
  needless: [...bySite(option, true), ofUrl],
} satisfies Description;
export type InspectOptions = OptionsOf<typeof inspect>;

export const init = {
  options: (line: Line) =>
    line
      .option("--article <page>", "an article that it links to: URL or file (default: the first)")
      .option("--url <url>", "URL of a saved listing page")
      .option("--name <name>", "name of the site (default: from its URL)")
      .option("--out <file>", "site file (default: sitelift.config.ts, else <name>.site.ts)")
      .option("--yes", "accept unsure proposals without asking")
      .option("--force", "overwrite files that exist")
      .option("--dry-run", "propose, and write nothing")
      .addOption(json()),
  examples: [
    "init https://example.org/news",
    "init page.html --url https://example.org/news --yes",
  ],
  needless: [ofUrl],
} satisfies Description;
export type InitOptions = OptionsOf<typeof init>;

export const repair = {
  options: (line: Line) =>
    line
      .addOption(new Option("--site <site>", `site file; ${DEFAULT_SITE}`))
      .option(
        "--capture <path>",
        "read the pages as they are now from a capture, without the network",
      )
      .option("--sample <n>", "articles to look at (default: 12)", whole(3, 1_000))
      .option("--accept", "write the site file, and cases of the new pages")
      .addOption(json()),
  examples: [
    "repair archive --site my-site.ts",
    "repair archive --site my-site.ts --capture archive/captures/20261130T020000Z --accept",
  ],
} satisfies Description;
export type RepairOptions = OptionsOf<typeof repair>;

export const schema = {
  options: (line: Line) =>
    line
      .option("--site <site>", "with the fields of this site: a site file, or a built-in site")
      .addOption(language())
      .option("--out <file>", "write it to a file"),
  examples: ["schema site --out site.schema.json", "schema entry"],
  needless: [
    ...bySite(option, false),
    {
      off: ["site"],
      why: "on the schema of a site file: it has the fields of any site",
      when: ({ args }) => args[0] === "site",
    },
  ],
} satisfies Description;
export type SchemaOptions = OptionsOf<typeof schema>;

export const explain = {
  options: (line: Line) => line,
  examples: ["explain page-short", "explain 3"],
} satisfies Description;

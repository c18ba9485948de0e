/** How the commands are typed that make a site file and look at what it reads, and those that explain. */
import { Command, type Description, Option, type OptionsOf } from "./command.js";
import { DEFAULT_SITE, json, kind, language, preset, site } from "./options.js";
import { whole } from "./values.js";
import { bySite, ofUrl, option } from "./without-effect.js";

export const inspect = {
  line: () =>
    new Command("inspect")
      .description("show what a page is taken for, what each selector matches and the result")
      .argument("<page>", "URL or saved HTML file")
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
  line: () =>
    new Command("init")
      .description("propose a site file for a listing page, and write it")
      .argument("<page>", "URL of a listing page, or a saved HTML file")
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
  line: () =>
    new Command("repair")
      .description(
        "find where a changed template has what the archive knows, and mend the site file",
      )
      .argument("[archive]", "archive folder (default: output/<site>)")
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
  line: () => {
    const command = new Command("schema");
    return command
      .description("print the JSON Schema of a site file, of an entry or of a fleet file")
      .addArgument(
        command
          .createArgument("<what>", "which schema")
          .choices(["site", "entry", "fleet"] as const),
      )
      .option("--site <site>", "with the fields of this site: a site file, or a built-in site")
      .addOption(language())
      .option("--out <file>", "write it to a file");
  },
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
  line: () =>
    new Command("explain")
      .description("say what a warning, finding or exit code means and what to do")
      .argument("[code...]", "such as page-short or 3; without one, lists all"),
  examples: ["explain page-short", "explain 3"],
} satisfies Description;

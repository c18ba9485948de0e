/** How the commands are typed that work on an archive. */
import { type Description, type Line, Option, type OptionsOf } from "./command.js";
import { json } from "./options.js";
import { calendarDate, keep, time } from "./values.js";

export const pack = {
  options: (line: Line) =>
    line
      .option("--out <file>", "the package (default: <archive>.wacz)")
      .option("--sign <key>", "sign the package with this private key (ECDSA, a PEM file)")
      .addOption(json()),
  examples: ["pack archive", "pack archive --out archive.wacz --sign key.pem"],
} satisfies Description;
export type PackOptions = OptionsOf<typeof pack>;

export const verify = {
  options: (line: Line) =>
    line
      .option("--key <key>", "public key that must have signed the package (a PEM file)")
      .addOption(json()),
  examples: ["verify archive", "verify archive.wacz --json"],
} satisfies Description;
export type VerifyOptions = OptionsOf<typeof verify>;

export const prune = {
  options: (line: Line) =>
    line
      .option(
        "--keep <rules>",
        "captures that stay, the last of each period: monthly:12,yearly (last:N, hourly, daily, weekly, monthly, yearly)",
        keep,
      )
      .option("--before <date>", "remove only captures that began before YYYY-MM-DD", calendarDate)
      .option("--dry-run", "show what would be removed, and remove nothing")
      .addOption(json()),
  examples: [
    "prune archive --keep monthly:12,yearly --dry-run",
    "prune archive --before 2026-01-01",
  ],
} satisfies Description;
export type PruneOptions = OptionsOf<typeof prune>;

export const diff = {
  options: (line: Line) =>
    line
      .option("--last", "compare the two newest snapshots of the archive")
      .option(
        "--from <time>",
        "compare the archive as of a time: YYYY-MM-DD, or more or less of it",
        time,
      )
      .option("--to <time>", "with the archive as of this time (default: now)", time)
      .option("--summary", "print counts and one line for each change, not the changes themselves")
      .option("--exit-code", "exit with 1 when something changed")
      .addOption(json()),
  examples: ["diff archive --last --summary", "diff archive --from 2026-01 --to 2026-02"],
} satisfies Description;
export type DiffOptions = OptionsOf<typeof diff>;

/** Targets of an export without content files of their own. */
const DATA = ["csv", "jsonl", "sqlite", "bagit", "drupal", "wordpress"];

export const exporting = {
  options: (line: Line) =>
    line
      .requiredOption("--to <target>", "target, or a module with an export of your own")
      .option("--out <dir>", "folder of the export (default: output/<site>-<target>)")
      .option("--permalink <pattern>", "URLs on the new site (default: /:language/:year/:slug/)")
      .option("--path <pattern>", "names of content files (default: :language/:year/:slug)")
      .option("--base <path>", "path prefix of the new site, such as /archive")
      .option(
        "--force",
        "write into a folder that holds something else, and over files you changed",
      )
      .option("--dry-run", "calculate everything, write nothing, print what would be written")
      .addOption(json()),
  examples: ["export archive --to hugo", "export archive --to csv --out tables"],
  needless: [
    {
      off: ["path"],
      why: `with --to ${DATA.join(", ")}: they have no content files`,
      when: ({ given }) => DATA.includes(String(given.to)),
    },
    {
      off: ["permalink", "base"],
      why: "with --to bagit: a bag holds the archive as it is",
      when: ({ given }) => given.to === "bagit",
    },
  ],
} satisfies Description;
export type ExportOptions = OptionsOf<typeof exporting>;

export const redirects = {
  options: (line: Line) =>
    line
      .addOption(
        new Option("--format <name>", "form of the redirects (default: json)").choices([
          "netlify",
          "nginx",
          "apache",
          "drupal",
          "json",
        ] as const),
      )
      .option("--out <file>", "write to a file instead of the terminal")
      .option("--to <target>", "target of the export, if it has URLs of its own kind")
      .option("--permalink <pattern>", "URLs on the new site, as given to export")
      .option("--base <path>", "path prefix of the new site, as given to export")
      .addOption(
        new Option(
          "--check <url>",
          "check that every old URL on a running site redirects permanently to a page",
        ).conflicts(["format", "out"]),
      )
      .addOption(json()),
  examples: [
    "redirects archive --format nginx --out redirects.conf",
    "redirects archive --check http://localhost:8080",
  ],
} satisfies Description;
export type RedirectsOptions = OptionsOf<typeof redirects>;

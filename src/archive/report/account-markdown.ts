/**
 * account.md: the report of a run for a person. First the verdict, the numbers and what to decide, then the details.
 * Words of the site are escaped in it, whatever they hold.
 */
import { FIELD_NAMES } from "../../model.js";
import type { Account } from "../../schema/run-report.js";
import { byteCount, count } from "../../text.js";
import { composite, detailsOf, type Shown } from "./account-details.js";
import { type Decision, exampleText } from "./decision.js";
import { decisionsOf } from "./decisions.js";
import { code, escapeMarkdown, folded, list, part, sentence, table } from "./markdown-blocks.js";
import type { Shelf } from "./shelf.js";
import { statesIn } from "./totals.js";
import { verdictOn } from "./verdict.js";

/** @param shelf every entry of the archive */
export function renderAccount(account: Account, shelf: Shelf): string {
  const decisions = decisionsOf(account, shelf);
  const entry: Shown = (id) => {
    const named = shelf.get(id);
    return named === undefined
      ? code(id)
      : `[${escapeMarkdown(named.title)}](${named.path.split("/").map(encodeURIComponent).join("/")})`;
  };
  const details = detailsOf(account, shelf, entry);
  const blocks = [
    ...heading(account, decisions),
    ...numbers(account, shelf),
    ...listSections(account),
    ...composite(account, entry),
    ...toDecide(decisions, entry),
    ...accepted(account),
    ...(details.length === 0 ? [] : ["## Details", ...details]),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function heading(account: Account, decisions: readonly Decision[]): string[] {
  const { word, why } = verdictOn(account, decisions);
  const { counts, archive } = account;
  const states = statesIn(counts).map(([state, n]) => `${n} ${state}`);
  return [
    `# Account of ${escapeMarkdown(account.site)}`,
    `**${word}.** ${why}`,
    `${count(counts.listed, "URL")} listed${states.length > 0 ? `: ${states.join(", ")}` : ""}. The archive holds ${count(archive.entries, "entry", "entries")}.`,
    account.ignoredRobots
      ? "**robots.txt was ignored (`--ignore-robots`): disallowed pages were fetched too, without a Crawl-delay.**"
      : "",
  ];
}

function numbers({ archive }: Account, shelf: Shelf): string[] {
  const { entries, languages, missing: without, media, links: all, redirects } = archive;
  const dates = [...shelf.values()].flatMap(({ date }) => date ?? []).sort();
  const spoken = Object.entries(languages).map(([tag, n]) => `${escapeMarkdown(tag)} ${n}`);
  const dated = entries - without.date.length;
  const reserved: readonly string[] = FIELD_NAMES;
  const own = Object.entries(archive.coverage).filter(([name]) => !reserved.includes(name));
  const span = dates.length === 0 ? "" : `, from ${dates[0]} to ${dates.at(-1)}`;
  return [
    "## Numbers",
    table(
      ["what", "number"],
      [
        ["entries", `${entries}${spoken.length > 0 ? ` (${spoken.join(", ")})` : ""}`],
        ["with a date", `${dated}${span}`],
        ["with a type", entries - without.type.length],
        ["with a summary", entries - without.summary.length],
        ["with a body", entries - without.body.length],
        ...own.map(([name, sources]): [string, number] => {
          const { none = 0, ...found } = sources;
          return [`with \`${name}\``, Object.values(found).reduce((sum, n) => sum + n, 0)];
        }),
        [
          "images and attachments stored",
          `${media.files} (${byteCount(media.bytes)}), not stored ${media.failed.length}`,
        ],
        ["links to other entries", all.entries],
        ["links that lead to no entry of the site", all.notMigrated.length + all.broken.length],
        ["entries with a translation", archive.translations.linked],
        ["old URLs in [redirects.csv](redirects.csv)", redirects],
      ],
    ),
  ];
}

/** A section for each of several lists, and what of it needs a look. */
function listSections({ archive, lists: walked = [], gaps }: Account): string[] {
  const all = Object.entries(archive.lists ?? {});
  if (all.length === 0) return [];
  const sections = all.flatMap(([name, counts]) => {
    const states = statesIn(counts).map(([state, n]) => `${n} ${state}`);
    const seen = walked.find((one) => one.name === name);
    const also = counts.alsoInOthers;
    const sentences = [
      `${count(counts.listed, "URL")} listed: ${states.join(", ")}.`,
      also === 0 ? "" : `Of them in other lists too, as one entry each: ${also}.`,
      seen === undefined
        ? ""
        : `${count(seen.listingPages, "listing page")} from ${code(seen.start)}, ${seen.complete ? "read to the end" : "**not read to the end**"}.`,
    ];
    const own = gaps.filter((gap) => gap.includes(`"${name}"`) || gap.startsWith(`${name}: `));
    return [
      `### ${escapeMarkdown(name)}`,
      sentences.filter((one) => one !== "").join(" "),
      ...(own.length === 0 ? [] : [list(own, sentence)]),
    ];
  });
  return ["## Lists", ...sections];
}

function toDecide(decisions: readonly Decision[], entry: Shown): string[] {
  const shown = decisions.map(({ title, isFinding, advice, type, examples }, at) =>
    [
      `${at + 1}. **${escapeMarkdown(title)}**${isFinding ? " (finding)" : ""}. ${sentence(advice)}`,
      "",
      `   ${code(type)}`,
      "",
      ...folded(examples, (one) =>
        exampleText(one, { entry, code, type: code, text: sentence }),
      ).map((line) => `   ${line}`),
    ].join("\n"),
  );
  return [
    "## To decide",
    ...(shown.length === 0
      ? ["Nothing."]
      : ["SITE is your site file or the name of the site, ARCHIVE this folder.", ...shown]),
  ];
}

function accepted({ accepted: all }: Account): string[] {
  return part("## Accepted by the site file", "", all, ({ message, reason }) =>
    sentence(`${message} (${reason})`),
  );
}

/**
 * What a run leaves to decide, gravest first: the head of account.md and of report.html. A long table, one decision after
 * the other. Pure. Commands name no folder of a machine: SITE is the site file or the name of the site, ARCHIVE the archive.
 */
import type { State } from "../../model.js";
import { isLimit } from "../../schema/holdings.js";
import {
  type Account,
  acceptable,
  acceptedArticles,
  acceptWords,
  isOf,
  notInList,
} from "../../schema/run-report.js";
import { count, parseUrl } from "../../text.js";
import { AGAIN, type Decision, decide, type Example } from "./decision.js";
import { ofLinks } from "./link-decisions.js";
import { gapAdvice, REMEDIES } from "./remedies.js";
import { inOrder, type Shelf } from "./shelf.js";
import { missed, type Unwritten } from "./verdict.js";

/** Of all captures each would count as one more run: the history would say that the newest articles went and came back. */
const REBUILD = "sitelift build ARCHIVE/captures/NEWEST --site SITE --out ARCHIVE";

export function decisionsOf(report: Account, shelf: Shelf): Decision[] {
  const all: (Decision | null)[] = [
    ...ofTheRun(report),
    ...ofArticles(report),
    ...ofTheSiteFile(report),
    ...ofMedia(report),
    ...ofWarnings(report, shelf),
    ...ofFields(report, shelf),
    ...ofLinks(report, shelf),
    ...ofDecisions(report),
  ];
  return all
    .filter((one) => one !== null)
    .map((one) => ({ ...one, type: filledIn(one, shelf) }))
    .sort((a, b) => Number(b.isFinding) - Number(a.isFinding));
}

/** What is to type, with the URL of the first example in it. */
function filledIn({ type, examples: [first] }: Decision, shelf: Shelf): string {
  const named = shelf.get(first?.entry ?? "")?.sourceUrl;
  const url = parseUrl(first?.code ?? "") ?? parseUrl(named ?? "");
  if (url === null) return type;
  const path = parseUrl(named ?? "")?.pathname ?? url.pathname;
  return type
    .replace(/\bURL\b/, () => (/^[\w:/.,@%+-]+$/.test(url.href) ? url.href : `'${url.href}'`))
    .replace("/PATH", () => (/^[\w/.-]+$/.test(path) ? path : JSON.stringify(path)));
}

function ofTheRun(report: Account): (Decision | null)[] {
  const { drift, gaps, outside, balance, ignoredRobots, notes } = report;
  const open = acceptable(report);
  const sentence = (text: string): Example => {
    const found = open.find((one) => isOf(text, one));
    return found === undefined ? { text } : { text, type: acceptWords(found) };
  };
  /** What to do about findings; where they may come from drift, nothing is offered to accept. */
  const advice = (first: string, accept: string) =>
    drift.length > 0
      ? "This may come from the template drift: fix the selectors first."
      : `${first} ${accept}`;
  const accept =
    "Where a finding is right as it is, add the words beside it to `accept` of the site file.";
  return [
    decide(
      drift.map(sentence),
      (n) => `Template drift: ${count(n, "selector")} to fix`,
      `Look at what the selectors match now, fix the site file, and build again.${open.length > 0 ? ` ${accept}` : ""}`,
      "sitelift inspect URL --site SITE",
      true,
    ),
    decide(
      gaps.map(sentence),
      (n) => `${count(n, "gap")} in the listing`,
      advice(
        isComposite(report)
          ? "The captures that were found do not show what is there; another web archive may have more (`archive` of the site file)."
          : gapAdvice(report),
        accept,
      ),
      again(report),
      true,
    ),
    decide(
      notInList(report).map(sentence),
      () => "The site's feed or sitemap names articles that the list does not",
      advice(
        "Open one of them. If it is an article, look for what keeps it off the list: a pager that hides pages, another list.",
        "If it is right that the list lacks them, add the words beside it to `accept` of the site file.",
      ),
      "sitelift inspect URL --site SITE",
      true,
    ),
    decide(
      report.fewer.map(sentence),
      () => "Fewer than before",
      advice(
        "Compare with the site: a selector may match less than it did.",
        "Where it is right, add the words beside it to `accept` of the site file; until then each run is compared with the one before the loss.",
      ),
      "sitelift diff ARCHIVE --last --summary",
      true,
    ),
    decide(
      balance.map(({ message }) => ({ text: message })),
      () => "The ledger does not balance",
      "This is a fault of sitelift. Please report it with what this shows:",
      "sitelift verify ARCHIVE",
      true,
    ),
    decide(
      outside === null ? [] : [{ text: outside }],
      () => "Every row links outside the site",
      "Add the hosts that a crawl may visit to the site file:",
      '"origins": ["https://HOST"]',
      true,
    ),
    decide(
      ignoredRobots
        ? [
            {
              text: "robots.txt was ignored: disallowed pages were fetched too, without a Crawl-delay.",
            },
          ]
        : [],
      () => "robots.txt was ignored (--ignore-robots)",
      "Right for your own site only. For any other, crawl without the option into a new folder:",
      "sitelift crawl SITE --out NEW-ARCHIVE",
    ),
    decide(
      notes.map((text) => ({ text })),
      (n) => `${count(n, "note")} about the run`,
      "Compare with the site, page by page where needed:",
      "sitelift inspect URL --site SITE",
    ),
  ];
}

function isComposite({ archive, listingMementos = [] }: Account): boolean {
  return archive.composite !== undefined || listingMementos.length > 0;
}

function again(report: Account): string {
  return isComposite(report) ? AGAIN.replace("SITE", "SITE --from-archive") : AGAIN;
}

function ofArticles(report: Account): (Decision | null)[] {
  const { notWritten } = report.archive;
  const known = acceptedArticles(report, "article-rejected");
  const lines = (all: readonly Unwritten[]) =>
    all.map(({ url, reason, entry }) => ({ code: url, text: reason ?? "", entry }));
  const inState = (state: State) => lines(notWritten.filter((one) => one.state === state));
  const articles = (n: number) => count(n, "article");
  return [
    ...Object.entries(REMEDIES).map(([remedy, { title, advice, type }]) =>
      decide(
        lines(missed(report).filter(({ code }) => (code ?? "again") === remedy)),
        (n) => title(articles(n)),
        advice,
        type ?? again(report),
        true,
      ),
    ),
    decide(
      inState("rejected").filter(({ code }) => !known.has(code)),
      (n) => `${articles(n)} failed a check`,
      "Each is in quarantine/ with its page and its issues. Fix the site file, or set the value in overrides.yaml, then build the newest capture again:",
      REBUILD,
      true,
    ),
    decide(
      lines(notWritten.filter(({ state, reason }) => state === "not-reached" && isLimit(reason))),
      (n) => `${articles(n)} not read because of --limit`,
      "Crawl without a limit:",
      again(report),
    ),
    decide(
      inState("gone"),
      (n) => `${articles(n)} gone from the site`,
      "Their entries stay in the archive. To leave one out, exclude it in overrides.yaml:",
      '/PATH: { exclude: "gone from the site" }',
    ),
  ];
}

function ofTheSiteFile({ selectors, leftBehind, remains }: Account): (Decision | null)[] {
  const sentences = (all: readonly string[]) => all.map((text) => ({ text }));
  const [place] = remains.left;
  return [
    decide(
      sentences(leftBehind),
      (n) => `${count(n, "place")} of article pages in no field`,
      "Read it with a field or with article.media, or name it in the site file with the reason:",
      `"ignore": [{ "select": ${JSON.stringify(place?.place ?? "SELECTOR")}, "reason": "…" }]`,
      true,
    ),
    decide(
      sentences(selectors.thresholds),
      (n) => `${count(n, "field is", "fields are")} found too seldom`,
      "Look at an article without it, and add a selector:",
      "sitelift inspect URL --site SITE",
      true,
    ),
    decide(
      sentences(selectors.unmatched),
      (n) => `${count(n, "selector")} of the site file matched nothing`,
      'Fix the selector, or take the field out (`"fields": { "type": null }` in the site file):',
      "sitelift inspect URL --site SITE",
    ),
  ];
}

function ofMedia({ archive: { media, links } }: Account): (Decision | null)[] {
  const hosts = [...new Set(links.embedded.map(({ address }) => parseUrl(address)?.origin ?? ""))];
  return [
    decide(
      media.failed.map(({ address, reason, entries }) => {
        return { code: address, text: reason, entry: entries[0] ?? null };
      }),
      (n) => `${count(n, "image or attachment", "images and attachments")} not stored`,
      "They keep their old URL, and stop working when the old site is switched off. Run again, or accept that many:",
      `${AGAIN} --max-failed-media ${media.failed.length}`,
      true,
    ),
    decide(
      links.embedded.map(({ address, entry }) => ({ code: address, entry })),
      (n) => `${count(n, "file")} on other hosts`,
      "Pictures and players. Pictures are stored where the site file allows their host:",
      `"media": { "origins": ${JSON.stringify(hosts.filter((host) => host !== "").slice(0, 3))} }`,
    ),
  ];
}

function ofWarnings({ archive }: Account, shelf: Shelf): (Decision | null)[] {
  return archive.warnings.map(({ code, entries }) =>
    decide(
      inOrder(entries, ({ entry }) => entry, shelf).map(({ entry, message: text }) => {
        return { entry, text };
      }),
      (n) => `Warning ${code}: ${count(n, "time")}`,
      "Compare with the page. What is wrong is set in overrides.yaml, then built again:",
      code.includes("date")
        ? "/PATH: { set: { date: YYYY-MM-DD } }"
        : "/PATH: { set: { FIELD: VALUE } }",
    ),
  );
}

function ofFields({ archive }: Account, shelf: Shelf): (Decision | null)[] {
  const { date, body } = archive.missing;
  const entries = (ids: readonly string[]) =>
    inOrder(ids, (id) => id, shelf).map((entry) => ({ entry }));
  return [
    decide(
      entries(date),
      (n) => `${count(n, "entry", "entries")} without a date`,
      "The site prints none, and none is guessed. Set one in overrides.yaml, or keep it empty:",
      "/PATH: { set: { date: YYYY-MM-DD } }",
    ),
    decide(
      entries(body),
      (n) => `${count(n, "entry", "entries")} without a body`,
      "Look at the page:",
      "sitelift inspect URL --site SITE",
    ),
  ];
}

function ofDecisions({ archive }: Account): (Decision | null)[] {
  return [
    decide(
      archive.overrides.unknown.map((about) => ({ code: about })),
      (n) => `${count(n, "override")} of overrides.yaml match${n === 1 ? "es" : ""} nothing`,
      "Correct the id, URL or path, or delete it. To see the URLs:",
      'grep -o \'"url":"[^"]*"\' ARCHIVE/ledger.jsonl',
    ),
  ];
}

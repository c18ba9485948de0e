/**
 * report.html: the report of a run to look at. One file without scripts and without anything from elsewhere; it follows
 * from the entries, their provenance and the ledger, as account.json does. Pure.
 */
import type { State } from "../../model.js";
import type { Account } from "../../schema/run-report.js";
import type { PastRun } from "../history.js";
import { type Decision, exampleText } from "./decision.js";
import { decisionsOf } from "./decisions.js";
import { coverage, languages, links, losses, media, pages } from "./holdings-html.js";
import {
  bdi,
  code,
  escapeHtml,
  figure,
  more,
  prose,
  section,
  sentence,
  snippet,
  table,
} from "./html.js";
import { htmlPage, STYLE } from "./page.js";
import type { Shelf } from "./shelf.js";
import { bars, legend, PATTERNS } from "./svg.js";
import { capturedSection, changesSection, monthsSection } from "./timeline.js";
import { statesIn } from "./totals.js";
import { verdictOn } from "./verdict.js";

/** Examples of a decision; the rest is in account.json. */
const EXAMPLES = 3;

/** @param shelf every entry of the archive @param runs oldest first */
export function renderReport(account: Account, shelf: Shelf, runs: readonly PastRun[]): string {
  const decisions = decisionsOf(account, shelf);
  const parts: readonly [id: string, title: string, content: readonly string[]][] = [
    ["decide", "To decide", toDecide(decisions, shelf)],
    ["ledger", "What became of every URL", ledger(account)],
    ["captured", "When it was captured", capturedSection(account)],
    ["changes", "What changed, run by run", changesSection(runs)],
    ["months", "Entries by month and type", monthsSection(account)],
    ["fields", "Where fields come from", coverage(account)],
    ["pages", "What the article pages hold", pages(account)],
    ["losses", "What Markdown cannot hold", losses(account)],
    ["languages", "Languages and translations", languages(account)],
    ["links", "Where links lead", links(account)],
    ["media", "Images and attachments", media(account)],
  ];
  const sections = parts.map(([id, title, content]) => section(id, title, ...content));
  const nav = parts
    .filter((_, at) => sections[at] !== "")
    .map(([id, title]) => `<li><a href="#${id}">${title}</a></li>`);
  const site = escapeHtml(account.site);
  return htmlPage(
    `Report of ${site}`,
    STYLE,
    `${PATTERNS}
<header>
<h1>Report of <bdi>${site}</bdi></h1>
${heading(account, decisions)}
<nav aria-label="Sections"><ul>${nav.join("")}</ul></nav>
</header>
<main>
${sections.filter((one) => one !== "").join("\n")}
</main>
<footer>The same in words: <a href="account.md">account.md</a>. Every number and every case: <a href="account.json">account.json</a>.</footer>`,
  );
}

function heading(account: Account, decisions: readonly Decision[]): string {
  const { word, why } = verdictOn(account, decisions);
  const { entries, missing, media: stored, redirects, translations } = account.archive;
  const numbers: readonly [string, string | number][] = [
    ["listed URLs", account.counts.listed],
    ["entries", entries],
    ["with a date", entries - missing.date.length],
    ["images and attachments", stored.files],
    ["with a translation", translations.linked],
    ["old URLs redirected", redirects],
  ];
  const cards = numbers.map(([name, n]) => `<div><dt>${name}</dt><dd>${n}</dd></div>`);
  const robots = account.ignoredRobots
    ? '\n<p class="finding">robots.txt was ignored (--ignore-robots): disallowed pages were fetched too, without a Crawl-delay.</p>'
    : "";
  return `<p class="verdict${word === "Complete" ? " good" : ""}"><strong>${word === "Complete" ? "✓" : "!"} ${word}.</strong> ${escapeHtml(why)}</p>${robots}
<dl class="cards">${cards.join("")}</dl>`;
}

/** An entry, linked to its file. */
function entry(id: string, shelf: Shelf): string {
  const named = shelf.get(id);
  if (named === undefined) return code(id);
  const path = named.path.split("/").map(encodeURIComponent).join("/");
  return `<a href="${path}">${bdi(named.title)}</a>`;
}

const words = { code, type: snippet, text: sentence };

function toDecide(decisions: readonly Decision[], shelf: Shelf): string[] {
  if (decisions.length === 0) return ["<p>Nothing.</p>"];
  const items = decisions.map(({ title, isFinding, advice, type, examples }) => {
    const shown = examples
      .slice(0, EXAMPLES)
      .map((one) => `<li>${exampleText(one, { ...words, entry: (id) => entry(id, shelf) })}</li>`)
      .join("");
    return `<li><p><strong>${escapeHtml(title)}</strong>${isFinding ? ' <span class="finding">finding</span>' : ""}</p><p>${prose(advice)}</p><p>${snippet(type)}</p><ul>${shown}${more(examples.length, EXAMPLES, "li")}</ul></li>`;
  });
  return [
    "<p>SITE is your site file or the name of the site, ARCHIVE this folder.</p>",
    `<ol class="todo">${items.join("\n")}</ol>`,
  ];
}

/** The same colour in every report; what is lost is the strongest. */
const STATE_COLOURS: Readonly<Record<State, number>> = {
  written: 0,
  duplicate: 4,
  excluded: 7,
  rejected: 1,
  failed: 5,
  gone: 3,
  "not-reached": 6,
};

function ledger({ counts }: Account): string[] {
  const states = statesIn(counts);
  if (states.length === 0) return [];
  const series = states.map(([name, n]) => ({ name, values: [n], colour: STATE_COLOURS[name] }));
  const text = `Every listed URL ends in one state: ${states.map(([state, n]) => `${state} ${n}`).join(", ")}.`;
  return [
    figure(
      bars({ id: "ledger-svg", title: "States of the ledger", text }, ["listed URLs"], series),
      legend(series),
      table(
        "States of the ledger, and their sum",
        ["state", "URLs"],
        [...states, ["sum", states.reduce((sum, [, n]) => sum + n, 0)], ["listed", counts.listed]],
      ),
    ),
  ];
}

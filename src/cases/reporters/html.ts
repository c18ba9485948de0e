/** Checked cases as one HTML page without scripts, in which what a page says is text only. */
import { relative, sep } from "node:path";
import { htmlPage } from "../../archive/report/page.js";
import type { Health } from "../../schema/health.js";
import { count, escapeMarkup } from "../../text.js";
import { type CheckedCase, failuresOf, hasFailed, type Suite, sumWords } from "../check.js";
import { bodyDiff, type Verdict } from "../compare.js";
import { MARKED, markedPage } from "../marked-page.js";
import { adviceFor, savedPageOf } from "../place.js";

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%;margin:.5rem 0}td,th{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;vertical-align:top}th,td:first-child{overflow-wrap:break-word}
pre{white-space:pre-wrap;border:1px solid #ccc;padding:.5rem}summary{cursor:pointer;padding:.25rem 0}
.bad,del{color:#a40000}.good,ins{color:#00602b}del,ins{text-decoration:none;display:block}
@media(prefers-color-scheme:dark){body{background:#161616;color:#eee}.bad,del{color:#ff8a80}.good,ins{color:#7fe0a0}}`;

export interface ReportPlace {
  /** Its folder: it links to the saved pages. */
  readonly from: string;
  /** Keeps a page beside it. @returns the link to it; null where nothing can be kept */
  readonly keep: (html: string) => string | null;
}

export function htmlReport(suite: Suite, place: ReportPlace): string {
  const { cases, failedCases } = suite.counts;
  const rules = [...suite.drift, ...suite.thresholds];
  const sections = [...suite.cases]
    .sort((a, b) => Number(hasFailed(b)) - Number(hasFailed(a)))
    .map((one) => caseSection(one, place));
  return htmlPage(
    `sitelift: ${failedCases} of ${cases} cases failed`,
    STYLE,
    `<h1>Extractor cases</h1>
<p class="${failedCases + rules.length > 0 ? "bad" : "good"}">${sumWords(suite)}</p>
${rules.map((sentence) => `<p class="bad">${escapeMarkup(sentence)}</p>`).join("\n")}
<h2>Cases</h2>
${sections.join("\n")}
<h2>Selectors</h2>
${[...suite.health].map(([site, health]) => healthSection(site, health)).join("\n")}`,
  );
}

function caseSection(one: CheckedCase, place: ReportPlace): string {
  const { name, about, verdicts } = one;
  const bad = failuresOf(one);
  const title = `<span dir="auto">${escapeMarkup(name)}</span> (${about?.kind ?? "no case"})`;
  if (bad.length === 0)
    return `<details><summary class="good">✓ ${title}: ${verdicts.length} fields</summary><p>${verdicts.map(({ field }) => escapeMarkup(field)).join(", ")}</p></details>`;
  return `<details open><summary class="bad">✗ ${title}: ${bad.length} of ${verdicts.length} fields failed</summary>
${about === null ? "" : `<p>${escapeMarkup(about.url)}, recorded ${escapeMarkup(about.recorded.slice(0, 10))}. ${linkTo(savedPageOf(one), place.from)}</p>`}
<p>${withCommands(adviceFor(one))}</p>
${bad.map(verdictSection).join("\n")}
${markedSection(one, place)}
</details>`;
}

/** A sentence with its commands as code. */
function withCommands(sentence: string): string {
  const parts = sentence.split(/(sitelift .*?)(?=; |$)/).map((part) => escapeMarkup(part));
  return parts.map((part, at) => (at % 2 === 1 ? `<code>${part}</code>` : part)).join("");
}

function linkTo(path: string, from: string): string {
  const href = relative(from, path).split(sep).map(encodeURIComponent).join("/");
  return `<a href="${escapeMarkup(href)}">saved page</a>`;
}

/** What the selectors of the failed fields match, and a link to the page with it marked. */
function markedSection(one: CheckedCase, { keep }: ReportPlace): string {
  const bad = failuresOf(one).map(({ field }) => field);
  const marked = markedPage(one, bad);
  if (marked === null) return "";
  const href = keep(marked.html);
  const link =
    href === null
      ? ""
      : `<p><a href="${escapeMarkup(href)}#${MARKED}">page with the elements marked</a></p>`;
  const marks = marked.marks.map(
    ({ field, selector, matches }) =>
      `<li><b>${escapeMarkup(field)}</b>: <code>${escapeMarkup(selector)}</code> matches ${count(matches, "element")}${matches === 0 ? ": choose another selector" : ""}</li>`,
  );
  return `<ul>${marks.join("")}</ul>${link}`;
}

function verdictSection({ field, reason, differences, body }: Verdict): string {
  const rows = differences.map(
    ({ at, expected, actual }) =>
      `<tr><td>${escapeMarkup(at)}</td><td dir="auto"><del>${escapeMarkup(expected ?? "nothing")}</del></td><td dir="auto"><ins>${escapeMarkup(actual ?? "nothing")}</ins></td></tr>`,
  );
  const table =
    rows.length === 0
      ? ""
      : `<table><tr><th>where</th><th>expected</th><th>actual</th></tr>${rows.join("")}</table>`;
  const diff = body === null ? "" : `<pre dir="auto">${diffHtml(body)}</pre>`;
  return `<h3>${escapeMarkup(field)}</h3><p>${escapeMarkup(reason ?? "")}</p>${table}${diff}`;
}

const TAGS = { same: "span", expected: "del", actual: "ins", place: "b" } as const;
const SIGNS = { same: "  ", expected: "- ", actual: "+ ", place: "" } as const;

function diffHtml(body: NonNullable<Verdict["body"]>): string {
  return bodyDiff(body)
    .map(({ kind, text }) => {
      const end = kind === "same" || kind === "place" ? "\n" : "";
      return `<${TAGS[kind]}>${SIGNS[kind]}${escapeMarkup(text)}</${TAGS[kind]}>${end}`;
    })
    .join("");
}

function healthSection(site: string, health: Health): string {
  const rows = Object.entries(health).map(([name, { of, present, listing, article }]) => {
    const sides = [
      ["row", listing],
      ["page", article],
    ] as const;
    const ways = sides.flatMap(([noun, side]) =>
      side.ways.map(({ way, won, nodes, ambiguous }) => {
        const use = side.of === 0 ? "no such page" : `${won} of ${side.of}`;
        return `<tr><td>${noun}</td><td><code>${escapeMarkup(way)}</code></td><td>${use}</td><td>${nodes.join(" to ")}</td><td>${ambiguous}</td></tr>`;
      }),
    );
    return `<h4>${name}: ${present} of ${of}</h4><table><tr><th>in</th><th>selector</th><th>gave it</th><th>nodes</th><th>ambiguous</th></tr>${ways.join("")}</table>`;
  });
  return `<details><summary>${escapeMarkup(site)}</summary>${rows.join("\n")}</details>`;
}

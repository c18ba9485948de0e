/**
 * report.html: the report of a run to look at. One file without scripts and without anything from elsewhere; it follows
 * from the entries, their provenance and the ledger, as account.json does. Pure.
 */
import { STATES, type State } from "../../model.js";
import type { Place } from "../../schema/run-report.js";
import { count } from "../../text.js";
import type { PastRun } from "../history.js";
import { capturedSection } from "./captured.js";
import { changesSection } from "./changes.js";
import { type Account, type Decision, decisionsOf, type Example, verdictOn } from "./decisions.js";
import { bdi, code, escapeHtml, figure, prose, section, sentence, snippet, table } from "./html.js";
import { monthsSection } from "./months.js";
import { htmlPage } from "./page.js";
import type { Shelf } from "./shelf.js";
import { STYLE } from "./style.js";
import { bars, legend, PATTERNS } from "./svg.js";

/** Rows of a table; the rest is in account.json. */
const MOST = 20;
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

function toDecide(decisions: readonly Decision[], shelf: Shelf): string[] {
  if (decisions.length === 0) return ["<p>Nothing.</p>"];
  const items = decisions.map(({ title, isFinding, advice, type, examples }) => {
    const shown = examples
      .slice(0, EXAMPLES)
      .map((one) => `<li>${example(one, shelf)}</li>`)
      .join("");
    return `<li><p><strong>${escapeHtml(title)}</strong>${isFinding ? ' <span class="finding">finding</span>' : ""}</p><p>${prose(advice)}</p><p>${snippet(type)}</p><ul>${shown}${more(examples.length, EXAMPLES, "li")}</ul></li>`;
  });
  return [
    "<p>SITE is your site file or the name of the site, ARCHIVE this folder.</p>",
    `<ol class="todo">${items.join("\n")}</ol>`,
  ];
}

function example({ entry: id, code: words, type, text = "" }: Example, shelf: Shelf): string {
  const parts = [
    ...(id == null ? [] : [entry(id, shelf)]),
    ...(words === undefined ? [] : [code(words)]),
    ...(type === undefined ? [] : [snippet(type)]),
    ...(text === "" ? [] : [sentence(text)]),
  ];
  return parts.join(": ");
}

function more(all: number, shown: number, element: "li" | "p"): string {
  return all > shown ? `<${element}>and ${all - shown} more, in account.json</${element}>` : "";
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
  const states = STATES.filter((state) => counts[state] > 0);
  if (states.length === 0) return [];
  const series = states.map((name) => ({
    name,
    values: [counts[name]],
    colour: STATE_COLOURS[name],
  }));
  const text = `Every listed URL ends in one state: ${states.map((state) => `${state} ${counts[state]}`).join(", ")}.`;
  return [
    figure(
      bars({ id: "ledger-svg", title: "States of the ledger", text }, ["listed URLs"], series),
      legend(series),
      table(
        "States of the ledger, and their sum",
        ["state", "URLs"],
        [
          ...states.map((state) => [state, counts[state]] as const),
          ["sum", states.reduce((sum, state) => sum + counts[state], 0)],
          ["listed", counts.listed],
        ],
      ),
    ),
  ];
}

const SOURCES: Readonly<Record<string, string>> = {
  article: "article page",
  listing: "listing",
  override: "overrides.yaml",
  unknown: "not known",
  none: "no value",
};

function coverage({ archive }: Account): string[] {
  const fields = Object.keys(archive.coverage);
  const used = Object.keys(SOURCES).filter((source) =>
    fields.some((field) => archive.coverage[field]?.[source] !== undefined),
  );
  if (fields.length === 0) return [];
  const at = (field: string, source: string) => archive.coverage[field]?.[source] ?? 0;
  const names = used.map((source) => SOURCES[source] ?? source);
  const series = used.map((source, n) => ({
    name: names[n] ?? "",
    values: fields.map((field) => at(field, source)),
    ...(source === "none" ? { colour: 7 } : {}),
  }));
  const text = `For each field, from where its value came, of ${count(archive.entries, "entry", "entries")}.`;
  return [
    figure(
      bars({ id: "fields-svg", title: "Fields by source", text }, fields, series, archive.entries),
      legend(series),
      table(
        "Entries by field and by the source of its value",
        ["field", ...names],
        fields.map((field) => [escapeHtml(field), ...used.map((source) => at(field, source))]),
      ),
    ),
  ];
}

function pages({ remains }: Account): string[] {
  const { articles, words, left, furniture, navigation, ignored } = remains;
  if (articles === 0) return [];
  const sum = (places: readonly Place[]) => places.reduce((n, place) => n + place.words, 0);
  const parts: readonly [string, number][] = [
    ["in fields", words.read],
    ["removed by the site file", words.removed],
    ["ignored by the site file", sum(ignored)],
    ["links to other articles", sum(navigation)],
    ["menus, footers and side blocks", sum(furniture)],
    ["left behind", sum(left)],
  ];
  const text = `Words on ${count(articles, "article page")}, by what became of them.`;
  const picture = bars(
    { id: "pages-svg", title: "Words of article pages", text },
    parts.map(([name]) => name),
    [{ name: "words", values: parts.map(([, n]) => n) }],
  );
  const places = left.slice(0, MOST).map((place) => {
    const samples = place.samples.map(bdi).join(" / ");
    return [code(place.place), place.articles, place.words, place.images, place.files, samples];
  });
  return [
    figure(picture, table(text, ["words", "number"], parts)),
    left.length === 0
      ? "<p>Nothing was left behind.</p>"
      : table(
          "Left behind: in no field of the site file, and not ignored by it",
          ["place", "articles", "words", "images", "files", "samples"],
          places,
        ) + more(left.length, MOST, "p"),
  ];
}

function losses({ archive }: Account): string[] {
  const all = [...archive.losses].sort((a, b) => b.count - a.count);
  if (all.length === 0) return [];
  const shown = all.slice(0, MOST);
  const text = "How often each construct was kept as HTML, flattened to text, or dropped.";
  const picture = bars(
    { id: "losses-svg", title: "Losses by construct", text },
    shown.map(({ construct, kind }) => `${construct} (${kind})`),
    [{ name: "times", values: shown.map((loss) => loss.count) }],
  );
  const rows = shown.map(({ construct, kind, count: n, entries, sample }) => {
    return [bdi(construct), n, entries, kind, bdi(sample)];
  });
  return [
    figure(
      picture,
      table(text, ["construct", "times", "entries", "became", "first words"], rows),
      more(all.length, MOST, "p"),
    ),
  ];
}

function languages({ archive }: Account): string[] {
  const { translations } = archive;
  const all = Object.entries(archive.languages).sort(([, a], [, b]) => b - a);
  if (all.length === 0) return [];
  const shown = all.slice(0, MOST);
  const names = shown.map(([language]) => language);
  const others = [...new Set(Object.values(translations.pairs).flatMap(Object.keys))].sort();
  const columns = others.slice(0, MOST);
  const picture = bars(
    { id: "languages-svg", title: "Entries by language", text: "Entries in each language." },
    names,
    [{ name: "entries", values: shown.map(([, n]) => n) }],
  );
  return [
    figure(
      picture,
      table(
        columns.length === 0
          ? "Entries by language; none has a translation in the archive"
          : "Entries by language, and how many of them have a translation into which other one",
        ["language", "entries", ...columns.map((one) => `into ${escapeHtml(one)}`)],
        shown.map(([language, n]) => [
          escapeHtml(language),
          n,
          ...columns.map((other) => translations.pairs[language]?.[other] ?? 0),
        ]),
      ),
      more(all.length, MOST, "p"),
    ),
    translations.missing.length === 0
      ? ""
      : `<p>${count(translations.missing.length, "translation is", "translations are")} named by a page and not in the archive.</p>`,
  ];
}

function links({ archive: { links: all } }: Account): string[] {
  const parts: readonly [string, number][] = [
    ["other entries", all.entries],
    ["files of the archive", all.files],
    ["other sites", all.external],
    ["mail, telephone and the like", all.other],
    ["pages that were not migrated", all.notMigrated.length],
    ["broken", all.broken.length],
    ["files on other hosts", all.embedded.length],
    ["anchors that do not exist", all.fragments.length],
  ];
  if (parts.every(([, n]) => n === 0)) return [];
  const picture = bars(
    { id: "links-svg", title: "Links by target", text: "Where the links of all bodies lead." },
    parts.map(([name]) => name),
    [{ name: "links", values: parts.map(([, n]) => n) }],
  );
  const hosts = Object.entries(all.hosts).sort(([, a], [, b]) => b - a);
  return [
    figure(picture, table("Links by target", ["lead to", "links"], parts)),
    hosts.length === 0
      ? ""
      : table(
          "Other sites by host",
          ["host", "links"],
          hosts.slice(0, MOST).map(([host, n]) => [bdi(host), n]),
        ) + more(hosts.length, MOST, "p"),
  ];
}

function media({ archive: { media: all } }: Account): string[] {
  if (all.kinds.length + all.failed.length === 0) return [];
  const reasons = new Map<string, { files: number; address: string }>();
  for (const { reason, address } of all.failed) {
    const known = reasons.get(reason) ?? { files: 0, address };
    reasons.set(reason, { ...known, files: known.files + 1 });
  }
  const kinds = [...all.kinds].sort((a, b) => b.files - a.files).slice(0, MOST);
  const failed = [...reasons].sort(([, a], [, b]) => b.files - a.files).slice(0, MOST);
  const names = [
    ...kinds.map(({ mediaType }) => mediaType),
    ...failed.map(([reason]) => `not stored: ${reason}`),
  ];
  const picture = bars(
    { id: "media-svg", title: "Files by type and failure", text: "Stored files and failures." },
    names,
    [
      { name: "stored", values: names.map((_, at) => kinds[at]?.files ?? 0) },
      {
        name: "not stored",
        values: names.map((_, at) => failed[at - kinds.length]?.[1].files ?? 0),
      },
    ],
  );
  return [
    figure(
      picture,
      table(
        "Stored files by type",
        ["type", "files", "bytes"],
        [
          ...kinds.map(({ mediaType, files, bytes }) => [bdi(mediaType), files, bytes]),
          ["all", all.files, all.bytes],
        ],
      ),
      failed.length === 0
        ? ""
        : table(
            "Not stored, by reason",
            ["reason", "files", "such as"],
            failed.map(([reason, { files, address }]) => [bdi(reason), files, code(address)]),
          ),
    ),
  ];
}

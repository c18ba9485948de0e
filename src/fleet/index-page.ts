/** index.html of a fleet: all sites, how they are, how they grow. One file as report.html is. Pure. */
import { bdi, escapeHtml, section, sentence, table } from "../archive/report/html.js";
import { htmlPage, STYLE } from "../archive/report/page.js";
import { count, jsonText } from "../text.js";
import { type FleetIndex, type Row, sumOf } from "./rows.js";

const OWN_STYLE = `${STYLE}
body{max-width:80rem}
.trend{display:block;overflow:visible}
.trend path{fill:none;stroke:var(--c0);stroke-width:1.5;vector-effect:non-scaling-stroke}
.trend circle{fill:var(--c0)}
.good{color:var(--good)}
.word{white-space:nowrap}
tbody th{min-width:9rem}
.host{color:var(--dim);font-size:.85em;display:block}
@media print{.host{font-size:8pt}}
`;

/** index.json and index.html, by name. */
export function indexFiles(run: Omit<FleetIndex, "indexVersion">) {
  const index: FleetIndex = { indexVersion: 1, ...run };
  return Object.entries({ "index.json": jsonText(index), "index.html": renderIndex(index) });
}

function renderIndex(index: FleetIndex): string {
  const { sites, time } = index;
  const bad = sites.filter(({ exitCode }) => exitCode !== null && exitCode !== 0);
  const never = sites.filter(({ exitCode }) => exitCode === null).length;
  const entries = sites.reduce((sum, one) => sum + (one.entries ?? 0), 0);
  const sum = (key: "new" | "changed" | "gone") =>
    sites.reduce((all, one) => all + (one.ran ? (one[key] ?? 0) : 0), 0);
  const cards: readonly [string, number][] = [
    ["sites", sites.length],
    ["hosts", new Set(sites.map(({ host }) => host).filter((host) => host !== "")).size],
    ["entries", entries],
    ["new", sum("new")],
    ["changed", sum("changed")],
    ["gone", sum("gone")],
  ];
  const shown = cards.map(([name, n]) => `<div><dt>${name}</dt><dd>${n}</dd></div>`);
  const isGood = bad.length + never === 0;
  const verdict = isGood
    ? "Every archive is complete."
    : [
        ...(bad.length > 0 ? [`${count(bad.length, "site needs", "sites need")} a look`] : []),
        ...(never > 0 ? [`${count(never, "site was", "sites were")} never crawled`] : []),
      ].join("; ");
  return htmlPage(
    "Fleet",
    OWN_STYLE,
    `<header>
<h1>${count(sites.length, "site")}</h1>
<p class="verdict${isGood ? " good" : ""}"><strong>${isGood ? "✓" : "!"} ${escapeHtml(verdict)}</strong></p>
<p>Run of ${dayTime(time)}: ${escapeHtml(sumOf(sites))}. New, changed and gone are of the sites that it crawled.</p>
<dl class="cards">${shown.join("")}</dl>
</header>
<main>
${[
  section("look", "To look at", ...(bad.length === 0 ? [] : [todoTable(bad)])),
  section("sites", "All sites", allTable(sites)),
]
  .filter((one) => one !== "")
  .join("\n")}
</main>
<footer>The same for programs: <a href="index.json">index.json</a>.</footer>`,
  );
}

function todoTable(rows: readonly Row[]): string {
  const order = ["interrupted", "not valid", "unreachable", "drift", "incomplete", "findings"];
  const sorted = [...rows].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  return table(
    "Sites whose last run was not complete, the gravest first",
    ["site", "verdict", "what to do"],
    sorted.map((row) => [nameOf(row), verdictOf(row), row.todo === null ? "" : sentence(row.todo)]),
  );
}

function allTable(rows: readonly Row[]): string {
  return table(
    "New, changed and gone of the last run of each; the line shows its entries after each run",
    ["site", "verdict", "entries", "run by run", "new", "changed", "gone", "last run", "due"],
    rows.map((row) => [
      nameOf(row),
      verdictOf(row),
      row.entries,
      trendOf(row),
      row.new,
      row.changed,
      row.gone,
      word(row.time === null ? "never" : row.time.slice(0, 10)),
      word(row.due ?? (row.every === null ? "" : `every ${row.every}`)),
    ]),
  );
}

function nameOf({ site, host, report }: Row): string {
  const name = report === null ? bdi(site) : `<a href="${escapeHtml(report)}">${bdi(site)}</a>`;
  return host === "" ? name : `${name} <span class="host">${bdi(host)}</span>`;
}

function verdictOf({ verdict, exitCode }: Row): string {
  if (exitCode === null) return word(verdict);
  return exitCode === 0
    ? `<span class="word good">✓ ${verdict}</span>`
    : `<span class="word finding">! ${verdict}</span>`;
}

/** Words that stay in one line. */
function word(words: string): string {
  return `<span class="word">${escapeHtml(words)}</span>`;
}

const [WIDTH, HEIGHT] = [110, 24];

/** Entries after each run as a line; the words are for those who do not see it. */
function trendOf({ trend }: Row): string {
  const last = trend.at(-1);
  if (last === undefined) return "";
  const values = trend.map(({ entries }) => entries);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const x = (at: number) => Math.round((at / Math.max(1, values.length - 1)) * WIDTH * 10) / 10;
  const y = (n: number) =>
    most === least
      ? HEIGHT / 2
      : Math.round((HEIGHT - 2 - ((n - least) / (most - least)) * (HEIGHT - 4)) * 10) / 10;
  const points = values.map((n, at) => `${x(at)} ${y(n)}`);
  const words = `${count(values.length, "run")}: from ${values[0]} to ${last.entries} entries, least ${least}, most ${most}`;
  const end = values.length === 1 ? 0 : WIDTH;
  return `<svg class="trend" role="img" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}"><title>${escapeHtml(words)}</title>${points.length > 1 ? `<path d="M${points.join("L")}"/>` : ""}<circle cx="${end}" cy="${y(last.entries)}" r="2.5"/></svg>`;
}

function dayTime(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}

/**
 * Pictures over time: entries by the month of their date or of their capture, and what changed run by run. Every month of a
 * range has its place: a hole is seen. Pure.
 */
import { UNDATED } from "../../schema/holdings.js";
import type { Account } from "../../schema/run-report.js";
import { count } from "../../text.js";
import { type ChangingRun, changingRuns, type PastRun, whenOf } from "../history.js";
import { escapeHtml, figure, table } from "./html.js";
import { bars, type Caption, COLOURS, columns, legend, type Series } from "./svg.js";

/** Columns after which years are drawn in place of months: forty years. */
const MOST_MONTHS = 480;
const NO_TYPE = "without a type";

/** Entries by the month of their date, and by type. */
export function monthsSection({ archive, counts }: Account): string[] {
  const { months } = archive;
  const dated = Object.keys(months).filter((month) => month !== UNDATED);
  if (Object.keys(months).length === 0) return [];
  const range = rangeOf(dated);
  const { spans } = range;
  const types = typesOf(months);
  const numberOf = (span: string, type: string) =>
    dated
      .filter((month) => month.startsWith(span))
      .reduce((sum, month) => sum + sumOf(months[month], type, types), 0);
  const isHeld = counts.rejected > 0;
  const names = [...spans, "no date", ...(isHeld ? ["quarantine"] : [])];
  const series: Series[] = types.map((name) => ({
    name,
    values: [
      ...spans.map((span) => numberOf(span, name)),
      sumOf(months[UNDATED], name, types),
      ...(isHeld ? [0] : []),
    ],
  }));
  if (isHeld)
    series.push({
      name: "in quarantine",
      values: [...names.slice(1).map(() => 0), counts.rejected],
    });
  const text = `Entries by ${range.words} of their date and by type, every one of the range; those without a date${isHeld ? " and those in quarantine" : ""} come last.`;
  const caption = { id: "months-svg", title: "Entries by month and type", text };
  return [timeline(caption, range, names, series)];
}

/** Entries of an archive from web archives, by the month of their capture and by web archive. */
export function capturedSection({ archive }: Account): string[] {
  const { composite } = archive;
  if (composite?.spread === undefined) return [];
  const { spread, from, to, median, entries, archives, neverCaptured, farMedia } = composite;
  const range = rangeOf(Object.keys(spread));
  const series = Object.keys(archives).map((name) => ({
    name,
    values: range.spans.map((span) =>
      Object.entries(spread)
        .filter(([month]) => month.startsWith(span))
        .reduce((sum, [, counts]) => sum + (counts[name] ?? 0), 0),
    ),
  }));
  const text = `Entries by ${range.words} of their capture and by web archive, every one of the range.`;
  const caption = { id: "captured-svg", title: "Entries by time of capture", text };
  const day = (time: string) => time.slice(0, 10);
  return [
    `<p>This archive is a composite: ${count(entries, "entry comes", "entries come")} from captures of ${day(from)} to ${day(to)}, half of them until ${day(median)}. The site never was as it is here. ${count(neverCaptured.length, "listed article was", "listed articles were")} never captured; ${count(farMedia.length, "image or attachment was", "images and attachments were")} captured more than 30 days from the page.</p>`,
    timeline(caption, range, range.spans, series),
  ];
}

interface Range {
  /** Months, or years where those are too many. */
  readonly spans: readonly string[];
  readonly unit: "month" | "year";
  readonly words: string;
}

function rangeOf(months: readonly string[]): Range {
  const spans = everyMonth(months);
  if (spans.length <= MOST_MONTHS) return { spans, unit: "month", words: "month" };
  const years = [...new Set(spans.map((month) => month.slice(0, 4)))];
  return { spans: years, unit: "year", words: "year (the range is too long for months)" };
}

/** Columns, what their colours mean, and their table. @param names of the columns: the spans come first */
function timeline(
  caption: Caption,
  { spans, unit }: Range,
  names: readonly string[],
  series: readonly Series[],
): string {
  const rows = names.map((name, at) => {
    const values = series.map((one) => one.values[at] ?? 0);
    return [name, values.reduce((sum, n) => sum + n, 0), ...values];
  });
  const head = [unit, "all", ...series.map(({ name }) => escapeHtml(name))];
  return figure(
    columns(caption, names, series, marksOf(names, spans.length), "entry"),
    legend(series),
    table(caption.text, head, rows),
  );
}

/** `2021-12`, `2022-01` and so on, from the first month to the last. */
function everyMonth(months: readonly string[]): string[] {
  const sorted = [...months].sort();
  const [first, last] = [sorted[0], sorted.at(-1)].map((month) => {
    const [year, number] = (month ?? "").split("-").map(Number);
    return (year ?? 0) * 12 + (number ?? 1) - 1;
  });
  if (sorted.length === 0 || first === undefined || last === undefined) return [];
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const [year, month] = [Math.floor((first + at) / 12), ((first + at) % 12) + 1];
    return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}`;
  });
}

const OTHERS = "other types";

/** The most frequent types, as many as there are colours; the others share one. */
function typesOf(months: Account["archive"]["months"]): string[] {
  const sums = new Map<string, number>();
  for (const types of Object.values(months))
    for (const [type, n] of Object.entries(types)) sums.set(type, (sums.get(type) ?? 0) + n);
  const sorted = [...sums].sort(([, a], [, b]) => b - a).map(([type]) => type || NO_TYPE);
  const most = COLOURS - 2;
  return sorted.length <= most ? sorted : [...sorted.slice(0, most - 1), OTHERS];
}

function sumOf(
  month: Readonly<Record<string, number>> | undefined,
  type: string,
  types: readonly string[],
): number {
  if (type !== OTHERS) return month?.[type === NO_TYPE ? "" : type] ?? 0;
  return Object.entries(month ?? {})
    .filter(([name]) => !types.includes(name || NO_TYPE))
    .reduce((sum, [, n]) => sum + n, 0);
}

/** Words below the axis: Januaries, at most ten, and what is not a month. */
function marksOf(names: readonly string[], spans: number): Map<number, string> {
  const years = names
    .slice(0, spans)
    .flatMap((name, at) => (at === 0 || name.length === 4 || name.endsWith("-01") ? [at] : []));
  const step = Math.ceil(years.length / 6);
  const marks = new Map<number, string>();
  for (const [n, at] of years.entries()) {
    const isFree = at === 0 || at > spans * 0.12;
    if (n % step === 0 && isFree && at < spans * 0.86) marks.set(at, names[at]?.slice(0, 4) ?? "");
  }
  if (names.length > spans)
    marks.set(spans, names.length > spans + 1 ? "no date, quarantine" : "no date");
  return marks;
}

/** Runs that are shown: the newest. */
const MOST = 36;

const KINDS = [
  ["added", "added", 2],
  ["edited", "edited on the site", 0],
  ["renamed", "renamed", 4],
  ["returned", "returned", 6],
  ["gone", "gone", 3],
  ["reread", "read in another way", 7],
] as const;

export function changesSection(runs: readonly PastRun[]): string[] {
  const all = changingRuns(runs);
  if (all.length === 0) return [];
  const shown = all.slice(-MOST);
  const names = shown.map((run) => escapeHtml(whenOf(run).slice(0, 10)));
  const series: Series[] = KINDS.map(([kind, name, colour]) => {
    return { name, colour, values: shown.map(({ changes }) => changes.counts[kind]) };
  });
  const text =
    "Entries that each run changed. Read in another way: the site file, overrides.yaml or sitelift changed, and not the site. Articles that failed are not changes: they never count as gone.";
  return [
    figure(
      bars({ id: "changes-svg", title: "Changes by run", text }, names, series),
      legend(series),
      table(
        text,
        ["run", "entries", ...KINDS.map(([, name]) => name), "failed", "list"],
        shown.map((run, at) => [names[at] ?? "", ...rowOf(run)]),
      ),
      all.length > MOST
        ? `<p>and ${all.length - MOST} earlier ones, in snapshots/history.csv</p>`
        : "",
    ),
  ];
}

function rowOf({ changes, counts, complete }: ChangingRun): (string | number)[] {
  const kinds = KINDS.map(([kind]) => changes.counts[kind]);
  return [changes.entries, ...kinds, counts.failed, complete ? "whole" : "not read to its end"];
}

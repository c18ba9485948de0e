/** When the pages of an archive from web archives were captured: a picture by month and web archive, and its table. Pure. */
import { count } from "../../text.js";
import type { Account } from "./decisions.js";
import { escapeHtml, figure, table } from "./html.js";
import { everyMonth, MOST_MONTHS, marksOf } from "./months.js";
import { columns, legend } from "./svg.js";

export function capturedSection({ archive }: Account): string[] {
  const { composite } = archive;
  if (composite?.spread === undefined) return [];
  const { spread, from, to, median, entries, archives, neverCaptured, farMedia } = composite;
  const all = everyMonth(Object.keys(spread));
  const isByYear = all.length > MOST_MONTHS;
  const spans = isByYear ? [...new Set(all.map((month) => month.slice(0, 4)))] : all;
  const series = Object.keys(archives).map((name) => ({
    name,
    values: spans.map((span) =>
      Object.entries(spread)
        .filter(([month]) => month.startsWith(span))
        .reduce((sum, [, counts]) => sum + (counts[name] ?? 0), 0),
    ),
  }));
  const what = isByYear ? "year (the range is too long for months)" : "month";
  const text = `Entries by ${what} of their capture and by web archive, every one of the range.`;
  const caption = { id: "captured-svg", title: "Entries by time of capture", text };
  const day = (time: string) => time.slice(0, 10);
  const rows = spans.map((span, at) => {
    const values = series.map((one) => one.values[at] ?? 0);
    return [span, values.reduce((sum, n) => sum + n, 0), ...values];
  });
  return [
    `<p>This archive is a composite: ${count(entries, "entry comes", "entries come")} from captures of ${day(from)} to ${day(to)}, half of them until ${day(median)}. The site never was as it is here. ${count(neverCaptured.length, "listed article was", "listed articles were")} never captured; ${count(farMedia.length, "image or attachment was", "images and attachments were")} captured more than 30 days from the page.</p>`,
    figure(
      columns(caption, spans, series, marksOf(spans, spans.length), "entry"),
      legend(series),
      table(
        text,
        [isByYear ? "year" : "month", "all", ...series.map(({ name }) => escapeHtml(name))],
        rows,
      ),
    ),
  ];
}

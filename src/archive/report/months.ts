/** The picture of entries by month and type. Every month of the range has its place: a hole is seen. Pure. */
import { UNDATED } from "../../schema/run-report.js";
import type { Account } from "./decisions.js";
import { escapeHtml, figure, table } from "./html.js";
import { COLOURS, columns, legend, type Series } from "./svg.js";

/** Columns after which years are drawn in place of months: forty years. */
export const MOST_MONTHS = 480;

const NO_TYPE = "without a type";

export function monthsSection({ archive, counts }: Account): string[] {
  const { months } = archive;
  const dated = Object.keys(months).filter((month) => month !== UNDATED);
  if (Object.keys(months).length === 0) return [];
  const all = everyMonth(dated);
  const isByYear = all.length > MOST_MONTHS;
  const spans = isByYear ? [...new Set(all.map((month) => month.slice(0, 4)))] : all;
  const types = typesOf(months);
  const numberOf = (span: string, type: string) =>
    dated
      .filter((month) => month.startsWith(span))
      .reduce((sum, month) => sum + sumOf(months[month], type, types), 0);
  const names = [...spans, "no date", ...(counts.rejected > 0 ? ["quarantine"] : [])];
  const series: Series[] = types.map((name) => ({
    name,
    values: [
      ...spans.map((span) => numberOf(span, name)),
      sumOf(months[UNDATED], name, types),
      ...(counts.rejected > 0 ? [0] : []),
    ],
  }));
  if (counts.rejected > 0)
    series.push({
      name: "in quarantine",
      values: [...names.slice(1).map(() => 0), counts.rejected],
    });
  const what = isByYear ? "year (the range is too long for months)" : "month";
  const text = `Entries by ${what} of their date and by type, every one of the range; those without a date${counts.rejected > 0 ? " and those in quarantine" : ""} come last.`;
  const caption = { id: "months-svg", title: "Entries by month and type", text };
  return [
    figure(
      columns(caption, names, series, marksOf(names, spans.length), "entry"),
      legend(series),
      table(
        text,
        [isByYear ? "year" : "month", "all", ...series.map(({ name }) => escapeHtml(name))],
        names.map((name, at) => {
          const values = series.map((one) => one.values[at] ?? 0);
          return [name, values.reduce((sum, n) => sum + n, 0), ...values];
        }),
      ),
    ),
  ];
}

/** `2021-12`, `2022-01` and so on, from the first month to the last. */
export function everyMonth(months: readonly string[]): string[] {
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
export function marksOf(names: readonly string[], spans: number): Map<number, string> {
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

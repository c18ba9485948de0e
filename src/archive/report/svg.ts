/**
 * Charts as inline SVG. Lengths across are percentages, so that a chart takes the width of the page and its words keep
 * their size. Colours come with hatching and with a legend, and every chart is followed by its table. Pure.
 */
import { count } from "../../text.js";
import { escapeHtml } from "./html.js";

/** Colours of the style sheet; further series share the last one. */
export const COLOURS = 8;

export interface Series {
  readonly name: string;
  readonly values: readonly number[];
  /** One of the style sheet, from 0; its place among the series by default. */
  readonly colour?: number;
}

/** A chart's name, and one sentence on what it shows. */
export interface Caption {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

/** Two decimals at most: the same text on every machine. */
function decimal(n: number): string {
  return String(Number(n.toFixed(2)));
}

function percent(n: number): string {
  return `${decimal(n)}%`;
}

/** Hatching, which charts refer to: lines across, which stay as they are where a chart is drawn out. */
export const PATTERNS = `<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>${[
  [4, 1.5],
  [8, 2],
  [8, 4],
]
  .map(
    ([distance, width], at) =>
      `<pattern id="hatch${at}" width="${distance}" height="${distance}" patternUnits="userSpaceOnUse"><path d="M0 0H${distance}" class="hatch" stroke-width="${width}"/></pattern>`,
  )
  .join("")}</defs></svg>`;

/** The shape of a series, filled with its colour and its hatching. @param shape an element without its end, such as `<rect width="9"` */
function filled(shape: string, series: number, words = ""): string {
  const colour = Math.min(series, COLOURS - 1);
  const title = words === "" ? "" : `<title>${escapeHtml(words)}</title>`;
  const hatch = colour % 2 === 1 ? `${shape} fill="url(#hatch${(colour >> 1) % 3})"/>` : "";
  return `${shape} class="c${colour}">${title}</${/^<(\w+)/.exec(shape)?.[1]}>${hatch}`;
}

function svg({ id, title, text }: Caption, height: number, content: string): string {
  return `<svg role="img" width="100%" height="${height}" aria-labelledby="${id}-title ${id}-text"><title id="${id}-title">${escapeHtml(title)}</title><desc id="${id}-text">${escapeHtml(text)}</desc>${content}</svg>`;
}

/** What each colour means, and the sum of each series. */
export function legend(series: readonly Series[]): string {
  const items = series.map(
    ({ name, values, colour }, at) =>
      `<li><svg width="14" height="14" aria-hidden="true">${filled('<rect width="14" height="14"', colour ?? at)}</svg> <bdi>${escapeHtml(name)}</bdi> ${values.reduce((sum, n) => sum + n, 0)}</li>`,
  );
  return `<ul class="legend">${items.join("")}</ul>`;
}

const ROW = 38;
/** Of the words of a row: pixels from line to line, letters that a narrow screen has room for beside the number, and lines. */
const [LINE, LETTERS, LINES] = [16, 36, 4];

/** One bar a row, each stacked of the series; its words are above it. @param most what fills the width; the largest row by default */
export function bars(
  caption: Caption,
  rows: readonly string[],
  series: readonly Series[],
  most = Math.max(1, ...rows.map((_, row) => sumAt(series, row))),
): string {
  let top = 0;
  const drawn = rows.map((name, row) => {
    const words = inLines(name).map(
      (line, at) => `<text x="0" y="${top + at * LINE + 13}">${escapeHtml(line)}</text>`,
    );
    const sum = `<text x="100%" y="${top + 13}" class="end">${sumAt(series, row)}</text>`;
    const y = top + (words.length - 1) * LINE + 18;
    let x = 0;
    const parts = series.map(({ name: part, values, colour }, at) => {
      const n = values[row] ?? 0;
      if (n === 0) return "";
      const width = (n / most) * 100;
      const shape = `<rect x="${percent(x)}" y="${y}" width="${percent(width)}" height="14"`;
      x += width;
      return filled(shape, colour ?? at, `${name}: ${part} ${n}`);
    });
    top = y + ROW - 18;
    return `${words.join("")}${sum}<rect x="0" y="${y}" width="100%" height="14" class="ground"/>${parts.join("")}`;
  });
  return svg(caption, top, drawn.join(""));
}

/** Words in lines, broken at a space, or after a sign that joins the parts of a media type; a page of a site may name very long ones. */
function inLines(text: string): string[] {
  const lines = [""];
  for (const part of text.match(/[^\s/.+_-]*[\s/.+_-]*/gu) ?? [])
    for (const piece of part.match(new RegExp(`.{1,${LETTERS}}`, "gsu")) ?? []) {
      const line = `${lines.at(-1)}${piece}`;
      if ([...line.trimEnd()].length <= LETTERS) lines[lines.length - 1] = line;
      else lines.push(piece);
    }
  const shown = lines.slice(0, LINES);
  if (lines.length > LINES)
    shown[LINES - 1] = `${[...(shown.at(-1) ?? "")].slice(0, LETTERS - 1).join("")}…`;
  return shown;
}

function sumAt(series: readonly Series[], at: number): number {
  return series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0);
}

const [TOP, HEIGHT, FOOT] = [16, 160, 22];

/**
 * Columns along an axis, each stacked of the series: one path a series.
 *
 * @param marks words below the axis, by the place of their column
 * @param unit what is counted
 */
export function columns(
  caption: Caption,
  names: readonly string[],
  series: readonly Series[],
  marks: ReadonlyMap<number, string>,
  unit: string,
): string {
  const sums = names.map((_, at) => sumAt(series, at));
  const most = Math.max(1, ...sums);
  const base = names.map(() => 0);
  const paths = series.map(({ name, values, colour }, one) => {
    const steps = values.flatMap((n, at) => {
      if (n === 0) return [];
      const bottom = HEIGHT - (base[at] ?? 0);
      const height = (n / most) * HEIGHT;
      base[at] = (base[at] ?? 0) + height;
      return `M${at + 0.06} ${decimal(bottom)}v${decimal(-height)}h.88v${decimal(height)}z`;
    });
    return steps.length === 0 ? "" : filled(`<path d="${steps.join("")}"`, colour ?? one, name);
  });
  const at = (place: number) => percent((place / names.length) * 100);
  const ticks = [...marks].map(([place, word]) => {
    const end = place + 1 > names.length * 0.94;
    const x = end ? "100%" : at(place);
    return `<line x1="${at(place)}" x2="${at(place)}" y1="${TOP + HEIGHT}" y2="${TOP + HEIGHT + 5}"/><text x="${x}" y="${TOP + HEIGHT + 18}"${end ? ' class="end"' : ""}>${escapeHtml(word)}</text>`;
  });
  return svg(
    caption,
    TOP + HEIGHT + FOOT,
    `<text x="0" y="11">at most ${count(most, unit, `${unit.replace(/y$/, "ie")}s`)}</text><line x1="0" x2="100%" y1="${TOP}" y2="${TOP}" class="faint"/><svg x="0" y="${TOP}" width="100%" height="${HEIGHT}" viewBox="0 0 ${names.length} ${HEIGHT}" preserveAspectRatio="none">${paths.join("")}</svg><line x1="0" x2="100%" y1="${TOP + HEIGHT}" y2="${TOP + HEIGHT}"/>${ticks.join("")}`,
  );
}

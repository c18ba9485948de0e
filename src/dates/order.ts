/** The order of day, month and year in figures, as far as a list of dates shows it. */
import { readDate } from "./date.js";
import { fold } from "./fold.js";

const FIGURES = /(?<!\d)(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/;

export interface Figures {
  readonly printed: string;
  readonly first: number;
  readonly second: number;
  readonly year: number;
}

/** The first date in figures of a folded text, and how it is printed; null where there is none. */
export function figuresOf(text: string) {
  const found = FIGURES.exec(text);
  if (found === null) return null;
  const [printed, first, mark = "/", second, year = ""] = found;
  return {
    mark,
    year: year.length === 2 ? "yy" : "yyyy",
    time: clockOf(text.slice(found.index + printed.length)),
    figures: { printed, first: Number(first), second: Number(second), year: Number(year) },
  };
}

const CLOCK =
  /^(?<gap>(?: ?[-|@·]|,)? )(?<at>(?:\p{L}{1,6}\.? ){0,2})\d{1,2}(?<mark>[:h.])\d{2}(?<seconds>:\d{2})?(?<half> ?[ap]\.?m\.?)?(?<after> ?\(?[\p{L}][\p{L}\d+:]{0,7}\.?\)?)?[)\]]?$/u;

/** The format of a time of day after a date, words and all: `, 'um' H:mm 'uhr'`; empty where there is none. */
function clockOf(rest: string): string {
  const {
    gap = "",
    at = "",
    mark = "",
    seconds,
    half,
    after = "",
  } = CLOCK.exec(rest)?.groups ?? {};
  if (mark === "") return "";
  const hours = `${half === undefined ? "H" : "h"}${mark === "h" ? "'h'" : mark}mm${seconds === undefined ? "" : ":ss"}`;
  const suffix = half === undefined ? "" : half.startsWith(" ") ? " a" : "a";
  const quoted = (words: string) => words.replace(/[^ ]+/g, "'$&'");
  return gap + quoted(at) + hours + suffix + quoted(after);
}

const YEAR_FIRST = /(?<!\d)\d{4}(?<mark>[/.-]|\. )\d{1,2}\k<mark>\d{1,2}(?<end>\.?)(?!\d)/;

/** A day in large figures above its month. */
const DAY_ABOVE = /^\d{1,2} \d{4}([/.-])\d{1,2}$/;

/** The format of a date in figures that has the year before the month; null where a folded text holds none. */
export function yearFirstOf(text: string): string | null {
  const above = DAY_ABOVE.exec(text);
  if (above !== null) return `d yyyy${above[1]}M`;
  const found = YEAR_FIRST.exec(text);
  if (found === null) return null;
  const { mark, end } = found.groups ?? {};
  const rest = text.slice(found.index + found[0].length);
  return `yyyy${mark}M${mark}d${end}${clockOf(rest)}`;
}

/** Formats that may fit a date in figures, in either order. */
export function formatsIn(raw: string): string[] {
  const text = fold(raw.slice(0, 100));
  const first = yearFirstOf(text);
  if (first !== null) return [first];
  const found = figuresOf(text);
  if (found === null) return [];
  const { mark, year, time } = found;
  return [`d${mark}M${mark}${year}${time}`, `M${mark}d${mark}${year}${time}`];
}

/** What a list shows of the order: a number above 12 is not a month, and a weekday is mostly that of one order alone. */
export class DateOrder {
  /** The first date that is day first, and the first that is month first. */
  #dayFirst: string | null = null;
  #monthFirst: string | null = null;
  /** Dates that a weekday proves, one of each order: they count where no number does, since people mistake a weekday. */
  readonly #byWeekday = new Map<"day" | "month", string>();
  readonly #shapes = new Map<string, readonly [mark: string, rest: string]>();

  /** True where a date of the list may depend on its order. @param raw as printed; null where the list prints none */
  decides(raw: string | null): boolean {
    return raw === null ? this.#shapes.size > 0 : figuresIn(raw) !== null;
  }

  see(raw: string): void {
    const found = figuresIn(raw);
    if (found === null) return;
    const { mark, year, time, figures } = found;
    const { printed, first, second } = figures;
    if (first > 31 || second > 31 || (first > 12 && second > 12)) return;
    this.#shapes.set(`${mark}${year}${time}`, [mark, `${mark}${year}${time}`]);
    if (first > 12) this.#dayFirst ??= printed;
    if (second > 12) this.#monthFirst ??= printed;
    if (first > 12 || second > 12 || first === second || !/\p{L}/u.test(raw)) return;
    const read = readDate(raw, { formats: [], locales: [] });
    if (!("date" in read) || !read.format.startsWith("cccc, ")) return;
    this.#byWeekday.set(read.format.startsWith("cccc, d") ? "day" : "month", raw.trim());
  }

  /** Formats that read all dates seen so far, and the date that proves them; null where nothing does, or two contradict. */
  get proved(): { readonly formats: readonly string[]; readonly by: string } | null {
    const isNumbered = this.#dayFirst !== null || this.#monthFirst !== null;
    const day = isNumbered ? this.#dayFirst : this.#byWeekday.get("day");
    const month = isNumbered ? this.#monthFirst : this.#byWeekday.get("month");
    const by = day ?? month;
    if (by == null || (day && month)) return null;
    const [one, two] = day ? ["d", "M"] : ["M", "d"];
    return {
      formats: [...this.#shapes.values()].map(([mark, rest]) => one + mark + two + rest),
      by,
    };
  }

  /** A sentence where one date is day first and another month first; null otherwise. */
  get contradiction(): string | null {
    if (this.#dayFirst === null || this.#monthFirst === null) return null;
    return `dates of the list contradict each other: ${this.#dayFirst} can only be day first, ${this.#monthFirst} only month first; name their order in fields.date.formats`;
  }
}

function figuresIn(raw: string) {
  return figuresOf(fold(raw.slice(0, 100)));
}

/** The date of an item: what was printed or given in an attribute becomes a calendar date, and what is not sure about it a warning. */
import { daysBetween } from "../dates/calendar.js";
import { type DateOptions, type DateProblem, type ReadDate, readDate } from "../dates/date.js";
import { dateAtStart, readNear } from "../dates/unformatted.js";
import type { Issue, Item, Reading, Warning } from "../model.js";
import type { FieldRules, Site } from "../site/site.js";

/** What a conversion has to say beside its values. */
export interface Notes {
  readonly issues: Issue[];
  readonly warnings: Warning[];
}

/** @returns null where there is none, or none that can be read: then an issue or a warning says why */
export function convertDate(item: Item, site: Site, { issues, warnings }: Notes): string | null {
  const reading = item.readings.date;
  const options = dateOptions(item, site, site.fields.date);
  if (reading === undefined) {
    warnings.push(...typedDate(item, options));
    return null;
  }
  const read = readReading(reading, options);
  if ("date" in read) {
    warnings.push(...dateWarnings(item, reading, read, options));
    return read.date;
  }
  const { raw, selector } = reading;
  if (read.relative)
    warnings.push({
      code: "relative-date",
      message: `the date is printed as "${raw}", which names no calendar day; the date is null`,
    });
  else issues.push({ path: "data.date", message: read.problem, raw, selector, hint: read.hint });
  return null;
}

/** How dates of a field are read: as the site file says, else in the languages of the page. */
export function dateOptions(item: Item, site: Site, rules: FieldRules): DateOptions {
  const { formats, locales, months, contradiction } = rules;
  return {
    formats,
    months,
    contradiction,
    locales: [...locales, item.language, site.language, "en"],
  };
}

function typedDate({ readings }: Item, { locales }: DateOptions): Warning[] {
  const typed = dateAtStart(readings.body?.raw ?? readings.summary?.raw ?? "", locales);
  if (typed === null) return [];
  return [
    {
      code: "date-in-text",
      message: `no date was found, and the text begins with "${typed}": it was typed by an editor, stays in the body and was not taken for the date`,
    },
  ];
}

/** A date, and what an attribute says where the print, which counts, says something else. */
type Read = ReadDate & { readonly attribute?: string; readonly print?: string };

/** The first of what was read that is a date: a cell may hold a year or an hour beside it. */
function readReading(reading: Reading, options: DateOptions): Read | DateProblem {
  const first = readDate(reading.raw, options);
  if ("date" in first) return withPrint(first, reading, options);
  if (first.relative) return first;
  for (const raw of [reading.printed, ...reading.also]) {
    const read = raw === reading.raw ? first : readDate(raw, options);
    if ("date" in read) return read;
  }
  return first;
}

/**
 * An attribute made for machines is often in another time zone than the print, and then a day off: the print counts,
 * since it is what the site says. Where they are further apart, one of them is another date.
 */
function withPrint(
  read: ReadDate,
  { attribute, raw, printed }: Reading,
  options: DateOptions,
): Read {
  if (attribute === null || printed === raw) return read;
  const seen = readDate(printed, options);
  const near = "date" in seen ? seen.date : readNear(printed, read.date);
  if (near === null || near === read.date || ("date" in seen && seen.range)) return read;
  if (daysBetween(near, read.date) > 1) return { ...read, print: near };
  return { ...read, date: near, attribute: read.date };
}

/** What is worth a look about a date that was read. */
function dateWarnings(
  item: Item,
  { raw, printed, selector, also, from }: Reading,
  { date, range, several, attribute, print }: Read,
  options: DateOptions,
): Warning[] {
  const warnings: Warning[] = [];
  const warn = (code: string, message: string) => void warnings.push({ code, message });
  if (range)
    warn("date-range", `the date is printed as the range "${raw}"; its first day was taken`);
  if (several !== undefined)
    warn(
      "several-dates",
      `"${printed}" holds ${several.join(", ")}, and does not say which is that of publication; the first was taken`,
    );
  if (attribute !== undefined)
    warn(
      "date-attribute",
      `"${printed}" is printed and ${selector} says "${raw}", a day off as in another time zone; the print counts`,
    );
  if (print !== undefined)
    warn(
      "date-attribute",
      `${selector} says "${raw}", and "${printed}" is printed, which is ${print}; the attribute was taken`,
    );
  const year = Number(date.slice(0, 4));
  if (year < FIRST_YEAR || year > LAST_YEAR)
    warn(
      "implausible-date",
      `${date} is not plausible${calendarOf(year)}; it was taken as printed`,
    );
  const otherDate = (other: string): string[] => {
    const read = readDate(other, options);
    return "date" in read && read.date !== date ? [read.date] : [];
  };
  const further = new Set(also.flatMap(otherDate));
  if (further.size > 0)
    warn(
      "several-dates",
      `${selector} found ${date} and also ${[...further].join(", ")}; the first was taken`,
    );
  const { date: other } = item.others;
  const differing = other === undefined ? null : readReading(other, options);
  if (differing !== null && "date" in differing && differing.date !== date)
    warn(
      "dates-differ",
      `the ${from} says ${date}, the ${other?.from} says ${differing.date}; the ${from} was preferred`,
    );
  return warnings;
}

/** Years that a site may print: a chronicle has old ones, and none is far ahead. */
const FIRST_YEAR = 1700;
const LAST_YEAR = 2100;

/** In what calendar a year may be that is not one of ours, for a sentence. */
function calendarOf(year: number): string {
  if (year > 2400 && year < 2700) return ": another calendar, such as the Buddhist one?";
  if (year > 1300 && year < 1500)
    return ": another calendar, such as the Islamic or the Persian one?";
  if (year > 5600 && year < 5900) return ": another calendar, such as the Hebrew one?";
  return ": another calendar, or a slip?";
}

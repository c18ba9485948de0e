/** Formats of printed dates, as data, and compiled as far as they can be used. */
import { compilerFor, type Format, languagesNaming } from "./format.js";
import { namesOf } from "./names.js";

/** One language or more a line, as the table of CLDR has them; `{yil}` is the word for a year in Uzbek, in either script. */
const DAY_FORMATS = listOf(
  "d MMMM, yyyy|MMMM d, yyyy|d. MMMM yyyy|d-MMMM-yyyy|MMMM-d-yyyy",
  "d 'de' MMMM 'de' yyyy|d 'de' MMMM 'del' yyyy|d 'de' MMMM, yyyy",
  "d MMMM yyyy 'г.'|d MMMM yyyy 'года'|d-MMMM, yyyy|MMMM d 'de' yyyy|d 'of' MMMM, yyyy|d/MMMM/yyyy|yyyy MMMM d",
  ...["'yil'", "'йил'"].map((year) =>
    [
      "d-MMMM, yyyy {yil}|d-MMMM, yyyy-{yil}|d MMMM, yyyy {yil}|d MMMM, yyyy-{yil}",
      "yyyy {yil}, d MMMM|yyyy-{yil}, d MMMM|yyyy {yil}, d-MMMM|yyyy-{yil}, d-MMMM",
    ]
      .join("|")
      .replaceAll("{yil}", year),
  ),
  // A day in large figures above the month.
  "yyyy年M月d日|d yyyy年M月",
);

function listOf(...lines: readonly string[]): readonly string[] {
  return lines.join("|").split("|");
}

/**
 * Formats that are tried on every site, after its own: those with the name of a month, in which
 * day and month cannot be taken for one another, and the Chinese one; each with a weekday before
 * it. A time may follow. Formats in figures are not among them, since nothing in `03/05/2022` says
 * whether it is in March or in May: a site must name its own. ISO 8601 needs no format.
 */
export const DATE_FORMATS: readonly string[] = [
  ...DAY_FORMATS,
  ...DAY_FORMATS.map((format) => `cccc, ${format}`),
  "yyyy年M月d日cccc",
  "yyyy年M月d日(cccc)",
];

export type NamedFormat = readonly [name: string, format: Format];

/** Those of some formats that can be used. Each is compiled when its turn comes: all of them take a second. */
export function* usable(
  formats: readonly string[],
  languages: readonly string[],
): Generator<NamedFormat> {
  const compile = compilerFor(languages);
  for (const name of formats) {
    const format = compile(name);
    if (typeof format !== "string") yield [name, format];
  }
}

/** `DATE_FORMATS` in those of some languages in which a text may name a month. */
export function* builtIn(text: string, languages: readonly string[]): Generator<NamedFormat> {
  const named = languagesNaming(text, languages);
  if (named.length > 0) yield* usable(DATE_FORMATS, named);
  for (const language of named) yield* usable(namesOf(language).formats, [language]);
}

/**
 * Formats in figures with a weekday before them, such as Drupal's medium one: of the two orders the
 * weekday proves one. Where it is that of both, the list or the site file decides.
 */
export const WEEKDAY_FORMATS: readonly string[] = ["/", ".", "-"].flatMap((mark) =>
  [`${mark}yyyy`, `${mark}yy`].flatMap((year) => [
    `cccc, M${mark}d${year}`,
    `cccc, d${mark}M${year}`,
  ]),
);

/** Formats in figures: for telling that a text begins with a date, never for reading one. */
export const NUMERIC_FORMATS = listOf(
  "M/d/yyyy|d/M/yyyy|d.M.yyyy|d-M-yyyy|yyyy-M-d|yyyy/M/d|yyyy.M.d",
);

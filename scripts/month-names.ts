/**
 * Makes src/dates/cldr.ts: names of months and weekdays, and forms of dates, of every language of CLDR.
 *
 *     npm run names
 *
 * The data package is installed for this alone: it has 99 MB, of which the table needs 150 kB.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { fold } from "../src/dates/fold.js";
import { compileFormat } from "../src/dates/format.js";
import { DATE_FORMATS } from "../src/dates/formats.js";

const ROOT = resolve(import.meta.dirname, "..");
const DATA = resolve(ROOT, "node_modules/cldr-dates-full");
const CONTEXTS = ["format", "stand-alone"] as const;
const WIDTHS = ["wide", "abbreviated"] as const;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MONTHS = Array.from({ length: 12 }, (_, index) => String(index + 1));

type Names = Record<
  (typeof CONTEXTS)[number],
  Record<(typeof WIDTHS)[number], Record<string, string>>
>;
interface Calendar {
  readonly months: Names;
  readonly days: Names;
  readonly dateFormats: Record<string, string | { readonly _value: string }>;
}

/** Forms of each name, of all countries and scripts of a language. */
class Forms {
  readonly #keys: readonly string[];
  readonly #forms: Map<string, string>[];

  constructor(keys: readonly string[]) {
    this.#keys = keys;
    this.#forms = keys.map(() => new Map());
  }

  add(names: Names): void {
    for (const context of CONTEXTS)
      for (const width of WIDTHS)
        for (const [index, key] of this.#keys.entries()) {
          const form = (names[context][width][key] ?? "").normalize("NFC").toLowerCase();
          const bare = form.replace(/\.$/, "").trim();
          // A number is not a name.
          if (/\p{L}/u.test(bare) && !/[,;|]/.test(bare)) this.#forms[index]?.set(fold(bare), bare);
        }
  }

  /** Forms that mean one thing, `|` between them; null where a month or day has none. */
  text(): string | null {
    const times = (key: string) => this.#forms.filter((forms) => forms.has(key)).length;
    const lists = this.#forms.map((forms) =>
      [...forms].filter(([key]) => times(key) === 1).map(([, form]) => form),
    );
    return lists.some((list) => list.length === 0)
      ? null
      : lists.map((list) => list.join("|")).join(",");
  }
}

/** A pattern in the tokens that formats have; null where it has others, or where figures may be in another order. */
function formatOf(pattern: string): string | null {
  const tokens = { d: "d", y: "yyyy", M: "M", L: "M", E: "cccc", c: "cccc" } as const;
  const format = pattern
    .replace(/\s*G+\s*/g, " ")
    .replace(/[\u200e\u200f\u061c]/g, "")
    .trim()
    .replace(/'[^']*'|([A-Za-z])\1*/g, (piece, letter: keyof typeof tokens | undefined) => {
      if (letter === undefined) return piece;
      return /^(?:M|L){3,4}$/.test(piece) ? "MMMM" : (tokens[letter] ?? piece);
    });
  const isPlain = format.includes("MMMM") || /yyyy\p{L}.*M\p{L}.*d\p{L}/u.test(format);
  return isPlain && typeof compileFormat(format, []) !== "string" ? format : null;
}

const languages = new Map<string, { months: Forms; days: Forms; formats: Set<string> }>();
for (const locale of readdirSync(resolve(DATA, "main"))) {
  const path = resolve(DATA, "main", locale, "ca-gregorian.json");
  const { main } = JSON.parse(readFileSync(path, "utf8"));
  const { months, days, dateFormats }: Calendar = main[locale].dates.calendars.gregorian;
  // What a locale lacks is that of the root; nobody prints English in Deseret or Shavian.
  if (/^M\d\d$/.test(months.format.wide["7"] ?? "") || /-(?:Dsrt|Shaw)$/.test(locale)) continue;
  const [language = ""] = locale.split("-");
  const known = languages.get(language) ?? {
    months: new Forms(MONTHS),
    days: new Forms(DAYS),
    formats: new Set<string>(),
  };
  languages.set(language, known);
  known.months.add(months);
  known.days.add(days);
  for (const length of ["full", "long", "medium"]) {
    const given = dateFormats[length] ?? "";
    const format = formatOf(typeof given === "string" ? given : given._value);
    if (format !== null && !DATE_FORMATS.includes(format)) known.formats.add(format);
  }
}

const lines = [...languages].flatMap(([language, { months, days, formats }]) => {
  const names = months.text();
  return names === null
    ? []
    : [[language, names, days.text() ?? "", [...formats].join("|")].join(";")];
});
const { version } = JSON.parse(readFileSync(resolve(DATA, "package.json"), "utf8"));
writeFileSync(
  resolve(ROOT, "src/dates/cldr.ts"),
  `/**
 * Names of months and weekdays, and forms of dates, of the languages of CLDR ${version} (Unicode licence v3,
 * https://www.unicode.org/license.txt), made by \`npm run names\`.
 *
 * A line a language: its tag; months from January; weekdays from Monday; formats beside \`DATE_FORMATS\`. \`|\` is
 * between the forms of one.
 */
// biome-ignore format: data, one language a line
export const CLDR = \`
${lines.join("\n")}
\`;
`,
);
process.stdout.write(`${lines.length} languages of cldr-dates-full ${version}\n`);

/** CSV as RFC 4180 writes it, in UTF-8 without a byte order mark, safe to open in a spreadsheet. */
import { csvLine } from "../archive/csv.js";
import { besideFront } from "./beside.js";
import type { Export, Publication, PublishedEntry } from "./export.js";
import { columnsOf } from "./own-fields.js";

export const csv: Export = {
  media: { folder: "media", address: "/media" },
  async *files(publication) {
    yield { path: "articles.csv", content: rowsOf(publication) };
  },
};

/** Columns. A list is one cell with a value on each line; a missing value is an empty cell. */
const COLUMNS: Readonly<Record<string, (entry: PublishedEntry) => string | null>> = {
  id: ({ id }) => id,
  title: ({ data }) => data.title,
  date: ({ data }) => data.date,
  type: ({ data }) => data.type,
  language: ({ data }) => data.language,
  direction: ({ data }) => data.direction,
  address: ({ href }) => href,
  sourceUrl: ({ data }) => data.sourceUrl,
  summary: ({ data }) => data.summary,
  body: ({ body }) => body,
  aliases: ({ data }) => data.aliases.join("\n"),
  translations: ({ translations }) =>
    translations.map(({ language, href }) => `${language} ${href}`).join("\n"),
  media: ({ media }) => media.map(({ href }) => href).join("\n"),
  pictures: (entry) => (besideFront(entry).pictures ?? []).map(({ src }) => src).join("\n"),
  attachments: (entry) => (besideFront(entry).attachments ?? []).map(({ href }) => href).join("\n"),
  dateText: ({ data }) => data.dateText,
  typeText: ({ data }) => data.typeText,
  warnings: ({ data }) => data.warnings.join("\n"),
};

async function* rowsOf(publication: Publication) {
  const own = columnsOf(
    publication,
    new Set(Object.keys(COLUMNS).map((name) => name.toLowerCase())),
  );
  yield Buffer.from(csvLine([...Object.keys(COLUMNS), ...own.map(({ name }) => name)]));
  for await (const entry of publication.entries()) {
    const fields = new Map(entry.fields.map((field) => [field.name, field]));
    const more = own.map(({ field, read }) => {
      const found = fields.get(field);
      return found === undefined ? "" : String(read(found) ?? "");
    });
    const cells = [...Object.values(COLUMNS).map((read) => read(entry) ?? ""), ...more];
    yield Buffer.from(csvLine(cells.map(withoutFormula)));
  }
}

/**
 * What a spreadsheet would take for a formula gets an apostrophe in front
 * (https://owasp.org/www-community/attacks/CSV_Injection): so does a text that begins with an apostrophe
 * and such a character, so that a program that takes one away gets the original text.
 */
function withoutFormula(cell: string): string {
  return /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(cell) ? `'${cell}` : cell;
}

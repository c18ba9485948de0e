/**
 * Astro 5: a site that builds as it is, with a content collection whose schema is strict.
 *
 * Known failures that this avoids: `slug` in front matter replaces the id of an entry; a coerced date takes
 * any text (js-yaml reads a bare date as midnight UTC, other readers leave the text: the schema takes these two);
 * Astro changes quotes and dashes in text; images beside the content are processed and renamed.
 */
import { bareDate, contentFile } from "../../archive/frontmatter.js";
import { type FieldShape, type SingleKind, singleKind } from "../../schema/fields.js";
import { besideFront } from "../beside.js";
import type { Export, ExportFile, Publication, PublishedEntry } from "../export.js";
import { entryFront, siteJson, templates } from "../generator.js";
import { redirectsOf } from "../redirects/formats.js";

export const astro: Export = {
  media: { folder: "public/media", address: "/media" },
  async *files(publication) {
    for await (const file of templates(import.meta.url))
      yield file.path === SCHEMA
        ? { ...file, content: withFields(file.content, publication) }
        : file;
    yield { path: "src/site.json", content: siteJson(publication) };
    yield redirectsOf("netlify", "public/_redirects", publication);
    for await (const entry of publication.entries()) yield entryFile(entry);
  },
};

const SCHEMA = "src/content.config.ts";

/** The schema of the collection with the site's own fields, as strict as the rest. */
function withFields(text: string, { own }: Publication): string {
  const fields = Object.entries(own.fields);
  if (fields.length === 0) return text;
  const lines = fields.map(
    ([name, shape]) => `      ${JSON.stringify(name)}: ${schemaOf(shape)},\n`,
  );
  return text.replace(
    /\n {4}translations: .*\n/,
    // A choice may hold `$1`. Entries of a list without own fields have none.
    (line) =>
      `${line}    /** The old site's own fields. */\n    fields: z.object({\n${lines.join("")}    }).strict().optional(),\n`,
  );
}

function schemaOf(shape: FieldShape): string {
  const one = ONE[singleKind(shape)];
  const closed = shape.choices?.length ? `z.enum(${JSON.stringify(shape.choices)})` : one;
  const value = singleKind(shape) === "choice" ? closed : one;
  const whole = shape.kind === "list" ? `z.array(${value})` : `${value}.nullable()`;
  return shape.lists === undefined ? whole : `${whole}.optional()`;
}

const TEXT = "z.string()";
/** Text that is a date stays one: quotes keep YAML from making a time of it. */
const ONE: Readonly<Record<SingleKind, string>> = {
  text: TEXT,
  choice: TEXT,
  date: "z.string().regex(/^\\d{4}-\\d{2}-\\d{2}$/)",
  datetime: TEXT,
  range: "z.object({ start: z.string(), end: z.string() })",
  url: "z.string().url()",
  number: "z.number()",
  boolean: "z.boolean()",
  html: TEXT,
  file: TEXT,
  image: TEXT,
  reference: TEXT,
};

function entryFile(entry: PublishedEntry): ExportFile {
  const { data, address, file, body } = entry;
  const { articleDate, ...kept } = entryFront(entry);
  const date = bareDate(articleDate) ?? null;
  const front = {
    ...{ title: data.title, date, address, description: data.summary, ...kept },
    ...besideFront(entry),
  };
  return { path: `src/content/articles/${file}.md`, content: contentFile(front, body) };
}

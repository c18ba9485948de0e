/** Fields of a site's own: their kinds, and what a value of each kind is in `data.fields` of an entry. */
import { z } from "zod";
import { isCalendarDate } from "../dates/calendar.js";
import { entryId, isHttpUrl, line, optional, pathPattern, text, url } from "./words.js";

export const SINGLE_KINDS = [
  "text",
  "choice",
  "date",
  "datetime",
  "range",
  "url",
  "number",
  "boolean",
  "html",
  "file",
  "image",
  "reference",
] as const;
export type SingleKind = (typeof SINGLE_KINDS)[number];

/** Kinds of a field. A list holds values of one of the other kinds. */
export const KINDS = [...SINGLE_KINDS, "list"] as const;
export type Kind = (typeof KINDS)[number];

/** Keys that an entry or a content file has already, and what targets of an export call theirs. */
const TAKEN = /^(?:id|title|date|type|language|sourceUrl|summary|body|fields)$/;

/** Name of a field: also a key of front matter, a column and a machine name. */
export const fieldName = z
  .string()
  .regex(
    /^[a-z][A-Za-z0-9_-]{0,31}$/,
    "expected a name of at most 32 letters, digits, _ and -, that begins with a small letter",
  )
  .refine(
    (name) => !TAKEN.test(name) && !(name in {}),
    "expected another name: this one is that of something else",
  );

/** What an archive has to know of a field to judge it, and to export it. */
const fieldShape = z.strictObject({
  kind: z.enum(KINDS).describe("Kind of its value."),
  of: optional(z.enum(SINGLE_KINDS), "Kind of the values of a list."),
  choices: optional(z.array(z.string()), "The values that it may have, where it is closed."),
  required: optional(z.literal(true), "An entry without it is rejected."),
  lists: optional(z.array(z.string()), "Lists whose entries have it, where not all do."),
});
export type FieldShape = z.output<typeof fieldShape>;

/** Kind of one value: that of the field but for a list. */
export function singleKind({ kind, of = "text" }: Pick<FieldShape, "kind" | "of">): SingleKind {
  return kind === "list" ? of : kind;
}

/** What entries of a site have beside the keys of every entry. */
export const ownShape = z.strictObject({
  fields: z.record(fieldName, fieldShape).describe("Its own fields."),
  types: optional(
    z.record(z.string(), z.strictObject({ required: z.array(z.string()) })),
    "By type of an entry, the fields that it must have.",
  ),
});
export type OwnShape = z.output<typeof ownShape>;

const calendarDate = z.string().refine(isCalendarDate, "is not a calendar date YYYY-MM-DD");

const dateTime = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?$/,
    "is neither a calendar date nor a time with its offset",
  )
  .refine((value) => isCalendarDate(value.slice(0, 10)), "is not a date of the calendar");

const range = z
  .strictObject({
    start: calendarDate.describe("First day."),
    end: calendarDate.describe("Last day; the first one, where there is only one."),
  })
  .refine(({ start, end }) => start <= end, "ends before it begins");

const storedFile = text.refine(
  (value) => MEDIA_PATH.test(value) || isHttpUrl(value),
  "is neither a path under media/ nor an absolute URL",
);
const MEDIA_PATH = new RegExp(pathPattern("media"));

const reference = text.refine(
  (value) => entryId.safeParse(value).success || isHttpUrl(value),
  "is neither an id nor an absolute URL",
);

const VALUES: Readonly<Record<SingleKind, z.ZodType>> = {
  text: text.min(1),
  choice: line.min(1),
  date: calendarDate,
  datetime: dateTime.describe("With its offset; a calendar date where no time zone is known."),
  range,
  url,
  number: z.number(),
  boolean: z.boolean(),
  html: text.min(1).describe("Markdown."),
  file: storedFile.describe("Path in the archive; its URL while it has not been fetched."),
  image: storedFile.describe("Path in the archive; its URL while it has not been fetched."),
  reference: reference.describe("Id of an entry; its URL where the archive has none."),
};

function valueSchema({ kind, of = "text", choices, required }: FieldShape): z.ZodType {
  const single = (one: SingleKind): z.ZodType =>
    one === "choice" && choices !== undefined && choices.length > 0 ? z.enum(choices) : VALUES[one];
  if (kind === "list") return required ? z.array(single(of)).min(1) : z.array(single(of));
  return required ? single(kind) : single(kind).nullable();
}

/** Any value of any field: what an entry may hold when its site is not known. */
const anyValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  range,
  z.array(z.union([z.string(), z.number(), z.boolean(), range])),
]);
export const anyFields = z
  .record(fieldName, anyValue.nullable())
  .describe("The site's own fields: null, or an empty list, where it has none.");

/** `data.fields` of an entry of one site. @param list whose entry it is; null where that is not known */
export function fieldsSchema({ fields }: Pick<OwnShape, "fields">, list: string | null = null) {
  const shape = Object.entries(fields).flatMap(([name, field]): [string, z.ZodType][] => {
    const value = valueSchema(field);
    if (field.lists === undefined || list === null)
      return [[name, field.lists === undefined ? value : value.optional()]];
    return field.lists.includes(list) ? [[name, value]] : [];
  });
  return z.strictObject(Object.fromEntries(shape)).describe("The site's own fields.");
}

/** What an entry must be: the zod schema of its keys and of a line of entries.jsonl, and the judge of drafts. */
import { z } from "zod";
import { isCalendarDate } from "../dates/calendar.js";
import { type Draft, type Entry, type EntryData, FIELD_NAMES, type Issue } from "../model.js";
import { didYouMean } from "../text.js";
import { valueAt } from "./explain.js";
import { anyFields, fieldsSchema, type OwnShape } from "./fields.js";
import {
  count,
  ENTRY_ID,
  entryId,
  isHttpUrl,
  isPortableName,
  LANGUAGE_TAG,
  line,
  optional,
  pathPattern,
  sha256,
  text,
  url,
} from "./words.js";

const language = z
  .string()
  .max(63)
  .regex(LANGUAGE_TAG, "is not a BCP 47 language tag")
  .describe("BCP 47 tag.");

const translation = text.refine(
  (value) => ENTRY_ID.test(value) || isHttpUrl(value),
  "is neither an id nor an absolute http or https URL",
);

const media = z
  .strictObject({
    sourceUrl: url.describe("URL of the image or attachment on the old site."),
    path: line
      .regex(pathPattern("media"), "is not a path under media/")
      .nullable()
      .describe("Path in the archive; null while it has not been fetched."),
    sha256: sha256.nullable().describe("SHA-256 of the stored file."),
    bytes: count.nullable().describe("Size of the stored file."),
    mediaType: line.nullable().describe("Media type of the stored file, such as image/jpeg."),
    alt: text.nullable().describe("Alternative text."),
    title: optional(
      text.nullable(),
      "Title, as a browser shows it when pointed at; of a file the words of the link to it.",
    ),
    caption: optional(text.nullable(), "Caption printed with it."),
    kind: optional(
      z.enum(["image", "file"]),
      "`image` where the text shows it, `file` where it plays or links to it.",
    ),
    reason: optional(line, "Why it was requested and is not stored; only where the path is null."),
  })
  .describe("An image or attachment of the article.");

export const ENTRY_SCHEMA = "urn:sitelift:entry:1";

/** Front matter of an entry. The order of its keys is the order in which they are written. */
export const entryData = z
  .strictObject({
    id: entryId.describe("Identity of the article: made from its canonical URL."),
    title: line
      .refine((value) => value.trim() !== "", "is empty")
      .describe("Title as the site prints it."),
    date: z
      .string()
      .refine(isCalendarDate, "is not a calendar date YYYY-MM-DD")
      .nullable()
      .describe("Calendar date YYYY-MM-DD; null when the site prints none that can be read."),
    type: line
      .refine((value) => value !== "", "is empty; none is null")
      .nullable()
      .describe("Kind of article, normalised by the site file; null when the site has none."),
    language: language.describe("BCP 47 tag of the text; und when nothing names one."),
    sourceUrl: url.describe("Canonical URL on the old site."),
    summary: text.nullable().describe("Short text of the listing; null when it has none."),
    aliases: z.array(url).describe("Other URLs under which the article was met."),
    media: z.array(media).describe("Images and attachments, in the order of the text."),
    dateText: text.nullable().describe("The date as printed."),
    typeText: text.nullable().describe("The type as printed."),
    direction: z.enum(["ltr", "rtl"]).describe("Direction of the script."),
    translations: z
      .record(language, translation)
      .describe("Id of each translation, by its language; its URL until the archive knows it."),
    warnings: z.array(text).describe("What deserves a look and stopped nothing."),
    fields: anyFields.optional(),
  })
  .meta({
    $id: ENTRY_SCHEMA,
    title: "sitelift entry",
    description: "Front matter of one article.",
  });

const body = text.describe("Markdown.");

const slug = line
  .refine(isPortableName, "is not a portable file name")
  .describe("Preferred file name, without extension.");

/** One line of entries.jsonl. */
export const entryLine = z
  .strictObject({
    id: entryId.describe("Identity of the article, as in data."),
    slug,
    path: line
      .regex(pathPattern("content", "\\.md"), "is not a path of a content file")
      .describe("Content file of this entry."),
    data: entryData,
    body,
  })
  .refine((value) => value.id === value.data.id, { path: ["id"], error: "differs from data.id" })
  .meta({
    $id: "urn:sitelift:entry-line:1",
    title: "sitelift entries.jsonl",
    description: "One line of entries.jsonl: an entry and the path of its content file.",
  });
export type EntryLine = z.output<typeof entryLine>;

/** Front matter of an entry of one site. @param list whose entry it is; null where that is not known */
export function entryDataOf(own: OwnShape, list: string | null = null) {
  const { fields } = own;
  if (Object.keys(fields).length === 0 && own.types === undefined) return entryData;
  const given = Object.keys(fields).length === 0 ? {} : { fields: fieldsSchema(own, list) };
  return z
    .strictObject({ ...entryData.shape, ...given })
    .superRefine((data, context) => {
      const needed = own.types?.[data.type ?? ""]?.required ?? [];
      const values: Readonly<Record<string, unknown>> = { ...data, ...(data as EntryData).fields };
      for (const name of needed) {
        const value = values[name];
        const isReserved = name in entryData.shape;
        if (name === "body" || (value != null && !(Array.isArray(value) && value.length === 0)))
          continue;
        const path = isReserved ? [name] : ["fields", name];
        const message = `${name} is missing, and types.${data.type} of the site file requires it`;
        context.addIssue({ code: "custom", path, message });
      }
    })
    .meta({ title: "sitelift entry", description: "Front matter of one article of this site." });
}

type DraftShape = ReturnType<typeof draftShapeOf>;
const drafts = new WeakMap<OwnShape, Map<string | null, DraftShape>>();

function draftShapeOf(own: OwnShape, list: string | null) {
  return z.strictObject({ id: entryId, slug, data: entryDataOf(own, list), body });
}

/** Made once for each list of a site. */
function draftShape(own: OwnShape, list: string | null) {
  const known: Map<string | null, DraftShape> = drafts.get(own) ?? new Map();
  const shape = known.get(list) ?? draftShapeOf(own, list);
  drafts.set(own, known.set(list, shape));
  return shape;
}

const ANY_SITE = { own: { fields: {} }, list: null };

/**
 * Judges a draft: an entry when nothing is wrong, every issue at once when something is.
 *
 * Issues that conversion raised come first; a key that it complained about is not complained about twice.
 * An empty body is legal only where the draft has no body field and conversion did not miss it: then the
 * site file does not demand one. Never throws on what a draft holds.
 *
 * @param site what its entries have, and which of its lists this one is of
 */
export function judge(
  draft: Draft,
  { own, list }: { readonly own: OwnShape; readonly list: string | null } = ANY_SITE,
): Entry | { readonly issues: readonly Issue[] } {
  const { id, slug, data, body } = draft;
  const parsed = draftShape(own, list).safeParse({ id, slug, data, body });
  const known = new Set(draft.issues.map((issue) => issue.path));
  const found = parsed.success ? [] : parsed.error.issues.flatMap((issue) => explain(issue, draft));
  if (body.trim() === "" && draft.provenance.fields.body !== undefined)
    found.push(
      issueAt("body", "body is empty: its selector matched, and no text came of it", draft),
    );
  const issues = [...draft.issues, ...found.filter((issue) => !known.has(issue.path))];
  if (!parsed.success || issues.length > 0) return { issues };
  // The one place that makes an entry: `parsed.data` has passed every rule above.
  return {
    ...parsed.data,
    provenance: draft.provenance,
    anchors: draft.anchors,
    embedded: draft.embedded,
  } as unknown as Entry;
}

function explain(issue: z.core.$ZodIssue, draft: Draft): Issue[] {
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => {
      const hint = didYouMean(key, Object.keys(entryData.shape), "An entry has no such key.");
      const path = [...issue.path, key].join(".");
      return { path, message: "unknown key", raw: null, selector: null, hint };
    });
  const path = issue.path.join(".");
  return [issueAt(path, issue.message, draft, valueAt(issue.path, draft))];
}

const HINTS: Readonly<Record<string, string>> = {
  "data.title": "Look at fields.title of the site file; `sitelift inspect` shows what it matched.",
  "data.date": "Name the printed format in fields.date.formats of the site file.",
  "data.type": "Map the printed word in fields.type.values of the site file.",
  "data.language": "Set `language` in the site file to a BCP 47 tag, such as en or zh-Hans.",
  body: "Look at fields.body of the site file; the page is kept as page.html of this folder.",
};

/** @param value shown where nothing was read for the path */
function issueAt(path: string, message: string, draft: Draft, value?: unknown): Issue {
  // The printed date and type were read where the typed ones were.
  const key = /^(?:data\.)?(?:fields\.)?([^.]+)/.exec(path)?.[1] ?? "";
  const isOwn = path.startsWith("data.fields.");
  const field = isOwn ? key : FIELD_NAMES.find((name) => name === key.replace(/Text$/, ""));
  const source = field === undefined ? undefined : draft.provenance.fields[field];
  return {
    path,
    message,
    raw: source?.raw ?? (value === undefined || value === null ? null : shown(value)),
    selector: source?.selector ?? null,
    hint: isOwn
      ? `Look at fields.${key} of the site file; \`sitelift inspect\` shows what it matched.`
      : (HINTS[path] ?? "The draft is kept whole in record.json of this folder."),
  };
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? typeof value);
  return text.slice(0, 500);
}

/** Keys of the front matter, in the order in which they are written. */
export const ENTRY_KEYS = Object.keys(entryData.shape) as readonly (keyof EntryData)[];

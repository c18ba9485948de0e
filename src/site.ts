/**
 * A site: what to read and where, as plain data. This file holds the zod schema of a site file,
 * `defineSite`, and the merge of a preset with what a site file says on top of it.
 */
import { z } from "zod";
import { compileFormat } from "./convert/date-format.js";
import { CliError } from "./error.js";
import { explainIssue } from "./explain.js";
import { FIELD_NAMES, type FieldName } from "./model.js";
import { selectorProblem } from "./selector.js";

const selector = z
  .string()
  .trim()
  .refine((text) => selectorProblem(text) === null, {
    error: ({ input }) => `expected a CSS selector (${selectorProblem(String(input))})`,
  })
  .describe("A CSS selector.");

/** A map whose keys are words of a site. zod would leave `__proto__` out of it in silence. */
function words<T extends z.ZodType>(map: T): z.ZodType<z.output<T>, z.input<T>> {
  const checked = z.preprocess((given, { addIssue }) => {
    if (typeof given === "object" && given !== null && Object.hasOwn(given, "__proto__"))
      addIssue({ code: "custom", path: ["__proto__"], message: "expected another key" });
    return given;
  }, map);
  return checked as unknown as z.ZodType<z.output<T>, z.input<T>>;
}

/** Names of months are those of the page's language: here only the form is judged. */
function formatProblem(format: string): string | null {
  const made = compileFormat(format, []);
  return typeof made === "string" ? made : null;
}

const alternative = z.union([
  selector,
  z.strictObject({
    select: selector,
    attribute: z.string().min(1).optional().describe("Read this attribute instead of the text."),
    all: z
      .boolean()
      .optional()
      .describe("Read all elements that match, in order, instead of the first. Default: false."),
    read: z
      .enum(["text", "html", "own"])
      .optional()
      .describe(
        "Read the element's text, its HTML, or its own words alone without those of the elements in it. Default: html for the body, text for the rest.",
      ),
  }),
]);

const alternatives = z
  .union([alternative, z.array(alternative).min(1)])
  .describe("Ordered alternatives: the first that yields something wins.");

const selectors = z
  .union([selector, z.array(selector)])
  .describe("One selector or an ordered list of them.");

const field = z.strictObject({
  listing: alternatives.optional().describe("Where the field stands in a row of the listing."),
  article: alternatives.optional().describe("Where the field stands on the article page."),
  prefer: z
    .enum(["listing", "article", "same"])
    .optional()
    .describe("Which wins when both have it; `same` demands that they agree. Default: article."),
  required: z
    .boolean()
    .optional()
    .describe(
      "An entry without it goes to quarantine. Default: false; true for the title and the body.",
    ),
  empty: z.array(z.string()).optional().describe('Texts that mean "none", such as "-".'),
});

const dateField = field.extend({
  formats: z
    .array(
      z
        .string()
        .min(1)
        .refine((format) => formatProblem(format) === null, {
          error: ({ input }) =>
            `expected a date format such as d MMMM yyyy (${formatProblem(String(input))})`,
        }),
    )
    .optional()
    .describe("Formats of the printed date, such as M/d/yyyy or d MMMM yyyy, tried in order."),
  locales: z
    .array(z.string().min(2))
    .optional()
    .describe(
      "Languages of month and weekday names. Default: the language of the page, then that of the site, then English.",
    ),
});

const typeField = field.extend({
  values: words(z.record(z.string(), z.string().nullable()))
    .optional()
    .describe("The site's words and what each becomes in the archive; null for none."),
  unknownValues: z
    .enum(["error", "keep", "null"])
    .optional()
    .describe(
      "What to do with a word that `values` does not list: send the entry to quarantine, keep it in lower case, or drop it. Default: error when `values` is given, keep otherwise.",
    ),
});

const fields = z.strictObject({
  title: field.optional(),
  date: dateField.optional(),
  type: typeField.optional(),
  summary: field.optional(),
  body: field.optional(),
});

const listing = z.strictObject({
  within: selectors
    .optional()
    .describe(
      "Part of the page that holds the list and its pager; the first that matches. Default: body.",
    ),
  rows: selectors
    .optional()
    .describe("The rows; the first selector that matches at least one wins."),
  link: alternatives
    .optional()
    .describe("The link to the article in a row. Default: the first link of the row."),
  next: z
    .union([alternative, z.array(alternative)])
    .optional()
    .describe(
      "The link to the next listing page, or an ordered list of alternatives. An empty list says that the list has one page. Default: a or link with rel=next.",
    ),
  current: selectors
    .optional()
    .describe('Text with the number of this page, and of the last one if it says so ("3 of 27").'),
  pageLinks: selectors
    .optional()
    .describe(
      "Links of the pager, used to count the pages and to find the next one when `next` matches nothing.",
    ),
  pageParameter: z
    .string()
    .min(1)
    .optional()
    .describe("Query parameter that counts listing pages from 0 (`page` in Drupal)."),
  empty: selectors
    .optional()
    .describe("What stands on a listing page that says of itself that it has no rows."),
});

const article = z.strictObject({
  follow: z.boolean().optional().describe("Fetch the page that a row links to. Default: true."),
  translations: selectors
    .optional()
    .describe(
      "Links to the same article in other languages, beside link[rel=alternate][hreflang].",
    ),
  media: selectors
    .optional()
    .describe(
      "Images (img) and attachments (a) of the article that stand beside its text, such as its picture. All that match are taken.",
    ),
});

const media = z.strictObject({
  origins: z
    .array(z.url({ protocol: /^https?$/ }))
    .optional()
    .describe(
      "Origins beside the site's own from which images and attachments may be fetched, such as a host of static files.",
    ),
});

const inLanguage = z.strictObject({
  origins: z
    .array(z.url({ protocol: /^https?$/ }))
    .optional()
    .describe("Origins that may be visited beside the site's when this language is walked."),
  listing: listing.optional(),
  article: article.optional(),
  fields: fields.optional(),
});

const politeness = z.strictObject({
  delay: z
    .number()
    .int()
    .min(0)
    .max(600_000)
    .optional()
    .describe("Milliseconds between the starts of two requests to one host. Default: 250."),
  concurrency: z
    .number()
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe("Requests at a time to one host. Default: 2."),
});

const share = z.number().min(0).max(1);

const health = z
  .strictObject({
    title: share.optional(),
    date: share.optional(),
    type: share.optional(),
    summary: share.optional(),
    body: share.optional(),
  })
  .describe(
    "For each field, the least share of articles that must have it, from 0 to 1: a run that finds it in fewer has findings.",
  );

const languageTag = z.string().regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/);

const shape = {
  $schema: z.string().optional().describe("Address of this schema, for editors."),
  start: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Address of the first listing page."),
  language: languageTag
    .optional()
    .describe("BCP 47 tag of entries whose page names no language. Default: und."),
  listing: listing.optional(),
  article: article.optional(),
  fields: fields.optional(),
  remove: selectors
    .optional()
    .describe("Elements that are taken out of every page before anything is read."),
  origins: z
    .array(z.url({ protocol: /^https?$/ }))
    .optional()
    .describe("Origins beside the start URL's that may be visited."),
  media: media.optional(),
  languages: words(z.record(languageTag, inLanguage))
    .optional()
    .describe(
      "What is different where the site speaks another language: date formats, words for types, hosts. Laid over the rest, key by key.",
    ),
  politeness: politeness.optional(),
  health: health.optional(),
};

/** A preset: the part of a site that a family of sites shares. */
export const presetSchema = z.strictObject(shape);
export type Preset = z.input<typeof presetSchema>;

/** What a site file may hold. Strict: an unknown key is an error. */
export const siteSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/)
      .describe(
        "Name of the site: lower-case letters, digits, dots and hyphens. Names the folder under output/.",
      ),
    preset: z.string().optional().describe("Preset to build on: drupal7 or unesco."),
    ...shape,
  })
  .meta({
    $id: "sitelift/site.schema.json",
    title: "sitelift site file",
    description: "What to read on a site, and where.",
  });
export type SiteInput = z.input<typeof siteSchema>;

/** One way to read a field. */
export interface Alternative {
  readonly select: string;
  readonly attribute: string | null;
  readonly read: "text" | "html" | "own";
  readonly all: boolean;
}

export interface FieldRules {
  readonly listing: readonly Alternative[];
  readonly article: readonly Alternative[];
  readonly prefer: "listing" | "article" | "same";
  readonly required: boolean;
  readonly empty: readonly string[];
}

/** A site, checked and complete: presets merged, every default filled in. */
export interface Site {
  readonly name: string;
  readonly start: string;
  readonly language: string;
  readonly origins: readonly string[];
  readonly remove: readonly string[];
  readonly media: { readonly origins: readonly string[] };
  /** The site in other languages that it knows, each complete, but for the start. */
  readonly languages: Readonly<Record<string, Omit<Site, "languages">>>;
  readonly politeness: { readonly delay: number; readonly concurrency: number };
  /** The least share of articles that must have a field. */
  readonly health: Readonly<Partial<Record<FieldName, number | undefined>>>;
  readonly listing: {
    readonly within: readonly string[];
    readonly rows: readonly string[];
    readonly link: readonly Alternative[];
    readonly next: readonly Alternative[];
    readonly current: readonly string[];
    readonly pageLinks: readonly string[];
    readonly pageParameter: string | null;
    readonly empty: readonly string[];
  };
  readonly article: {
    readonly follow: boolean;
    readonly translations: readonly string[];
    readonly media: readonly string[];
  };
  readonly fields: Readonly<Record<FieldName, FieldRules>> & {
    readonly date: FieldRules & {
      readonly formats: readonly string[];
      readonly locales: readonly string[];
    };
    readonly type: FieldRules & {
      readonly values: Readonly<Record<string, string | null>> | null;
      readonly unknownValues: "error" | "keep" | "null";
    };
  };
}

/** Gives a site file its types; what it says is checked when it is loaded. */
export function defineSite(site: SiteInput): SiteInput {
  return site;
}

/**
 * Checks a site file and fills in presets and defaults.
 *
 * @param input what the file holds, unchecked
 * @param presets the presets that may be named
 * @param from where it stands, for messages
 * @throws {CliError} exit code 2, naming every key that is wrong, what was expected and the nearest known key
 */
export function resolveSite(
  input: unknown,
  presets: Readonly<Record<string, Preset>>,
  from: string,
): Site {
  const parsed = siteSchema.safeParse(input);
  if (!parsed.success)
    throw new CliError(`${from} is not a valid site file`, {
      exitCode: 2,
      details: parsed.error.issues.flatMap((issue) => explainIssue(siteSchema, issue, input)),
      hint: "`sitelift schema site` prints every key and what it means.",
    });
  const own = parsed.data;
  const preset = own.preset === undefined ? {} : presets[own.preset];
  if (preset === undefined)
    throw new CliError(`${from}: unknown preset "${own.preset}"`, {
      exitCode: 2,
      hint: `Known presets: ${Object.keys(presets).join(", ")}.`,
    });
  const merged = mergePreset(preset, own);
  const lacks = [
    merged.start === undefined
      ? "start: expected the address of the first listing page, found nothing"
      : null,
    merged.listing?.rows === undefined
      ? "listing.rows: expected a selector of the rows, found nothing"
      : null,
    merged.fields?.title === undefined
      ? "fields.title: expected where the title stands, found nothing"
      : null,
  ].filter((line) => line !== null);
  if (lacks.length > 0)
    throw new CliError(`${from} is not complete`, {
      exitCode: 2,
      details: lacks,
      hint: 'A Drupal 7 site needs only `preset: "drupal7"`, a name and a start.',
    });
  return { ...complete(own.name, merged), languages: languagesOf(own.name, merged) };
}

function languagesOf(name: string, merged: Preset): Site["languages"] {
  return Object.fromEntries(
    Object.entries(merged.languages ?? {}).map(([language, { origins = [], ...own }]) => [
      language,
      complete(name, {
        ...mergePreset(merged, { ...own, language }),
        origins: [...(merged.origins ?? []), ...origins],
      }),
    ]),
  );
}

/**
 * A site as it is walked in another language.
 *
 * @param start address of its listing in that language
 */
export function inOtherLanguage(site: Site, language: string, start: string): Site {
  const own = site.languages[language] ?? site.languages[language.split("-")[0] ?? ""] ?? site;
  const { politeness, article, origins } = site;
  return {
    ...own,
    languages: site.languages,
    language,
    start,
    origins,
    politeness,
    article: { ...own.article, follow: article.follow },
  };
}

/** A preset with a site's own keys on top: objects are merged key by key, lists are replaced whole. */
export function mergePreset(preset: Preset, own: Preset): Preset {
  const fieldsOf = (name: FieldName) => ({ ...preset.fields?.[name], ...own.fields?.[name] });
  const named = FIELD_NAMES.filter((name) => preset.fields?.[name] ?? own.fields?.[name]);
  return {
    ...preset,
    ...own,
    listing: { ...preset.listing, ...own.listing },
    article: { ...preset.article, ...own.article },
    media: { ...preset.media, ...own.media },
    languages: { ...preset.languages, ...own.languages },
    politeness: { ...preset.politeness, ...own.politeness },
    health: { ...preset.health, ...own.health },
    fields: Object.fromEntries(named.map((name) => [name, fieldsOf(name)])),
  };
}

/** An origin; with it that of https where a site without it may have moved to it. */
function originsOf(address: string): string[] {
  const { origin, protocol, port, hostname } = new URL(address);
  return protocol === "http:" && port === "" ? [origin, `https://${hostname}`] : [origin];
}

function complete(name: string, merged: Preset): Omit<Site, "languages"> {
  const start = merged.start as string;
  const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
    value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
  const ways = (
    value: z.input<typeof alternatives> | undefined,
    read: "text" | "html",
    attribute: string | null = null,
  ) =>
    list(value).map(
      (way): Alternative =>
        typeof way === "string"
          ? { select: way, attribute, read, all: false }
          : {
              select: way.select,
              attribute: way.attribute ?? (way.read ? null : attribute),
              read: way.read ?? read,
              all: way.all ?? false,
            },
    );
  const rules = (field: FieldName): FieldRules => {
    const given = merged.fields?.[field] ?? {};
    const read = field === "body" ? "html" : "text";
    return {
      listing: ways(given.listing, read),
      article: ways(given.article, read),
      prefer: given.prefer ?? "article",
      required: given.required ?? (field === "title" || field === "body"),
      empty: given.empty ?? [],
    };
  };
  const { date, type } = merged.fields ?? {};
  const { listing, article } = merged;
  const hasOnePage = Array.isArray(listing?.next) && listing.next.length === 0;
  return {
    name,
    start,
    language: merged.language ?? "und",
    origins: [start, ...list(merged.origins)].flatMap(originsOf),
    remove: list(merged.remove),
    media: { origins: list(merged.media?.origins).map((origin) => new URL(origin).origin) },
    politeness: {
      delay: merged.politeness?.delay ?? 250,
      concurrency: merged.politeness?.concurrency ?? 2,
    },
    health: merged.health ?? {},
    listing: {
      within: list(listing?.within),
      rows: list(listing?.rows),
      link: ways(listing?.link ?? ":scope a[href]", "text", "href"),
      next: ways(listing?.next ?? ["a[rel~=next]", "link[rel~=next]"], "text", "href"),
      current: hasOnePage ? [] : list(listing?.current),
      pageLinks: hasOnePage ? [] : list(listing?.pageLinks),
      pageParameter: listing?.pageParameter ?? null,
      empty: list(listing?.empty),
    },
    article: {
      follow: article?.follow ?? true,
      translations: list(article?.translations),
      media: list(article?.media),
    },
    fields: {
      title: rules("title"),
      summary: rules("summary"),
      body: rules("body"),
      date: { ...rules("date"), formats: date?.formats ?? [], locales: date?.locales ?? [] },
      type: {
        ...rules("type"),
        values: type?.values ?? null,
        unknownValues: type?.unknownValues ?? (type?.values ? "error" : "keep"),
      },
    },
  };
}

/** What a site file may say of fields: the five that every entry has, and those of the site's own. */
import { z } from "zod";
import { compileFormat } from "../dates/format.js";
import { languageOf, languages } from "../dates/names.js";
import { FIELD_NAMES } from "../model.js";
import { fieldName, KINDS, SINGLE_KINDS } from "../schema/fields.js";
import { optional } from "../schema/words.js";
import { nearest } from "../text.js";
import { REST } from "./rest.js";
import { selectorAdvice, selectorProblem } from "./selector.js";

/** @param isUsed what is taken beside a selector */
function selectorOr(isUsed: (text: string) => boolean) {
  return z
    .string({ error: 'expected a CSS selector in quotes, such as "h1"' })
    .trim()
    .refine((text) => isUsed(text) || selectorProblem(text) === null, {
      error: ({ input }) =>
        `expected a CSS selector (${selectorAdvice(selectorProblem(String(input)) ?? "")})`,
    });
}

export const selector = selectorOr(() => false).describe("A CSS selector.");

/** In a list, where `...` is what would be there without it. */
const listed = selectorOr((text) => text === REST).describe(
  'A CSS selector; in a list also "...", for what the preset has there.',
);

/** A map whose keys are words of a site. zod would leave `__proto__` out of it in silence. */
export function words<T extends z.ZodType>(map: T): z.ZodType<z.output<T>, z.input<T>> {
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

export const alternative = z.union([
  listed,
  z.strictObject({
    select: selector,
    attribute: optional(z.string().min(1), "Read this attribute instead of the text."),
    all: optional(
      z.boolean(),
      "Read all elements that match, in order, instead of the first. Default: false.",
    ),
    read: optional(
      z.enum(["text", "html", "own", "json-ld"]),
      "Read the element's text, its HTML, its own words alone without those of the elements in it, or what the JSON-LD in it says of the article under the key that `attribute` names. Default: html for the body, text for the rest.",
    ),
  }),
]);

export const alternatives = z
  .union([alternative, z.array(alternative).min(1)])
  .describe("Ordered alternatives: the first that yields something wins.");

export const selectors = z
  .union([listed, z.array(listed)])
  .describe("One selector or an ordered list of them.");

/** The same where nothing is below it. */
export const ownSelectors = z
  .union([selector, z.array(selector)])
  .describe("One selector or an ordered list of them.");

const field = z.strictObject({
  listing: optional(alternatives, "Where the field is in a row of the listing."),
  article: optional(alternatives, "Where the field is on the article page."),
  prefer: optional(
    z.enum(["listing", "article", "same"]),
    "Which wins when both have it; `same` demands that they agree. Default: article.",
  ),
  required: optional(
    z.boolean(),
    "An entry without it goes to quarantine. Default: false; true for the title and the body.",
  ),
  empty: optional(z.array(z.string()), 'Texts that mean "none", such as "-".'),
});

const dateField = field.extend({
  formats: optional(
    z.array(
      z
        .string()
        .min(1)
        .refine((format) => format === REST || formatProblem(format) === null, {
          error: ({ input }) =>
            `expected a date format such as d MMMM yyyy (${formatProblem(String(input))})`,
        }),
    ),
    "Formats of the printed date, such as M/d/yyyy or d MMMM yyyy, tried in order.",
  ),
  locales: optional(
    z.array(
      z.string().refine((tag) => languageOf(tag) !== null, {
        error: ({ input }) =>
          `expected a language whose names of months are known, found "${input}" (known: ${languages().join(" ")}); \`months\` gives those of another`,
      }),
    ),
    "Languages of month and weekday names. Default: the language of the page, then that of the site, then English.",
  ),
  months: optional(
    z.array(z.string().regex(/^[^,;]*\p{L}[^,;]*$/u, "expected the name of a month")).length(12),
    'Names of the months in a language that is not known, from January, "|" between the forms of one: "janvāris|janv".',
  ),
});

const typeField = field.extend({
  values: optional(
    words(z.record(z.string(), z.string().nullable())),
    "The site's words and what each becomes in the archive; null for none.",
  ),
  unknownValues: optional(
    z.enum(["error", "keep", "null"]),
    "What to do with a word that `values` does not list: send the entry to quarantine, keep it in lower case, or drop it. Default: error when `values` is given, keep otherwise.",
  ),
});

/** Which kinds an option of a field is for. */
const ONLY_FOR: Readonly<Record<string, readonly string[]>> = {
  of: ["list"],
  split: ["list"],
  formats: ["date", "datetime", "range"],
  locales: ["date", "datetime", "range"],
  months: ["date", "datetime", "range"],
  values: ["choice", "boolean"],
  unknownValues: ["choice"],
  decimal: ["number"],
};

const ownField = dateField
  .extend({
    kind: z
      .enum(KINDS, { error: `expected a kind of field: ${KINDS.join(", ")}` })
      .describe(
        "What a value is. A value that cannot be one sends its entry to quarantine, with its words.",
      ),
    of: optional(z.enum(SINGLE_KINDS), "Kind of the values of a list. Default: text."),
    split: optional(
      z.string().min(1),
      'What separates the values of a list where one text holds several, such as ",".',
    ),
    values: optional(
      words(z.record(z.string(), z.union([z.string(), z.boolean(), z.null()]))),
      "The site's words and what each becomes: of a choice a text, of a boolean true or false; null for none.",
    ),
    unknownValues: typeField.shape.unknownValues,
    decimal: optional(
      z.enum([".", ","]),
      "The sign before the decimals of numbers, where `1.234` would not show it.",
    ),
  })
  .superRefine((field, { addIssue }) => {
    const { kind, of } = field;
    for (const [option, kinds] of Object.entries(ONLY_FOR))
      if (option in field && ![kind, of ?? ""].some((one) => kinds.includes(one)))
        addIssue({
          code: "custom",
          path: [option],
          message: `expected in a field of the kind ${kinds.join(" or ")} alone`,
        });
    if (of === "html")
      addIssue({ code: "custom", path: ["of"], message: "expected a kind other than html" });
    const isRight = (value: unknown) =>
      value === null ||
      typeof value === (kind === "boolean" || of === "boolean" ? "boolean" : "string");
    for (const [word, value] of Object.entries(field.values ?? {}))
      if (!isRight(value))
        addIssue({
          code: "custom",
          path: ["values", word],
          message: kind === "boolean" ? "expected true, false or null" : "expected a text or null",
        });
  });

const allFields = z
  .strictObject({
    title: field.optional(),
    date: dateField.nullable().optional(),
    type: typeField.nullable().optional(),
    summary: field.nullable().optional(),
    body: field.optional(),
  })
  .catchall(ownField.nullable())
  .describe(
    "The five fields of every entry, and any others by names of their own. With null, one that the preset reads is taken out.",
  );

type Reserved = {
  title?: z.input<typeof field> | undefined;
  date?: z.input<typeof dateField> | null | undefined;
  type?: z.input<typeof typeField> | null | undefined;
  summary?: z.input<typeof field> | null | undefined;
  body?: z.input<typeof field> | undefined;
};
export type OwnFieldInput = z.input<typeof ownField>;
export type FieldsInput = Reserved & {
  readonly [name: string]: OwnFieldInput | null | Reserved[keyof Reserved];
};

/** A name that is nearly one of the five and has no kind is a slip, and not a field of the site's own. */
const checkedFields = z.preprocess((given, { addIssue }) => {
  if (typeof given !== "object" || given === null) return given;
  for (const [name, value] of Object.entries(given)) {
    if (value === null && (name === "title" || name === "body"))
      addIssue({
        code: "custom",
        path: [name],
        message: `expected where it is, such as { article: "h1" }: every entry has a ${name}, so it cannot be taken out`,
      });
    if ((FIELD_NAMES as readonly string[]).includes(name)) continue;
    const isOwn = typeof value === "object" && value !== null && "kind" in value;
    const near = isOwn ? null : nearest(name, [...FIELD_NAMES]);
    const problem = fieldName.safeParse(name).error?.issues[0]?.message;
    if (near !== null)
      addIssue({ code: "custom", path: [name], message: `unknown key, did you mean "${near}"?` });
    else if (problem !== undefined)
      addIssue({
        ...{ code: "invalid_key", origin: "record", issues: [], path: [name], input: name },
        message: problem,
      });
  }
  return given;
}, allFields);
// The types of zod would have the five fulfil what those of one's own must.
export const fields = checkedFields as unknown as z.ZodType<FieldsInput, FieldsInput>;

/** What a site file may say of the way to the next listing page where no link leads there. */
import { z } from "zod";
import { alternatives, selector, selectors, words } from "./field-schema.js";

const from = z
  .number()
  .int()
  .min(0)
  .optional()
  .describe("Number of the page after the first one. Default: 2.");
const step = z
  .number()
  .int()
  .min(1)
  .optional()
  .describe("By how much it grows; the rows of a page where {n} counts rows. Default: 1.");
const until = z
  .union([z.literal("empty"), z.number().int().min(0)])
  .optional()
  .describe(
    "Number of the last page; `empty` where the first page without new rows, or with status 404 or 410, is the end. Default: empty.",
  );

export const counted = z.strictObject({
  template: z
    .string()
    .refine((text) => text.split("{n}").length === 2, {
      error: ({ input }) => `expected a URL with one {n}, such as ?page={n}, found "${input}"`,
    })
    .describe(
      "URL of a listing page, relative to `start`; {n} is its number, or that of its first row.",
    ),
  from,
  step,
  until,
});

export const cursor = z.strictObject({
  cursor: selector.describe("Path of the value that asks for the next page; none on the last one."),
  parameter: z.string().min(1).describe("Parameter of the URL that takes it."),
});

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, "u").source !== "";
  } catch {
    return false;
  }
}

export const pattern = z
  .string()
  .refine(isPattern, "expected a regular expression, such as /news/");

export const submit = z.strictObject({
  submit: selectors.describe(
    "Button, form, or link with a script (`__doPostBack`) that sends the form which leads to the next page.",
  ),
  set: words(z.record(z.string().min(1), z.string()))
    .optional()
    .describe(
      "Fields of the form that the script fills; {1}, {2} are what it is called with. Known of __doPostBack.",
    ),
});

const value = z.strictObject({
  select: selector.describe("Element of the first page that has the value."),
  attribute: z.string().min(1).optional().describe("Read this attribute instead of the text."),
  match: pattern
    .optional()
    .describe("Regular expression for a part of it: its first group, else all that it finds."),
});

/** What is written into a body: a number, a cursor, values of the first page. */
const PLACES = /\{([A-Za-z]\w*)\}/g;

/** The names in braces of a body. */
function placesOf(body: string | Readonly<Record<string, string>>): string[] {
  const text = typeof body === "string" ? body : Object.values(body).join("\n");
  return [...text.matchAll(PLACES)].map(([, name = ""]) => name);
}

export const posted = z
  .strictObject({
    post: z
      .string()
      .min(1)
      .describe(
        "URL that a POST request goes to, relative to `start`: a load-more button names it.",
      ),
    body: z
      .union([z.string().min(1), words(z.record(z.string().min(1), z.string()))])
      .describe(
        "What is sent: fields of a form by name, or the text as it is. {n} in it is the number of the page or of its first row, {cursor} the value that the page before gave, any other name in braces one of `values`.",
      ),
    type: z
      .enum(["form", "json"])
      .optional()
      .describe("What a text is: fields of a form (`a=1&b=2`) or JSON. Default: form."),
    values: words(z.record(z.string().regex(/^[A-Za-z]\w*$/), value))
      .optional()
      .describe("Values of the first page that are sent along, by name, such as a token."),
    cursor: alternatives
      .optional()
      .describe(
        "Where a page has the value that asks for the next one: a path in JSON, an element of HTML; none on the last page.",
      ),
    from,
    step,
    until,
  })
  .superRefine((given, context) => {
    const wrong = (path: string, message: string) =>
      context.addIssue({ code: "custom", path: [path], message });
    const places = placesOf(given.body);
    const one = given.cursor === undefined ? "n" : "cursor";
    if (places.filter((name) => name === one).length !== 1)
      wrong("body", `expected one {${one}}, which asks for the next page`);
    for (const name of places)
      if (name !== one && given.values?.[name] === undefined)
        wrong("body", `expected {${name}} to be one of \`values\``);
    for (const name of Object.keys(given.values ?? {}))
      if (!places.includes(name)) wrong("values", `expected {${name}} in the body`);
    if (typeof given.body !== "string" && given.type === "json")
      wrong("body", "expected the JSON as a text");
    if (given.cursor !== undefined)
      for (const key of ["from", "step", "until"] as const)
        if (given[key] !== undefined)
          wrong(key, "expected {n} in the body: a cursor has no number");
  });

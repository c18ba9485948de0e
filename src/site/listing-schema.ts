/** What a site file may say of its list, of the way to the next page of it, and of article pages. */
import { z } from "zod";
import { optional } from "../schema/words.js";
import {
  alternative,
  alternatives,
  ownSelectors,
  selector,
  selectors,
  words,
} from "./field-schema.js";

const from = optional(z.int().min(0), "Number of the page after the first one. Default: 2.");
const step = optional(
  z.int().min(1),
  "By how much it grows; the rows of a page where {n} counts rows. Default: 1.",
);
const until = optional(
  z.union([z.literal("empty"), z.int().min(0)]),
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

const cursor = z.strictObject({
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

const pattern = z.string().refine(isPattern, "expected a regular expression, such as /news/");

const submit = z.strictObject({
  submit: ownSelectors.describe(
    "Button, form, or link with a script (`__doPostBack`) that sends the form which leads to the next page.",
  ),
  set: optional(
    words(z.record(z.string().min(1), z.string())),
    "Fields of the form that the script fills; {1}, {2} are what it is called with. Known of __doPostBack.",
  ),
});

const value = z.strictObject({
  select: selector.describe("Element of the first page that has the value."),
  attribute: optional(z.string().min(1), "Read this attribute instead of the text."),
  match: optional(
    pattern,
    "Regular expression for a part of it: its first group, else all that it finds.",
  ),
});

/** What is written into a body: a number, a cursor, values of the first page. */
const PLACES = /\{([A-Za-z]\w*)\}/g;

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
    type: optional(
      z.enum(["form", "json"]),
      "What a text is: fields of a form (`a=1&b=2`) or JSON. Default: form.",
    ),
    values: optional(
      words(z.record(z.string().regex(/^[A-Za-z]\w*$/), value)),
      "Values of the first page that are sent along, by name, such as a token.",
    ),
    cursor: optional(
      alternatives,
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

/** Every kind of list; `listing-kinds.ts` says what each is read by. */
const kinds = ["pages", "feed", "sitemap", "json", "wp-json", "jsonapi"] as const;
export type ListingKind = (typeof kinds)[number];

export const listing = z.strictObject({
  kind: optional(
    z.enum(kinds),
    "What the list is: web pages, a feed (RSS, Atom, JSON Feed), a sitemap, a JSON answer, or the one of WordPress (wp-json) or Drupal (jsonapi). Default: pages.",
  ),
  match: optional(
    z.union([pattern, z.array(pattern).min(1)]),
    "Regular expressions: rows whose URL none of them finds are left out.",
  ),
  fragment: optional(
    selector,
    "Path of the HTML in a JSON answer, where further pages of the list come so: rows are looked for in it.",
  ),
  total: optional(
    alternatives,
    "Where the list says how many articles it has: a run that finds fewer rows says so.",
  ),
  within: optional(
    selectors,
    "Part of the page that holds the list and its pager; the first that matches. Default: body.",
  ),
  rows: optional(selectors, "The rows; the first selector that matches at least one wins."),
  link: optional(
    z.union([alternative, z.array(alternative)]),
    "The link to the article in a row. An empty list means that rows lead to no page: each is an entry. Default: the first link of the row.",
  ),
  next: optional(
    z.union([alternative, z.array(alternative), counted, cursor, posted, submit]),
    "The link to the next listing page, or an ordered list of alternatives; a template, a cursor of a JSON answer, a form, or a POST request, where no link leads there. An empty list means that the list has one page. Default: a or link with rel=next.",
  ),
  current: optional(
    selectors,
    'Text with the number of this page, and of the last one if it says so ("3 of 27").',
  ),
  pageLinks: optional(
    selectors,
    "Links of the pager, used to count the pages and to find the next one when `next` matches nothing.",
  ),
  pageParameter: optional(
    z.string().min(1),
    "Query parameter that counts listing pages from 0 (`page` in Drupal).",
  ),
  probe: optional(
    z.boolean(),
    "Where no pager of a list counts its pages, ask once for the page after the last one, and read on where it has new rows. Default: false; true in the presets for Drupal.",
  ),
  empty: optional(ownSelectors, "What marks a listing page that has no rows."),
  render: optional(
    z.enum(["never", "when-empty"]),
    "Show the pages of the list in a browser where the first one has no rows without. Needs @crawlee/playwright, playwright-core and a Chromium. Default: never.",
  ),
});

export const article = z.strictObject({
  follow: optional(z.boolean(), "Fetch the page that a row links to. Default: true."),
  pages: optional(
    selectors,
    "Pagers of an article that goes on over several pages: the pages that their links lead to are read too, and the pagers are left out of the text.",
  ),
  translations: optional(
    selectors,
    "Links to the same article in other languages, in addition to link[rel=alternate][hreflang].",
  ),
  media: optional(
    selectors,
    "Images (img) and attachments (a) of the article outside its text, such as its main picture. All that match are taken.",
  ),
});

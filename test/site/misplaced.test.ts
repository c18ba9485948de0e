/** Slips of whoever writes their first site file: each error says where the key belongs. */
import { expect, test } from "vitest";
import { CliError } from "../../src/error.js";
import { resolveSite } from "../../src/site/resolve.js";

const LIST = { name: "small", start: "https://example.org/news", listing: { rows: ".item" } };
const FIELDS = { title: { listing: "h2" }, body: { article: "main" } };
const WHOLE = { ...LIST, fields: FIELDS };

test.each<[string, object, string]>([
  [
    "a field in article",
    { ...LIST, article: { body: "main" } },
    "article.body: unknown key, write it as `fields.body.article`",
  ],
  [
    "a field in listing",
    { ...LIST, listing: { rows: "li", date: "time" } },
    "listing.date: unknown key, write it as `fields.date.listing`",
  ],
  [
    "a field at the top",
    { ...WHOLE, title: "h1" },
    "title: unknown key, write it as `fields.title`",
  ],
  [
    "fields in article",
    { ...LIST, article: { fields: {} } },
    "article.fields: unknown key, write it as `fields.<name>.article`",
  ],
  [
    "a field of one list in article",
    { name: "a", lists: [{ ...LIST, name: "l", article: { body: "main" } }] },
    "lists.0.article.body: unknown key, write it as `lists.0.fields.body.article`",
  ],
  [
    "a key of listing at the top",
    { ...WHOLE, next: ".next" },
    "next: unknown key, write it as `listing.next`",
  ],
  [
    "a key that has the name of a built-in property",
    { ...WHOLE, article: JSON.parse('{ "__proto__": "main" }') },
    "article.__proto__: unknown key",
  ],
  [
    "a key of politeness at the top",
    { ...WHOLE, delay: 1000 },
    "delay: unknown key, write it as `politeness.delay`",
  ],
  [
    "a key of the top in article",
    { ...WHOLE, article: { remove: ".ads" } },
    "article.remove: unknown key, write it as `remove`",
  ],
  [
    "a key of the top in fields",
    { ...WHOLE, fields: { ...FIELDS, remove: [".ads"] } },
    "fields.remove: no field has this name: write it as `remove`, found",
  ],
  [
    "a selector for a field",
    { ...LIST, fields: { ...FIELDS, title: "h1" } },
    'fields.title: expected { article: "…" } for a place',
  ],
  [
    "a selector for a field of one's own",
    { ...WHOLE, fields: { ...FIELDS, author: ".by" } },
    'fields.author: expected { kind: "text", article: "…" }',
  ],
  [
    "a field by its selector",
    { ...LIST, fields: { ...FIELDS, title: { selector: "h1" } } },
    "fields.title.selector: unknown key, write `fields.title.article`",
  ],
  [
    "an attribute by another name",
    { ...WHOLE, fields: { ...FIELDS, date: { article: { select: "time", attr: "datetime" } } } },
    'fields.date.article.attr: unknown key, did you mean "attribute"?',
  ],
  [
    "a selector for the list",
    { ...WHOLE, listing: ".item" },
    'listing: expected { rows: "…" }, found ".item"',
  ],
  [
    "a selector for the articles",
    { ...WHOLE, article: "main" },
    "article: expected an object; what is on an article's page is said by `fields.<name>.article`",
  ],
  [
    "the rows by another name",
    { ...WHOLE, listing: { items: ".item" } },
    "listing.items: unknown key, write it as `listing.rows`",
  ],
  [
    "the pager by another name",
    { ...WHOLE, listing: { rows: "li", pager: "a" } },
    "listing.pager: unknown key, write it as `listing.next`",
  ],
  ["a url", { ...WHOLE, url: "https://example.org" }, "url: unknown key, write it as `start`"],
  [
    "several starts",
    { ...WHOLE, start: ["https://example.org/news"] },
    "start: expected a text in quotes (several lists are written in `lists`), found [",
  ],
])("%s", (_, input, said) => {
  const resolve = () => resolveSite(JSON.parse(JSON.stringify(input)), {}, "site.json");
  const error = (() => {
    try {
      return resolve();
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(CliError);
  expect((error as CliError).details.join("\n")).toContain(said);
});

test("a key that is known nowhere is not said to belong somewhere", () => {
  expect(() => resolveSite({ ...WHOLE, zzzzz: 1 }, {}, "site.json")).toThrow(
    expect.objectContaining({
      details: [expect.stringContaining("zzzzz: unknown key, expected one of")],
    }),
  );
});

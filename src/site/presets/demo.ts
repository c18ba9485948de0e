/** The embedded demonstration office. Its host name is not real: the demonstration maps it to a loopback port, so that the archive does not depend on the port. */
import type { SiteInput } from "../site.js";

export const DEMO_HOST = "office.example";

const LISTINGS: Readonly<Record<string, string>> = {
  en: "/fieldoffice/harbour-islands/articles",
  fr: "/fr/bureau/iles-du-havre/articles",
  ar: "/ar/maktab/juzur-al-marfa/maqalat",
};

const TAGS = ".field-name-field-tags";

/** Formats of printed dates by language. */
const FORMATS = {
  en: ["M/d/yyyy"],
  fr: ["d/M/yyyy", "d MMMM yyyy", "cccc d MMMM yyyy"],
  ar: ["d/M/yyyy", "d MMMM yyyy", "cccc d MMMM yyyy"],
};

/** The office with three lists in one archive: its articles, its events, and its publications year by year. */
export function demoLists(): SiteInput {
  const { start = "", fields, ignore = [], ...office } = demo("en");
  const base = start.replace(/articles$/, "");
  return {
    ...office,
    name: "demo-lists",
    ignore: ignore.filter(({ select }) => select !== TAGS),
    fields: { ...fields, tags: { kind: "list", article: `${TAGS} .field-item` } },
    lists: [
      { name: "articles", start },
      {
        name: "events",
        start: `${base}events`,
        type: "event",
        fields: {
          when: {
            kind: "range",
            listing: ".views-field-field-when",
            article: ".field-name-field-when .field-item",
            prefer: "same",
          },
          place: {
            kind: "text",
            listing: ".views-field-field-place",
            article: ".field-name-field-place .field-item",
          },
        },
      },
      {
        name: "publications",
        start: `${base}publications`,
        starts: { select: "#edit-year option", url: "?year={value}" },
        type: "publication",
        fields: {
          authors: { kind: "list", article: ".field-name-field-authors .field-item" },
          files: { kind: "list", of: "file", article: ".field-name-field-files a" },
          pages: { kind: "number", article: ".field-name-field-pages .field-item" },
        },
      },
    ],
    types: { event: { required: ["when", "place"] }, publication: { required: ["files"] } },
  };
}

/** @param language en, fr or ar */
export function demo(language: string): SiteInput {
  const languages = Object.entries(FORMATS).map(
    ([tag, formats]) => [tag, { fields: { date: { formats } } }] as const,
  );
  return {
    name: language === "en" ? "demo" : `demo-${language}`,
    preset: "drupal7",
    language,
    start: `http://${DEMO_HOST}${LISTINGS[language]}`,
    politeness: { delay: 0, concurrency: 4 },
    ignore: [
      {
        select: ".submitted",
        reason: "who put the article up, and when: the date is read elsewhere",
      },
      { select: TAGS, reason: "keywords: a field `tags` of the site file keeps them" },
      { select: ".statistics_counter", reason: "a count of visits" },
    ],
    fields: {
      date: { formats: FORMATS[language as keyof typeof FORMATS] ?? FORMATS.en },
      type: { unknownValues: "keep" },
    },
    languages: Object.fromEntries(languages),
  };
}

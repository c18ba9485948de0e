/** The embedded demonstration office. Its host name is not real: the demonstration maps it to a loopback port, so that the archive does not depend on the port. */
import type { SiteInput } from "../site.js";

export const DEMO_HOST = "office.example";

const LISTINGS: Readonly<Record<string, string>> = {
  en: "/fieldoffice/harbour-islands/articles",
  fr: "/fr/bureau/iles-du-havre/articles",
  ar: "/ar/maktab/juzur-al-marfa/maqalat",
};

/** Formats of printed dates by language. */
const FORMATS = {
  en: ["M/d/yyyy"],
  fr: ["d/M/yyyy", "d MMMM yyyy", "cccc d MMMM yyyy"],
  ar: ["d/M/yyyy", "d MMMM yyyy", "cccc d MMMM yyyy"],
};

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
      { select: ".field-name-field-tags", reason: "keywords, for which an entry has no key" },
      { select: ".statistics_counter", reason: "a count of visits" },
    ],
    fields: {
      date: { formats: FORMATS[language as keyof typeof FORMATS] ?? FORMATS.en },
      type: { unknownValues: "keep" },
    },
    languages: Object.fromEntries(languages),
  };
}

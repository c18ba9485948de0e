/** The embedded demonstration office. Its host name is not real: the demonstration maps it to a loopback port, so that the archive does not depend on the port. */
import type { SiteInput } from "../site.js";

export const DEMO_HOST = "office.example";

const LISTINGS: Readonly<Record<string, string>> = {
  en: "/fieldoffice/harbour-islands/articles",
  fr: "/fr/bureau/iles-du-havre/articles",
  ar: "/ar/maktab/juzur-al-marfa/maqalat",
};

/** @param language en, fr or ar */
export function demo(language: string): SiteInput {
  return {
    name: language === "en" ? "demo" : `demo-${language}`,
    preset: "drupal7",
    language,
    start: `http://${DEMO_HOST}${LISTINGS[language]}`,
    politeness: { delay: 0, concurrency: 4 },
    fields: {
      date: {
        formats: language === "en" ? ["M/d/yyyy"] : ["d/M/yyyy", "d MMMM yyyy", "cccc d MMMM yyyy"],
      },
      type: { unknownValues: "keep" },
    },
  };
}

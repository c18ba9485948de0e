/**
 * UNESCO's field offices (Drupal 7, one design, eight languages): what they share on top of the
 * Drupal 7 preset. Types are the words that the listings print, in each of the languages that were seen.
 */
import { mergePreset } from "../resolve.js";
import type { Preset } from "../site.js";
import { drupal7 } from "./drupal7.js";

/** Languages of the field-office pages, each on its own host (`fr.unesco.org`). */
export const UNESCO_LANGUAGES = ["en", "fr", "es", "ru", "ar", "zh", "pt", "uz"] as const;

export const unesco: Preset = mergePreset(drupal7, {
  fields: {
    // 12/3/2021 beside 12/23/2021: month first, not padded.
    date: { formats: ["M/d/yyyy"] },
    type: { values: { News: "news", Speech: "speech" }, unknownValues: "keep" },
  },
  // The switcher leads to the host of a language, by URLs that cannot be made from one another.
  languages: Object.fromEntries(
    UNESCO_LANGUAGES.map((language) => [language, { origins: [`https://${language}.unesco.org`] }]),
  ),
});

/**
 * UNESCO's field offices (Drupal 7, one design, eight languages): what they share on top of the
 * Drupal 7 preset. Types are the words that the listings print, in each of the languages that were seen.
 */
import { mergePreset } from "../resolve.js";
import type { Preset } from "../site.js";
import { drupal7 } from "./drupal7.js";

/** Languages of the field-office pages, each on its own host (`fr.unesco.org`). */
export const UNESCO_LANGUAGES = ["en", "fr", "es", "ru", "ar", "zh", "pt", "uz"] as const;

/**
 * Offices that had such pages, as their URLs name them: what `unesco-*` stands for. Any other name may be given, and one
 * that has no pages ends as unreachable.
 */
export const UNESCO_OFFICES: readonly string[] = `
abidjan abuja accra addisababa almaty amman apia bamako bangkok beijing beirut brasilia brussels
cairo dakar daressalaam dhaka doha guatemala hanoi harare havana islamabad jakarta juba kabul
kathmandu khartoum kingston kinshasa libreville lima maputo mexico montevideo nairobi newdelhi
phnompenh portauprince quito rabat ramallah sanjose santiago tashkent tehran venice windhoek
yaounde`
  .trim()
  .split(/\s+/);

type Ways = NonNullable<NonNullable<NonNullable<Preset["fields"]>["body"]>["article"]>;

/** The alternatives of Drupal 7 for a field, and after them those of other templates. */
function also(
  field: "title" | "date" | "body",
  side: "listing" | "article",
  more: Exclude<Ways, readonly unknown[]>[],
): Ways {
  return [drupal7.fields?.[field]?.[side] ?? [], more].flat();
}

/** The news of www.unesco.org before 2017: TYPO3 with tt_news, whose single view is `news-single-item`. */
const NEWS = ".news-single-item";

export const unesco: Preset = mergePreset(drupal7, {
  fields: {
    title: { article: also("title", "article", [`${NEWS} :is(h1, h2, h3)`]) },
    date: {
      // 12/3/2021 beside 12/23/2021: month first, not padded. With dots, as the older pages have it, the day is first.
      formats: ["M/d/yyyy", "d.M.yyyy"],
      // The events of cluster offices are a table with a column "When", whose cells may have no class.
      listing: also("date", "listing", [
        "table:has(> thead th:first-child:contains('When')) > tbody > :scope > td:first-child",
      ]),
      // "12.05.2014 - UNESCO Office in Brasilia": the date is before the dash.
      article: also("date", "article", [
        `${NEWS} :is(.news-single-timedata, .news-single-date, .news-single-rightbox)`,
      ]),
    },
    // Without its date, its picture and the way back.
    body: {
      article: also("body", "article", [
        { select: `${NEWS} > :is(p, ul, ol, blockquote, table, h4, h5, h6)`, all: true },
      ]),
    },
    type: { values: { News: "news", Speech: "speech" }, unknownValues: "keep" },
  },
  article: {
    media: [drupal7.article?.media ?? [], `${NEWS} .news-single-img img`].flat(),
  },
  ignore: [
    {
      select: `${NEWS} :is(.news-single-timedata, .news-single-date, .news-single-rightbox)`,
      reason: "date and office of an older article: the date is read where the list has none",
    },
    { select: `${NEWS} .news-single-backlink`, reason: "the way back to the list" },
  ],
  // Rows of older articles link to the news there.
  origins: ["https://www.unesco.org", "http://www.unesco.org"],
  // They are gone from the live web.
  archive: ["internet-archive", "unesco"],
  // The switcher leads to the host of a language, by URLs that cannot be made from one another.
  languages: Object.fromEntries(
    UNESCO_LANGUAGES.map((language) => [language, { origins: [`https://${language}.unesco.org`] }]),
  ),
});

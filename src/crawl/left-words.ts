/** What is said of the words that article pages hold and no field took. Pure. */
import type { Holding } from "../model.js";
import type { Remains, Walk } from "../schema/run-report.js";
import type { Site } from "../site/site.js";
import { count } from "../text.js";
import { ONE_IN } from "./left-behind.js";

/** Places with something on more than one article in twenty that is in no field, one sentence each. */
export function leftFindings({ remains, complete }: Pick<Walk, "remains" | "complete">): string[] {
  const { articles, left } = remains;
  // On one page nothing can repeat.
  if (articles < 2) return [];
  return (
    left
      .filter((place) => place.articles * ONE_IN > articles)
      // Where a list was not read to its end, a link may lead to one of its articles.
      .filter((place) => complete || !place.isLinked)
      .map((place) => {
        // A backtick of the page would pair with one of those around what is to be copied.
        const sample = (place.samples[0] ?? "").replaceAll("`", "'");
        return `\`${place.place}\` holds ${holdingWords(place)} on ${place.articles} of ${articles} articles, in no field, such as "${sample}"; read it with a field or with article.media, or name it in \`ignore\` of the site file: \`{ "select": ${JSON.stringify(place.place)}, "reason": "…" }\``;
      })
  );
}

/** What of the site file's `ignore` matched nothing, and what one article cannot show, one sentence each. */
export function leftNotes(
  { articles, left, ignored }: Remains,
  { ignore }: Pick<Site, "ignore">,
): string[] {
  if (articles === 0) return [];
  const matched = new Set(ignored.map(({ place }) => place));
  const unused = ignore.filter(({ select, optional }) => !optional && !matched.has(select));
  return [
    ...unused.map(
      ({ select }) =>
        `\`ignore\` of the site file names ${select}, which matched nothing that was left`,
    ),
    ...(articles === 1 && left.length > 0
      ? [
          `one article was read, so menus and footers are not known from what belongs to it: ${count(left.length, "place")} of its page ${left.length === 1 ? "is" : "are"} in no field, see account.md`,
        ]
      : []),
  ];
}

/** `12 words, 1 image`: what there is of words, images and files. */
export function holdingWords({ words, images, files }: Holding): string {
  const parts = [
    ...(words > 0 ? [count(words, "word")] : []),
    ...(images > 0 ? [count(images, "image")] : []),
    ...(files > 0 ? [count(files, "file")] : []),
  ];
  return parts.join(", ");
}

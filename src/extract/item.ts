/** Row and article page merged into one item, each field from where the site file prefers it. */
import type { Article, FieldName, Item, Reading, Row, Warning } from "../model.js";
import { fieldsInOrder, type Site } from "../site/site.js";
import { boxOf, directionIn, languageIn } from "./language.js";
import { fold } from "./nodes.js";

/**
 * Merges what the listing and the article page say.
 *
 * @param article null when the row links to none or links are not followed
 */
export function mergeItem(
  site: Site,
  row: Omit<Row, "listing" | "position">,
  article: Article | null,
): Item {
  const readings: Record<FieldName, Reading> = {};
  const disagreements: FieldName[] = [];
  for (const [name, { prefer }] of fieldsInOrder(site)) {
    const [listed, read] = [row.readings[name], article?.readings[name]];
    const chosen = prefer === "listing" ? (listed ?? read) : (read ?? listed);
    if (chosen !== undefined) readings[name] = chosen;
    if (prefer === "same" && listed && read && fold(listed.raw) !== fold(read.raw))
      disagreements.push(name);
  }
  const met = [
    row.url,
    article?.url ?? null,
    article?.canonical ?? null,
    ...(article?.aliases ?? []),
    ...(row.aliases ?? []),
  ];
  // The text of an API has no page, and may have a box of its own.
  const box = article === null ? boxOf(readings.body?.nodes ?? []) : null;
  return {
    bases: { listing: row.base, article: article?.base ?? row.base },
    met: met.filter((url) => url !== null),
    canonical: article?.canonical ?? null,
    language: article?.language ?? languageIn(box) ?? site.language,
    direction: article?.direction ?? directionIn(box),
    translations: article?.translations ?? {},
    media: article?.media ?? row.media ?? [],
    ...(article?.isLocked || row.isLocked ? { isLocked: true } : {}),
    readings,
    others: othersOf(site, row, article, readings),
    disagreements,
    markup: {
      row: row.markup ?? null,
      page: article?.markup ?? null,
      words: article?.words ?? row.words,
    },
    warnings: article?.warnings ?? ([] as Warning[]),
  };
}

function othersOf(
  site: Site,
  row: Pick<Row, "readings">,
  article: Article | null,
  chosen: Item["readings"],
): Item["readings"] {
  const others: Record<FieldName, Reading> = {};
  for (const [name] of fieldsInOrder(site)) {
    const other =
      chosen[name] === row.readings[name] ? article?.readings[name] : row.readings[name];
    if (other !== undefined) others[name] = other;
  }
  return others;
}

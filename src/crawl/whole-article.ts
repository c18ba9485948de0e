/** An article that goes on over several pages, opened as one. */
import type { Page, Row, Source } from "../model.js";
import { urlKey } from "../url/url.js";
import type { Opened } from "./article.js";
import type { Reader } from "./reader.js";
import { isLarge } from "./worker/page-worker.js";

const MOST_FURTHER = 50;

/**
 * Opens an article with all of its pages. A source that cannot give further ones leaves it as its first page has it, with
 * a warning.
 *
 * @param opened its first page, where that is open already
 * @throws where a further page cannot be read
 */
export async function openWhole(
  row: Row,
  page: Page,
  reader: Reader,
  source: Pick<Source, "further">,
  opened?: Opened,
): Promise<Opened> {
  const first = opened ?? (await reader.article(row, page));
  if (source.further === undefined || first.facts.goesOn.length === 0) return first;
  const further: Page[] = [];
  const known = new Set([urlKey(page.url)]);
  // What a page leads to is put in while it is walked.
  const todo = [...first.facts.goesOn];
  for (const url of todo) {
    if (known.has(urlKey(url))) continue;
    known.add(urlKey(url));
    if (further.length >= MOST_FURTHER)
      throw new Error(`it goes on over more than ${MOST_FURTHER + 1} pages`);
    const response = await source.further(url);
    if (!("page" in response))
      throw new Error(
        `it goes on at ${url}, which could not be read: ${response.failure?.reason ?? "it was not fetched"}`,
      );
    if (isLarge(response.page)) throw new Error(`it goes on at ${url}, which is too large`);
    further.push(response.page);
    const next = await reader.article(row, response.page);
    await next.leave?.();
    todo.push(...next.facts.goesOn);
  }
  await first.leave?.();
  return reader.article(row, { ...page, further });
}

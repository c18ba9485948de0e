/** One article, from its page and its row to a draft. Pure. */
import { type Converted, convertItem } from "../convert/draft.js";
import { mergeItem } from "../extract/item.js";
import { fold } from "../extract/nodes.js";
import { type Repeat, repeatsIn } from "../extract/repeats.js";
import { soft404 } from "../extract/soft-404.js";
import type { Article, Failure, PageContent, Readings, Row, Warning } from "../model.js";
import type { Site } from "../site/site.js";
import type { Sighted, Sighting } from "./health.js";

/** What must be known of an article before it has a URL of its own. */
export interface Facts {
  /** URL that answered, and the one that its page gives as its own; null when there is none. */
  readonly url: string | null;
  readonly canonical: string | null;
  /** Title with its white space folded; empty when there is none. */
  readonly title: string;
  /** What the selectors found on either side. */
  readonly sighting: Sighting;
  /** What its page holds; null when it has none. */
  readonly content: PageContent | null;
  /** True when its body, or a field of HTML, is not from its page: links of it start from the list. */
  readonly startsFromList: boolean;
  /** Fields that its body begins with. */
  readonly repeats: readonly Repeat[];
  /** Why the page is not that of the row; null when it may be. */
  readonly soft404: Pick<Failure, "reason" | "code"> | null;
  /** URLs of further pages that it goes on at, and that were not read. */
  readonly goesOn: readonly string[];
}

/** An article that was read and waits for its URL. */
export interface Opened {
  readonly facts: Facts;
  /** @param url identity of the article @param more that the canonical URL which its page names is another article's, if so */
  finish(url: string, more: readonly Warning[]): Converted | Promise<Converted>;
  /** Called where it gets no URL, so that what was read of it is kept. */
  leave?(): Promise<void>;
}

/** What an article depends on of its row: not on where in the list it is. */
export type ArticleRow = Omit<Row, "listing" | "position">;

/** @param article null when the row links to no page, or its link is not followed */
export function openArticle(site: Site, row: ArticleRow, article: Article | null): Opened {
  const item = mergeItem(site, row, article);
  const { readings } = item;
  return {
    facts: {
      url: article?.url ?? null,
      canonical: article?.canonical ?? null,
      title: fold(readings.title?.raw ?? ""),
      sighting: {
        row: sighted(row.readings),
        article: article === null ? null : sighted(article.readings),
        chosen: sighted(readings),
      },
      content: article?.content(item) ?? null,
      startsFromList:
        readings.body?.from !== "article" ||
        Object.values(readings).some(
          ({ field, from }) => from === "listing" && site.fields[field]?.of === "html",
        ),
      repeats: repeatsIn(readings),
      goesOn: article?.goesOn ?? [],
      soft404: article === null ? null : soft404(article, row, site),
    },
    finish: (url, more) => convertItem(item, url, site, more),
  };
}

/** Readings as plain data: they pass from thread to thread, and hold no page in memory. */
function sighted(readings: Readings): Sighted {
  return Object.fromEntries(
    Object.values(readings).map(({ field, selector, attribute, matches, also }) => [
      field,
      { selector, attribute, matches, also },
    ]),
  );
}

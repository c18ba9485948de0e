/** Why a listing page that came may not be what the list has there. Pure. */
import type { Frame, Listing } from "../model.js";
import type { Site } from "../site/site.js";
import { urlKey } from "../url/url.js";
import { listKind } from "./list-kind.js";
import type { PageNumbers } from "./page-numbers.js";
import type { Pass } from "./pass.js";

/** What error pages say, in the languages that public sites print most; also what PHP, Java and SQL print of themselves. */
const ERROR =
  /\b(?:(?:fatal |parse )?error|exception|sqlstate|traceback|unavailable|try again|went wrong|forbidden|access denied|timed? ?out|too many requests|captcha|maintenance)\b|\b(?:erreur|fehler|errore|erro|hata|fout|chyba|hiba)\b|błąd|ошибк|помилк|грешка|错误|錯誤|维护|エラー|오류|خطأ|خطا/i;

export class PageDoubts {
  readonly #isData: boolean;
  readonly #probes: boolean;
  readonly #numbers: PageNumbers;
  /** Paths of pages that were read, by which a page is known that leads elsewhere. */
  readonly #paths = new Set<string>();
  /** What is around the rows of the last page that had some. */
  #frame: Frame | null = null;

  constructor(site: Site, numbers: PageNumbers) {
    this.#isData = listKind(site).isData;
    this.#probes = site.listing.probe;
    this.#numbers = numbers;
  }

  /** Learns from a page of the list. @param isNew true for one with new rows */
  note({ url, frame }: Listing, requested: string, isNew: boolean): void {
    this.#paths.add(pathOf(requested)).add(pathOf(url));
    if (isNew) this.#frame = frame ?? null;
  }

  /** Why a page is none of the list; null when it is one, or the end of it. @param isGuess true where nothing named it */
  uselessness(
    { rows, saysEmpty, next, pageCount, url, parts = [] }: Listing,
    requested: string,
    { isStart, isGuess }: { readonly isStart: boolean; readonly isGuess: boolean },
  ): string | null {
    const leadsAway = pathOf(url) !== pathOf(requested) && !this.#paths.has(pathOf(url));
    if (leadsAway && !isStart) return `it leads to ${url}`;
    if (rows.length > 0 || saysEmpty || parts.length > 0) return null;
    if (next !== null) return "it has no rows, although its pager leads on";
    if (isStart) return "it has no rows";
    // An answer says by an empty list that there are no more: one without a list is an error that comes with status 200.
    if (this.#isData) return "it has no list of rows, not even an empty one";
    // After the last page the pager is clamped to it: the list has become shorter.
    const isPast = pageCount !== null && (this.#numbers.of(requested) ?? 0) > pageCount;
    return isPast || isGuess ? null : "it has no rows, although another page led to it";
  }

  /** What says that a page follows where no link leads to it. */
  lostNext(
    { rows, next, pageNumber, pageCount, saysEmpty }: Listing,
    requested: string,
    pass: Pass,
  ): string | null {
    if (next !== null || (rows.length === 0 && !saysEmpty)) return null;
    const count = pageCount ?? pass.pageCount;
    const number = pageNumber ?? this.#numbers.of(requested) ?? pass.last + 1;
    if (count === null || number >= count) return null;
    const lacks = rows.length === 0 ? "rows" : "next link";
    return `it has no ${lacks}, and the pager counts ${count} pages`;
  }

  /**
   * True where a list may go on after a page without a next link: Drupal shows further pages by their number also where
   * its builder left the pager out; a next link to the page itself is the end on some sites, and a mistake on others.
   */
  mayGoOn({ pageCount, warnings }: Listing, pass: Pass): boolean {
    const isUncounted = pageCount === null && pass.pageCount === null;
    const isSelf = warnings.some(({ code }) => code === "next-is-self");
    return isUncounted && (this.#probes || isSelf);
  }

  /** Why a counted page without rows may be an error that comes with status 200, and not the end of the list; null when nothing says so. */
  ofEnd({ rows, saysEmpty, frame: last }: Listing): string | null {
    if (rows.length > 0 || saysEmpty) return null;
    const before = this.#frame;
    // What the page before said too, such as a menu, is not about this one; saying nothing is the plainest end.
    const known = new Set(before?.lines);
    const said = (last?.lines ?? []).filter((line) => !known.has(line)).join(" ");
    if (last === undefined || said === "") return null;
    const words = `"${said.slice(0, 80)}${said.length > 80 ? "…" : ""}"`;
    const how = "if the list ends so, `empty` in `listing` says it";
    if (ERROR.test(said.slice(0, 400))) return `it reads like an error, ${words}; ${how}`;
    // A part of a page is what a script puts in, whatever it holds.
    if (before === null || !before.isWhole || !last.isWhole || before.names.length === 0)
      return null;
    const names = new Set(last.names);
    if (before.names.some((name) => names.has(name))) return null;
    return `it has nothing of what is around the rows of the page before, ${words}; ${how}`;
  }
}

function pathOf(url: string): string {
  return urlKey(url).split("?")[0] ?? url;
}

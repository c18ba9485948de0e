/** A small Drupal 7 office with chosen faults: a list, its articles, and the faults of a scenario. */
import { type Ask, answer, type Scenario } from "../fault-server.js";

export const HTML = { "content-type": "text/html; charset=utf-8" };
export const LIST = "/office/articles";

export interface OfficeShape {
  readonly articles: number;
  readonly perPage: number;
  /** What the pager prints: all of core's, "N of M" with two arrows, or a next link and nothing else. */
  readonly pager: "core" | "mini" | "next-only";
  /** Words in every title, so that no test depends on one title. */
  readonly salt: string;
}

/** The current list; articles are distinguished by number. A scenario may change it while it is read. */
export class FaultyOffice {
  readonly shape: OfficeShape;
  numbers: number[];

  constructor(shape: Partial<OfficeShape> = {}) {
    this.shape = { articles: 21, perPage: 7, pager: "core", salt: "Harbour", ...shape };
    this.numbers = Array.from({ length: this.shape.articles }, (_, index) => index + 1);
  }

  get pageCount(): number {
    return Math.max(1, Math.ceil(this.numbers.length / this.shape.perPage));
  }

  /** Rows of a listing page, from 0. */
  rowsOf(page: number): number[] {
    const { perPage } = this.shape;
    return this.numbers.slice(page * perPage, (page + 1) * perPage);
  }

  listing(page: number, rows: readonly number[] = this.rowsOf(page), pager?: string): string {
    const content = rows.map((number, index) => this.row(number, index)).join("");
    const view = rows.length === 0 ? "" : `<div class="view-content">${content}</div>`;
    return shell(
      "Articles",
      `<div class="view view-articles">${view}${pager ?? this.pager(page)}</div>`,
    );
  }

  row(number: number, index = 0, href = articlePath(number)): string {
    return `<div class="views-row views-row-${index + 1}">
<div class="views-field views-field-title"><span class="field-content"><a href="${href}">${this.title(number)}</a></span></div>
<div class="views-field views-field-body"><div class="field-content"><p>Teaser of ${number}.</p></div></div>
<div class="views-field views-field-field-type"><div class="field-content">News</div></div>
<div class="views-field views-field-field-date"><div class="field-content"><span class="date-display-single" content="2021-03-${String(1 + (number % 28)).padStart(2, "0")}T00:00:00+01:00">3/${1 + (number % 28)}/2021</span></div></div>
</div>`;
  }

  title(number: number): string {
    return `${this.shape.salt} story ${number}`;
  }

  pager(page: number): string {
    const last = this.pageCount - 1;
    if (last === 0) return "";
    const current = Math.min(page, last);
    const link = (to: number, words: string) =>
      `<a href="${LIST}${to === 0 ? "" : `?page=${to}`}">${words}</a>`;
    const next = current < last ? link(current + 1, "next ›") : "";
    switch (this.shape.pager) {
      case "next-only":
        return next === "" ? "" : `<ul class="pager"><li class="pager-next">${next}</li></ul>`;
      case "mini":
        return `<ul class="pager"><li class="pager-previous">${current > 0 ? link(current - 1, "‹") : "&nbsp;"}</li><li class="pager-current">${current + 1} of ${last + 1}</li><li class="pager-next">${next || "&nbsp;"}</li></ul>`;
      case "core": {
        // Nine numbers around the current one, as Drupal 7 prints them.
        const first = Math.max(0, Math.min(current - 4, last - 8));
        const numbers = Array.from({ length: Math.min(9, last + 1) }, (_, at) => first + at);
        const items = numbers.map((to) =>
          to === current
            ? `<li class="pager-current">${to + 1}</li>`
            : `<li class="pager-item">${link(to, String(to + 1))}</li>`,
        );
        const lastLink =
          current < last ? `<li class="pager-last">${link(last, "last »")}</li>` : "";
        return `<ul class="pager">${items.join("")}${next === "" ? "" : `<li class="pager-next">${next}</li>`}${lastLink}</ul>`;
      }
    }
  }

  article(number: number, body = `<p>The whole story of ${number}, told at length.</p>`): string {
    return shell(
      this.title(number),
      `<div class="node node-article"><div class="content"><div class="field field-name-body"><div class="field-items"><div class="field-item even">${body}</div></div></div></div></div>`,
      `<link rel="canonical" href="${articlePath(number)}" />`,
    );
  }

  /** Answers as a site without any fault. */
  answer(ask: Ask): void {
    const { pathname, searchParams } = new URL(ask.path, "http://x");
    const page = Math.max(0, Number.parseInt(searchParams.get("page") ?? "0", 10) || 0);
    const number = Number(/^\/news\/story-(\d+)$/.exec(pathname)?.[1] ?? 0);
    if (pathname === LIST) answer(ask, 200, HTML, this.listing(page));
    else if (this.numbers.includes(number)) answer(ask, 200, HTML, this.article(number));
    else answer(ask, 404, HTML, NOT_FOUND);
  }
}

function articlePath(number: number): string {
  return `/news/story-${number}`;
}

/** A page of the office around some content. */
export function shell(title: string, content: string, head = ""): string {
  return `<!DOCTYPE html>\n<html lang="en" dir="ltr"><head><title>${title} | Office</title>${head}</head><body class="html"><div id="content"><h1 id="page-title">${title}</h1><div id="block-system-main">${content}</div></div></body></html>\n`;
}

const NOT_FOUND = shell("Page not found", "<p>The requested page could not be found.</p>");

/** Answers with a page of HTML. */
export function html(body: string, status = 200): Scenario {
  return (ask) => answer(ask, status, HTML, body);
}

/** The captures of listing pages that a walk has read, where the site comes from web archives. Pure. */
import type { Finding, Listing, Page, Row, TriedMemento } from "../model.js";
import type { ListingMemento } from "../schema/run-report.js";
import type { Site } from "../site/site.js";
import { Continuity } from "./continuity.js";

export class ListingMementos {
  readonly #continuity: Continuity;
  readonly #seen = new Map<string, ListingMemento>();
  /** What is worth a look, one sentence each. */
  readonly notes: string[] = [];

  constructor(site: Site) {
    this.#continuity = new Continuity(site);
  }

  get seen(): readonly ListingMemento[] {
    return [...this.#seen.values()];
  }

  add({ url, pageNumber }: Listing, { memento }: Page, rows: readonly Row[]): void {
    if (memento === undefined || this.#has(url, memento)) return;
    this.#set({ url, ...memento, rows: rows.length });
    this.#continuity.add(url, pageNumber, memento, rows);
  }

  refused(url: string, tried: readonly TriedMemento[]): void {
    for (const one of tried)
      if (one.refused !== undefined && !this.#has(url, one)) this.#set({ url, ...one, rows: 0 });
  }

  /** A listing page that an index names and no page led to. */
  missed(url: string, reason: string): void {
    this.notes.push(`listing page ${url}, which no page leads to, could not be read: ${reason}`);
  }

  findings(): Finding[] {
    return this.#continuity.findings();
  }

  #set(seen: ListingMemento): void {
    this.#seen.set(keyOf(seen.url, seen), seen);
  }

  #has(url: string, memento: TriedMemento): boolean {
    return this.#seen.has(keyOf(url, memento));
  }
}

function keyOf(url: string, { archive, time }: TriedMemento): string {
  return `${url} ${time} ${archive}`;
}

/** Pages that a source holds beside the articles: nothing says that they are articles of this list. */
export function unlistedNotes(urls: readonly string[]): string[] {
  if (urls.length === 0) return [];
  const some = urls.slice(0, 3).join(", ");
  return [
    `${urls.length === 1 ? "1 page" : `${urls.length} pages`} beside the articles: known from the index of web archives alone, on no captured listing page, and not read: ${some}${urls.length > 3 ? ", …" : ""}`,
  ];
}

/** Lists whose pages have rows only in a browser: decided once, by the first page as the server sends it. */
import type { Listing, PageRequest } from "../model.js";
import type { Site } from "../site/site.js";

export class Rendering {
  readonly #site: Site;
  #isOn = false;

  constructor(site: Site) {
    this.#site = site;
  }

  /**
   * Takes the first page of the list. A page that says itself that it is empty is empty in a browser too.
   *
   * @returns true when it is to be requested again, as a browser shows it
   */
  begins({ rows, saysEmpty }: Listing): boolean {
    const begins = this.wouldBegin && rows.length === 0 && !saysEmpty;
    this.#isOn ||= begins;
    return begins;
  }

  /** True while a first page without rows is not the last word. */
  get wouldBegin(): boolean {
    return !this.#isOn && this.#site.listing.render !== undefined;
  }

  /** How pages of the list are requested. What answers to a POST is no page of its own. */
  how(post: PageRequest["post"]): Pick<PageRequest, "render"> {
    return this.#isOn && post === undefined ? { render: this.#site.listing.rows } : {};
  }

  get notes(): readonly string[] {
    const { start } = this.#site;
    return this.#isOn
      ? [
          `the listing pages are read as a browser shows them: ${start} has no rows without (listing.render)`,
        ]
      : [];
  }
}

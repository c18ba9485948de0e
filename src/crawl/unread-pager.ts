/**
 * A pager that is there and is not followed: a list that seems to end where something leads on is not read to its end.
 * On the first page that is a pager which is not read at all; on later ones, one that is printed in another way there.
 */
import { leadWords, wayOn } from "../extract/lead-words.js";
import type { Lead, Listing } from "../model.js";
import { tried } from "../site/selector-words.js";
import type { Site } from "../site/site.js";
import type { Pass } from "./pass.js";

export class UnreadPager {
  readonly #site: Site;
  /** Controls without a URL on pages whose next link was read: they are not the way on. */
  readonly #idle = new Set<string>();
  /** What says that the first page has one; null when nothing does. */
  drift: string | null = null;

  constructor(site: Site) {
    this.#site = site;
  }

  /** Takes a page that has nothing new to say: its next link was read. */
  passOver({ leads }: Listing): void {
    for (const lead of leads) if (lead.url === null) this.#idle.add(idOf(lead));
  }

  /** Seeks one on a page without a next link, and notes it. @returns true when there is one */
  seek({ url, leads, warnings }: Listing, pass: Pass): boolean {
    const { next } = this.#site.listing;
    for (const { code, message } of warnings)
      if (code === "next-leaves-site") pass.gap("next-outside", url, message);
    const isFirst = pass.requested === 1;
    if (next.length === 0) {
      if (isFirst) this.#noteGrown(leads, pass);
      return false;
    }
    const isOpen = (lead: Lead) =>
      lead.url === null
        ? isFirst || !(isInert(lead) || this.#idle.has(idOf(lead)))
        : !pass.hasRequested(lead.url);
    const open = leads.filter(isOpen);
    const lead =
      open.find(({ kind }) => kind === "next") ?? open.find((one) => one.url !== null) ?? open[0];
    if (lead === undefined) return false;
    const before = pass.gaps.length;
    const note = (message: string) =>
      pass.gap("next-unfollowed", lead.url === null || isFirst ? lead.place : url, message);
    const what = lead.url ?? leadWords(lead);
    const nothing = `listing.next matched nothing on ${isFirst ? "the first page," : "listing page"} ${url} ${tried(next)}`;
    if (lead.kind === "next")
      note(
        `listing.next matched ${leadWords(lead)} on listing page ${url}, and it cannot be followed: ${wayOn(lead)}`,
      );
    else if (!isFirst)
      note(`${nothing}, and ${what} looks like the page after it, and was not read`);
    else {
      note(`${what} looks like the second listing page, and was not read`);
      const second = lead.url === null ? "" : `${lead.url} looks like the second one: `;
      if (pass.gaps.length > before)
        this.drift = `${nothing}, and ${second}${leadWords(lead)}; ${wayOn(lead)}`;
    }
    return true;
  }

  /** `init` says of a list without a pager that it has one page: it may get one as it grows. */
  #noteGrown(leads: readonly Lead[], pass: Pass): void {
    const lead = leads.find(({ url }) => url !== null);
    if (lead?.url == null || this.#site.listing.pageLinks.length > 0) return;
    if (pass.hasRequested(lead.url)) return;
    pass.said.add(
      `"next": [] says that the list has one page, and ${lead.url} looks like the second one: ${leadWords(lead)}; if the list has grown, take that line out of the site file`,
    );
  }
}

/**
 * True for a link that leads nowhere without a script, as pagers print one that is switched off; without `href` it is
 * the place of a link (https://html.spec.whatwg.org/#the-a-element).
 */
function isInert({ written }: Lead): boolean {
  return /^(?:#?|javascript:\s*(?:void\s*\(?\s*0?\s*\)?)?\s*;?)$/i.test(written?.trim() ?? "x");
}

function idOf({ place, label }: Lead): string {
  return `${place}\n${label}`;
}

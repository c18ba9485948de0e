/** What helps where a page or a part of a list could not be read, by what a run says of it. Pure. */
import { NO_CAPTURE } from "./holdings.js";

/**
 * `again`: it may pass, and the same command brings it. Another run finds all else the same: `gone`: the site has no such
 * page; `refused`: it does not give it to a crawler; `page`: what came cannot be read; `list`: the site file does not fit
 * the list; `capture`: it lacks in the capture that is built; `archives`: no web archive has it.
 */
export type Remedy = "again" | "gone" | "refused" | "page" | "list" | "capture" | "archives";

/** Tried in this order. What no line names comes from the network, and may pass. */
const BY_WORDS: readonly (readonly [words: RegExp, remedy: Remedy])[] = [
  [/^the capture (?:is damaged|holds|does not hold)/, "capture"],
  [NO_CAPTURE, "archives"],
  [/^HTTP (?:404|410)\b|^the page says that there is nothing here/, "gone"],
  [/^HTTP (?:408|425|429)\b/, "again"],
  [/^HTTP (?:4\d\d|501|505)\b|^more than \d+ redirects/, "refused"],
  [/^the content type is |^(?:extract|convert|validate): |^the page is another one: /, "page"],
  [/^the body is larger |content coding/, "page"],
];

/** @param reason why a page did not come, as the ledger has it */
export function remedyOf(reason: string): Remedy {
  return BY_WORDS.find(([words]) => words.test(reason))?.[1] ?? "again";
}

/** What begins the reason in a sentence about a part of a list, or a request of its page in a browser, that did not come. */
const UNREAD = /could not be read(?: from \S+)?: |in the browser for \S+, which failed \(/;
/** What a site file has to say, or accept, before another run reads more. */
const OF_SITE_FILE =
  /cannot be followed|looks like the (?:page after it|second listing page)|leads back to |outside the site|more than \d+ listing pages/;

/** @param gap a sentence of a run about a part of a list that it did not read */
export function remedyOfGap(gap: string): Remedy {
  const unread = UNREAD.exec(gap);
  if (unread !== null) return remedyOf(gap.slice(unread.index + unread[0].length));
  return OF_SITE_FILE.test(gap) ? "list" : "again";
}

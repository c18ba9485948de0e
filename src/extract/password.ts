/** Articles that ask for a password: what WordPress has in the place of their text. Pure. */
import type { Element } from "domhandler";
import { select } from "./select.js";
import type { Tree } from "./tree.js";

/** The form of its pages and feeds. */
const FORM = "form[action*='action=postpass']";
/** What its API says of a post. */
const PROTECTED = ":scope > content > protected:contains(true)";

/** True for a page that has a form for a password in the place of the text, which its preset removes. */
export function pageAsksPassword({ $, removed }: Tree): boolean {
  return select($, null, FORM).length > 0 || $([...removed]).is(`:has(${FORM})`);
}

/** True for such a row of a feed or an answer. */
export function rowAsksPassword({ $ }: Tree, row: Element): boolean {
  return [FORM, PROTECTED].some((selector) => select($, row, selector).length > 0);
}

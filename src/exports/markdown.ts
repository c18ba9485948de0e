/**
 * Edits Markdown bodies at the places that a CommonMark parser finds, leaving every other byte, and renders
 * them. The parser reads GFM tables, strikethrough and task lists too.
 */
import { micromark, parse, postprocess, preprocess } from "micromark";
import {
  gfmAutolinkLiteral,
  gfmAutolinkLiteralHtml,
} from "micromark-extension-gfm-autolink-literal";
import { gfmStrikethrough, gfmStrikethroughHtml } from "micromark-extension-gfm-strikethrough";
import { gfmTable, gfmTableHtml } from "micromark-extension-gfm-table";
import { gfmTaskListItem, gfmTaskListItemHtml } from "micromark-extension-gfm-task-list-item";
import { activeHtml } from "../markdown/active-html.js";
import { type Destination, destinations, replaceDestinations } from "../markdown/destinations.js";
import { linkUrl, mediaUrl } from "../markdown/urls.js";

const GFM = [gfmAutolinkLiteral(), gfmStrikethrough(), gfmTable(), gfmTaskListItem()];
const GFM_HTML = [
  gfmAutolinkLiteralHtml(),
  gfmStrikethroughHtml(),
  gfmTableHtml(),
  gfmTaskListItemHtml(),
];

/** A construct of a body: micromark's name for it, and its text. */
export interface Construct {
  readonly type: string;
  readonly text: string;
  /** Names of the constructs around it, outermost first. */
  readonly within: readonly string[];
  /** Index of its first character in the body. */
  readonly start: number;
}

/** @param change new text of a construct; undefined leaves it, and looks at those within it */
export function editMarkdown(
  body: string,
  change: (construct: Construct) => string | undefined,
): string {
  const events = postprocess(
    parse({ extensions: GFM })
      .document()
      .write(preprocess()(body, undefined, true)),
  );
  const within: string[] = [];
  let edited = "";
  let done = 0;
  for (const [kind, token] of events) {
    if (kind === "exit") {
      within.pop();
      continue;
    }
    const [start, end] = [token.start.offset, token.end.offset];
    if (start >= done) {
      const text = change({ type: token.type, text: body.slice(start, end), within, start });
      if (text !== undefined) {
        edited += body.slice(done, start) + text;
        done = end;
      }
    }
    within.push(token.type);
  }
  return edited + body.slice(done);
}

/** A body as HTML. HTML in it stays as it is. */
export function renderMarkdown(body: string): string {
  return micromark(body, {
    allowDangerousHtml: true,
    // Otherwise `tel:` and `sms:` links would lose their target; scripts were dropped by the conversion.
    allowDangerousProtocol: true,
    extensions: GFM,
    htmlExtensions: GFM_HTML,
  });
}

/**
 * Gives new URLs to links, images, definitions, and attributes in HTML.
 *
 * @param resolve new URL, percent-encoded; null leaves the old one
 */
export function relink(body: string, resolve: (href: string) => string | null): string {
  return replaceDestinations(body, destinations(body), ({ address }) => resolve(address));
}

/**
 * A body whose HTML and links run nothing. The conversion leaves none that do; the archive of another program may
 * hold any. HTML that may run becomes text, every sign of it a reference, so that no sign of it is markup of any kind;
 * a link that runs leads nowhere.
 *
 * @param onFound called with the name of each
 */
export function withoutActive(body: string, onFound: (what: string) => void): string {
  const inert = TAG_LIKE.test(body)
    ? editMarkdown(body, ({ type, text }) => {
        const isHtml = type === "htmlFlow" || type === "htmlText";
        const isRun = type === "autolink" && linkUrl(text.slice(1, -1), undefined) === null;
        const found = isHtml ? activeHtml(text) : isRun ? `the URL ${text.slice(1, 41)}` : null;
        // Other readers of Markdown take more for tags than CommonMark does.
        if (type === "data" && TAG_LIKE.test(text)) return text.replaceAll("<", "&lt;");
        if (found === null) return undefined;
        onFound(found);
        return text.replace(/[!-/:-@[-`{-~]/g, (sign) => `&#${sign.charCodeAt(0)};`);
      })
    : body;
  return replaceDestinations(inert, destinations(inert), (place) => {
    if (place.address === "" || urlOf(place) !== null) return null;
    onFound(`the URL ${place.address.slice(0, 40)}`);
    return "#";
  });
}

const TAG_LIKE = /<[a-z/!?]/i;

function urlOf({ kind, attribute, address }: Destination): string | null {
  const isShown =
    kind === "image" || (kind === "html" && attribute !== "href" && attribute !== "cite");
  return isShown ? mediaUrl(address, undefined) : linkUrl(address, undefined);
}

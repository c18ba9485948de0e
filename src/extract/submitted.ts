/** Listing pages that a form leads to: a button, or a link whose script sends one. Pure. */
import type { Element } from "domhandler";
import type { Listing, Post } from "../model.js";
import { pageUrl } from "../site/page-urls.js";
import type { Site } from "../site/site.js";
import { postKey } from "../url/post.js";
import { isOfOne } from "../url/url.js";
import { elementPath } from "./element-path.js";
import {
  encoded,
  formOf,
  hasField,
  isPostBack,
  isSubmit,
  type ScriptCall,
  scriptCall,
  submitted,
} from "./forms.js";
import { isDead } from "./onward.js";
import { select } from "./select.js";
import { firstMatch, type Tree } from "./tree.js";

/** Elements that are tried, and bytes that are sent: a state of ASP.NET has 100 kB, a large one 1 MB. */
const [MOST_TRIED, MOST_BYTES] = [50, 4 * 1024 * 1024];

type Way = Pick<Listing, "next" | "nextSelector"> & { readonly post?: Post };

/**
 * What the page after another one is asked for by, where `listing.next` names what submits a form.
 *
 * @returns null where nothing leads on; a text that says why what is there cannot be followed
 */
export function nextSubmitted(tree: Tree, scope: Element | null, site: Site): Way | string | null {
  const { submit } = site.listing;
  if (submit === undefined) return null;
  let reason: string | null = null;
  for (const selector of submit.select)
    for (const node of firstMatch(tree.$, scope, [selector]).nodes.slice(0, MOST_TRIED)) {
      if (isOff(node)) continue;
      const way = wayBy(tree, node, submit.set, site);
      if (typeof way !== "string") return { ...way, nextSelector: selector };
      reason ??= `${selector} matches ${elementPath(node)}: ${way}`;
    }
  return reason;
}

/** What a pager prints on the last page: it may only leave out what a click does. */
function isOff(node: Element): boolean {
  const { href, onclick } = node.attribs;
  const isPlain =
    !/^(?:form|button|input)$/.test(node.name) && href === undefined && onclick === undefined;
  return isPlain || isDead(node);
}

function wayBy(
  tree: Tree,
  node: Element,
  set: Readonly<Record<string, string>> | null,
  site: Site,
): Omit<Way, "nextSelector"> | string {
  const call = scriptCall(node);
  const fields = fieldsBy(call, set);
  if (typeof fields === "string") return fields;
  const isButton = isSubmit(node);
  if (!isButton && node.name !== "form" && call === null)
    return "it submits no form: name a button, a form, or a link with a script";
  const form = formFor(tree, node, Object.keys(fields));
  if (form === null) return "it is in no form";
  const request = submitted(tree, form, isButton ? node : null, fields);
  if (typeof request === "string") return request;
  const { method, url } = request;
  if (!isOfOne(url, [tree.url, ...site.origins]))
    return `its form is sent to ${url}, outside the site`;
  const body = encoded(request.fields);
  if (method === "GET") {
    const target = new URL(url);
    target.search = body;
    return { next: pageUrl(target.href, site) };
  }
  if (body.length > MOST_BYTES)
    return `its form sends ${body.length} bytes; at most ${MOST_BYTES} are sent`;
  const post = { url, body, type: "application/x-www-form-urlencoded", isAjax: false };
  return { next: postKey(post), post };
}

/** Fields that a script fills before it sends a form: those of ASP.NET are known, those of others the site file names. */
function fieldsBy(
  call: ScriptCall | null,
  set: Readonly<Record<string, string>> | null,
): Readonly<Record<string, string>> | string {
  const known =
    call !== null && isPostBack(call) ? { __EVENTTARGET: "{1}", __EVENTARGUMENT: "{2}" } : null;
  const wanted = set ?? known;
  if (wanted === null)
    return call === null
      ? {}
      : `its script calls ${call.name}(${call.values.join(", ")}): say which fields of the form it fills with \`set\`, such as { "page": "{1}" }`;
  const values = call?.values ?? [];
  for (const text of Object.values(wanted))
    for (const [place, number] of text.matchAll(/\{(\d)\}/g))
      if (values[Number(number) - 1] === undefined && wanted === set)
        return `there is nothing to put in the place of ${place}: its script is called with ${values.length} values`;
  return Object.fromEntries(
    Object.entries(wanted).map(([name, text]) => [
      name,
      text.replace(/\{(\d)\}/g, (_, number: string) => values[Number(number) - 1] ?? ""),
    ]),
  );
}

/** A script may send a form that is elsewhere on the page: the one that has the fields which it fills. */
function formFor(tree: Tree, node: Element, names: readonly string[]): Element | null {
  const own = formOf(tree, node);
  if (own !== null || names.length === 0) return own;
  const forms = select(tree.$, null, "form").slice(0, MOST_TRIED);
  return (
    forms.find((form) => names.every((name) => hasField(tree, form, name))) ??
    (forms.length === 1 ? (forms[0] ?? null) : null)
  );
}

/** What could lead on from a listing page though `listing.next` gave nothing: it shows whether a list ends or its pager is not read. */
import type { AnyNode, Element } from "domhandler";
import type { Lead } from "../model.js";
import { urlKey } from "../url/url.js";
import { chooses, countsOn, shapeOf } from "./counts-on.js";
import { elementPath } from "./element-path.js";
import { sends } from "./forms.js";
import { parentOf, textOf } from "./nodes.js";
import {
  holdersOf,
  inCalendar,
  isBeside,
  isDead,
  isFurniture,
  isNamedNext,
  isOff,
  isRelNext,
  labelOf,
  labelUpTo,
  nameOf,
  pagerOf,
  saysOf,
} from "./onward.js";
import { matches, select } from "./select.js";
import { linkTarget, type Tree } from "./tree.js";

/** What opens, turns or plays something on the page itself. */
const ON_PAGE =
  "[data-toggle], [data-bs-toggle], [data-slide], [data-bs-slide], [data-slide-to], [aria-expanded], [data-dismiss], [data-bs-dismiss]";

const MORE_CLASS =
  /(?:^|[-_])(?:load|show|view|see|get)[-_]?more|infinite[-_]?scroll|more[-_]posts/i;

/** Attributes in which a control names what it loads; the first of them that is a URL. */
const URL_ATTRIBUTES =
  "data-next-url data-next-href data-next-link data-next-page-url data-next-page data-next data-more-url data-load-url data-ajax-url data-url data-href data-link data-src data-path data-endpoint data-load data-more data-page-url data-page hx-get data-hx-get data-turbo-src formaction".split(
    " ",
  );
/** Attributes that say of themselves that they lead on. */
const SAYS_NEXT =
  /^data-(?:[a-z-]*-)?(?:next|load-?more|infinite)(?:-(?:url|href|link|page|src|path|page-url))?$/;
/** The number or the place of a page, by name. */
const PAGE_NAME =
  /^(?:.*(?:pag|__eventargument).*|p|pg|offset|start|from|skip|seite|strana|str|sida|side|sivu|oldal|sayfa)$/i;

/** So many links are compared with the whole page for their place: with all of thousands, it took the square of its length. */
const MOST_PLACED = 50;

/** A listing page, and which links on it may be the way on. */
export interface ListPage {
  readonly url: string;
  /** True when the list begins with it. */
  readonly isStart: boolean;
  /** What counts the pages in a URL; null where that is not known. */
  readonly parameter: string | null;
  readonly accepts: (url: string) => boolean;
}

/** An element that looks like the way to more rows. */
export interface Way {
  readonly node: Element;
  readonly lead: Lead;
}

/** A page, and what its controls are judged by. */
interface Scene extends ListPage {
  readonly tree: Tree;
  readonly rows: ReadonlySet<AnyNode>;
  /** Elements that hold all rows, the innermost first. */
  readonly around: ReadonlySet<AnyNode>;
  readonly lastRow: Element | null;
  /** Names of the places on the page to which a link may lead. */
  readonly names: ReadonlySet<string>;
}

/**
 * Links, buttons and forms that look like the way to more rows. On the page that the list begins with,
 * words are enough; on later ones, where a list must end one day, a URL must also be shaped as the
 * page's own: boxes beside a list say "next" as well.
 *
 * @param rows elements that are rows: their links lead to articles
 * @returns in their order on the page; links back may be among them
 */
export function waysOn(tree: Tree, rows: readonly Element[], page: ListPage): Way[] {
  const all = select(tree.$, null, "body *, link[rel~=next i][href]");
  const names = new Set(all.flatMap(({ attribs }) => [attribs.id ?? "", attribs.name ?? ""]));
  const [around, lastRow] = [holdersOf(rows), rows.at(-1) ?? null];
  const scene: Scene = { ...page, tree, rows: new Set(rows), around, lastRow, names };
  return all.flatMap((node) => {
    const lead = leadOf(scene, node);
    return lead === null ? [] : { node, lead };
  });
}

/** The same ways, each URL once, and the places of the first ones told apart from others. */
export function leadsOf(tree: Tree, ways: readonly Way[]): Lead[] {
  const found = new Map<string, Lead>();
  for (const { node, lead } of ways) {
    const key = lead.url === null ? `${lead.place}\n${lead.label}` : urlKey(lead.url);
    if (found.has(key)) continue;
    const isPlaced = lead.attribute === "href" && found.size < MOST_PLACED;
    found.set(key, isPlaced ? { ...lead, place: placeOf(tree, node) } : lead);
  }
  return [...found.values()];
}

/** What a selector of `listing.next` matched and no request can follow; null where it is switched off, or plain words. */
export function unfollowed(tree: Tree, node: Element, attribute: string): Lead | null {
  if (isOff(node)) return null;
  const written = node.attribs[attribute]?.trim() ?? "";
  const { onclick, ...attribs } = node.attribs;
  const acts = node.name === "button" || node.name === "input" || onclick !== undefined;
  const names = URL_ATTRIBUTES.some((name) => attribs[name] !== undefined);
  if (written === "" && !acts && !names) return null;
  const how = { written, sends: sends(tree, node) };
  return { kind: "next", url: null, attribute, ...how, ...said(node) };
}

function leadOf(scene: Scene, node: Element): Lead | null {
  switch (node.name) {
    case "a":
    case "area":
      return linkLead(scene, node) ?? controlLead(scene, node);
    case "link":
      return linkLead(scene, node);
    case "option":
      return optionLead(scene, node);
    case "form":
      return formLead(scene, node);
    default:
      return isControl(node) ? controlLead(scene, node) : null;
  }
}

/** True for the number of the second page alone, as scripts print it in their pagers; not in a sentence, such as "1 to 2 of 2". */
function isSecondItem(node: Element): boolean {
  const [only, ...others] = node.children;
  const isNumber = only?.type === "text" && others.length === 0 && only.data.trim() === "2";
  const around = isNumber ? (node.parent?.children ?? []) : [];
  return isNumber && !around.some((one) => one.type === "text" && /\p{L}/u.test(one.data));
}

function isControl(node: Element): boolean {
  const { name, attribs } = node;
  if (name === "button") return true;
  if (name === "input") return /^(?:button|submit|image)$/i.test(attribs.type ?? "");
  if (attribs.role === "button" || attribs.onclick !== undefined) return true;
  if ((name === "li" || name === "span") && isSecondItem(node)) return true;
  return saysNext(attribs);
}

/** True where an attribute of an element says of itself that it leads on. */
function saysNext(attribs: Element["attribs"]): boolean {
  return Object.keys(attribs).some(
    (key) => SAYS_NEXT.test(key) && !/^(?:|#|false|null|none|0)$/.test(attribs[key] ?? ""),
  );
}

/** A link with a URL that a crawl may request. */
function linkLead(scene: Scene, node: Element): Lead | null {
  const { tree, url, isStart, parameter } = scene;
  const target = reachable(scene, node.attribs.href);
  if (target === null) return null;
  const isRel = isRelNext(node);
  const counts = countsOn(target, url, isStart, parameter);
  const saying = saysOf(node);
  const isBack = isStart && saying === "back";
  const isNext = saying === "next" || saying === "arrow" || isBack || isNamedNext(node);
  const isMore = saying === "more" || MORE_CLASS.test(nameOf(node));
  const isSecond = labelOf(node) === "2" && /\d/.test(target) && !chooses(target, url);
  if (!isRel && !counts && !isNext && !isMore && !isSecond) return null;
  if (isDead(node) || isOfRow(scene, node)) return null;
  const lead: Lead = { kind: "link", url: target, attribute: "href", ...said(node) };
  if (isRel || counts) return lead;
  if (!isStart) return isNext && shapeOf(target) === shapeOf(url) ? lead : null;
  if (isFurniture(scene.around, node) || inCalendar(tree, node)) return null;
  if (isNext || isSecond) return lead;
  if (MORE_CLASS.test(nameOf(node))) return { ...lead, kind: "control" };
  return isAlone(scene, node) ? lead : null;
}

/** A button, or a link that only a script follows. */
function controlLead(scene: Scene, node: Element): Lead | null {
  const { tree, isStart } = scene;
  const { attribs } = node;
  if (node.name === "a" && isOrdinary(scene, attribs.href)) return null;
  const own = ownUrl(scene, node);
  const isScripted = /^\s*javascript:/i.test(attribs.href ?? "");
  const script = `${attribs.onclick ?? ""}${isScripted ? attribs.href : ""}`;
  const saying = saysOf(node);
  const isSaid =
    saysNext(attribs) ||
    MORE_CLASS.test(nameOf(node)) ||
    saying === "next" ||
    (saying !== null && own !== null) ||
    /page\W{0,4}2\b/i.test(script);
  const counts = isStart && (labelOf(node) === "2" || /^[2-9]$/.test(attribs["data-page"] ?? ""));
  const isLikely = saying !== null || isNamedNext(node) || counts;
  if (!isSaid && !isLikely) return null;
  if (isDead(node) || isOfRow(scene, node) || isFurniture(scene.around, node)) return null;
  if (matches(node, ON_PAGE) || inCalendar(tree, node)) return null;
  const isItem = isSecondItem(node) && !/^(?:a|button)$/.test(node.name);
  const isPlaced =
    pagerOf(scene.rows, node) !== null ||
    (!isItem &&
      (saying === "more" ? isAlone(scene, node) : isBeside(scene.around, scene.lastRow, node, 80)));
  if (!isSaid && !isPlaced) return null;
  const kind = own === null && (script !== "" || node.name === "a") ? "script" : "control";
  const written = node.name === "a" ? (attribs.href ?? (script === "" ? "" : null)) : null;
  const names = { url: own?.url ?? null, attribute: own?.attribute ?? null, written };
  return { kind, ...names, sends: own === null ? sends(tree, node) : null, ...said(node) };
}

/** A page in a list to choose from. */
function optionLead(scene: Scene, node: Element): Lead | null {
  const { url, isStart, parameter } = scene;
  const { value = "" } = node.attribs;
  const target = /[/?]/.test(value) ? reachable(scene, value) : null;
  if (target === null || !countsOn(target, url, isStart, parameter)) return null;
  if (isOfRow(scene, node) || isDead(node)) return null;
  return { kind: "form", url: target, attribute: "value", ...said(node) };
}

/** A form that asks for another page: its button says so, or a field of it counts pages. */
function formLead(scene: Scene, node: Element): Lead | null {
  const { tree, isStart } = scene;
  if (!isStart) return null;
  const fields = select(tree.$, node, "input, button, select");
  const buttons = fields.filter(
    ({ name, attribs }) => name === "button" || /^(?:submit|image)$/i.test(attribs.type ?? ""),
  );
  const sayings = buttons.map(saysOf);
  const counts = fields.some(
    ({ name, attribs }) =>
      PAGE_NAME.test(attribs.name ?? "") &&
      (name === "select" || (attribs.type === "hidden" && Number(attribs.value) > 1)),
  );
  const saying = sayings.find((one) => one !== null);
  if (saying === undefined && !counts) return null;
  if (isOfRow(scene, node) || isFurniture(scene.around, node)) return null;
  if (!counts && saying !== "next" && !isAlone(scene, node)) return null;
  const [button] = buttons;
  const label = button === undefined ? "" : labelOf(button);
  const how = { kind: "form", sends: "form" } as const;
  return { ...how, url: null, attribute: null, place: elementPath(node), label };
}

function said(node: Element): Pick<Lead, "place" | "label"> {
  return { place: elementPath(node), label: labelOf(node).slice(0, 60) };
}

/** Where a link is, for a site file that may follow it: nothing else is to be at the place before. */
function placeOf(tree: Tree, node: Element): string {
  const path = elementPath(node);
  const isFirst = (place: string) => select(tree.$, null, place)[0] === node;
  const named = `${path}:contains(${JSON.stringify(textOf([node]))})`;
  return isFirst(path) || !isFirst(named) ? path : named;
}

/** URL of a link that a crawl may request and that is not the page itself; null for others. */
function reachable({ tree, url, accepts }: Scene, href: string | undefined): string | null {
  if (href === undefined || href.trim().startsWith("#")) return null;
  const target = linkTarget(tree, href);
  if (target === null || urlKey(target) === urlKey(url)) return null;
  return accepts(target) ? target : null;
}

/** True for a link that leads to another page, or to a place on this one. */
function isOrdinary({ tree, names }: Scene, href = ""): boolean {
  const written = href.trim();
  if (written === "") return false;
  return written.startsWith("#")
    ? written !== "#" && names.has(written.slice(1))
    : linkTarget(tree, written) !== null || /^(?:mailto|tel):/i.test(written);
}

/** What a control names as its own URL. */
function ownUrl(scene: Scene, { attribs }: Element): { url: string; attribute: string } | null {
  for (const attribute of URL_ATTRIBUTES) {
    const written = attribs[attribute] ?? "";
    const url = /[/?]/.test(written) ? reachable(scene, written) : null;
    if (url !== null) return { url, attribute };
  }
  return null;
}

/** True for what belongs to a row, and not to a pager in it. */
function isOfRow(scene: Scene, node: Element): boolean {
  for (let at: Element | null = node; at !== null; at = parentOf(at))
    if (scene.rows.has(at)) return pagerOf(scene.rows, node) === null;
  return false;
}

/** True after the rows, in a box that says nothing else. */
function isAlone({ around, lastRow }: Scene, node: Element): boolean {
  return isBeside(around, lastRow, node, labelUpTo([node], 81).length);
}

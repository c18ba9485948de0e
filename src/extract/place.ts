/** Where an element is on the pages of a site: a selector that does not depend on a single page. */
import type { Element } from "domhandler";
import { stableNames } from "./class-names.js";
import { names } from "./nodes.js";

/** Class names of boxes that are around anything. */
const WRAPPER =
  /^(?:field[-_]*items?|field-content|content|inner|outer|wrapper|wrap|container|container-fluid|box|block|row|column|section|region|field|view|view-content|entry-content)$/;
const LANDMARKS = names("main article aside nav header footer section form figure");
/** What a menu, a footer or a side block is called. */
const AROUND =
  /(?:^|[-_ ])(?:nav|navbar|navigation|menu|menus|sidebar|sidebars|breadcrumbs?|pager|pagination|language|switcher|toolbar|search|skip|cookies?|banner)(?:$|[-_ ])/i;
/** An article may have these too. */
const EDGE = /(?:^|[-_ ])(?:header|footer|masthead)(?:$|[-_ ])/i;
const AROUND_TAGS = names("nav aside");
const EDGE_TAGS = names("header footer");
const AROUND_ROLES = names("navigation complementary search");
const EDGE_ROLES = names("banner contentinfo");

/** So many telling elements around one are named: a field of a row of a view of Drupal has three. */
const STEPS = 3;

/** What the name and the classes of an element say of its place. */
interface Named {
  /** Its classes, two at most, or its name. */
  readonly step: string;
  /** True when it tells more than that there is a box. */
  readonly tells: boolean;
  readonly around: "always" | "outside" | null;
}

/** By name, classes, role and id: the pages of a site have the same few. */
const known = new Map<string, Named>();
/** Those that say the same, as one. */
const distinct = new Map<string, Named>();
const MOST_KNOWN = 10_000;

function namedOf(element: Element): Named {
  const { class: given = "", role = "", id = "" } = element.attribs;
  // No attribute holds a U+0000: parsers replace it.
  const key = `${element.name}\0${given}\0${role}\0${id}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) for (const all of [known, distinct]) all.clear();
  const read = readNames(element);
  const same = JSON.stringify(read);
  const named = distinct.get(same) ?? read;
  distinct.set(same, named);
  known.set(key, named);
  return named;
}

function readNames({ name, attribs }: Element): Named {
  const { class: given = "", role = "", id = "" } = attribs;
  const all = stableNames(given);
  const telling = all.filter((one) => !WRAPPER.test(one));
  const classes = (telling.length > 0 ? telling : all).slice(0, 2);
  return {
    step: classes.length > 0 ? classes.map((one) => `.${one}`).join("") : name,
    tells: telling.length > 0 || LANDMARKS.has(name),
    around:
      AROUND_TAGS.has(name) || AROUND_ROLES.has(role) || AROUND.test(`${given} ${id}`)
        ? "always"
        : EDGE_TAGS.has(name) || EDGE_ROLES.has(role) || EDGE.test(`${given} ${id}`)
          ? "outside"
          : null,
  };
}

/** Where an element is, as those below it need to know. */
export interface Place {
  /** Selectors of the nearest telling elements around, the innermost last. */
  readonly outer: readonly string[];
  readonly step: string;
  readonly tells: boolean;
  /** True in an article, or in the element that holds all that was read of it. */
  readonly isInArticle: boolean;
  /** True in a menu, a header, a footer, a side block. */
  readonly isAround: boolean;
  /** A selector of it. */
  readonly selector: string;
  /** Places in it, by what their elements say: those of a list are one. */
  readonly inside: Map<Named, Place>;
}

/** The place of the body of one page. */
export function bodyPlace(): Place {
  return {
    ...{ outer: [], step: "body", tells: false, isInArticle: false, isAround: false },
    ...{ selector: "body", inside: new Map() },
  };
}

/**
 * The place of an element in another.
 *
 * @param isArticle true for the element that holds all that was read
 * @param isPassage true when something in it was read: it is not a menu, whatever it is called
 */
export function placeIn(
  parent: Place,
  element: Element,
  isArticle: boolean,
  isPassage: boolean,
): Place {
  const named = namedOf(element);
  const isLandmark = element.name === "article" || element.name === "main";
  if (isArticle || isPassage || isLandmark)
    return placeOf(parent, named, parent.isInArticle || isArticle || isLandmark, isPassage);
  let place = parent.inside.get(named);
  if (place === undefined) {
    place = placeOf(parent, named, parent.isInArticle, false);
    parent.inside.set(named, place);
  }
  return place;
}

function placeOf(
  parent: Place,
  { step, tells, around }: Named,
  isInArticle: boolean,
  isPassage: boolean,
): Place {
  const outer = parent.tells ? [...parent.outer, parent.step].slice(-STEPS) : parent.outer;
  const isAround = around === "always" || (around === "outside" && !isInArticle);
  return {
    ...{ outer, step, tells, isInArticle },
    isAround: parent.isAround || (!isPassage && isAround),
    selector: [outer.join(" "), step].filter(Boolean).join(parent.tells ? " > " : " "),
    inside: new Map(),
  };
}

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
const MOST_KNOWN = 10_000;

function namedOf({ name, attribs }: Element): Named {
  const { class: given = "", role = "", id = "" } = attribs;
  // Most elements have none of these.
  const key = given === "" && role === "" && id === "" ? name : `${name} ${given} ${role} ${id}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const all = stableNames(given);
  const telling = all.filter((one) => !WRAPPER.test(one));
  const classes = (telling.length > 0 ? telling : all).slice(0, 2);
  const named: Named = {
    step: classes.length > 0 ? classes.map((one) => `.${one}`).join("") : name,
    tells: telling.length > 0 || LANDMARKS.has(name),
    around:
      AROUND_TAGS.has(name) || AROUND_ROLES.has(role) || AROUND.test(`${given} ${id}`)
        ? "always"
        : EDGE_TAGS.has(name) || EDGE_ROLES.has(role) || EDGE.test(`${given} ${id}`)
          ? "outside"
          : null,
  };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, named);
  return named;
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
}

export const BODY: Place = {
  outer: [],
  step: "body",
  tells: false,
  isInArticle: false,
  isAround: false,
};

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
  const { step, tells, around } = namedOf(element);
  const isInArticle =
    parent.isInArticle || isArticle || element.name === "article" || element.name === "main";
  return {
    outer: parent.tells ? [...parent.outer, parent.step].slice(-STEPS) : parent.outer,
    step,
    tells,
    isInArticle,
    isAround:
      parent.isAround ||
      (!isPassage && (around === "always" || (around === "outside" && !isInArticle))),
  };
}

/** A selector of a place. @param parent the place around it */
export function selectorOf({ outer, step }: Place, parent: Place): string {
  if (outer.length === 0) return step;
  return `${outer.join(" ")}${parent.tells ? " > " : " "}${step}`;
}

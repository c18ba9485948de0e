/** CSS selectors as a site file holds them, judged before any page is read. Pure. */
import { _compileToken } from "css-select";
import { parse, type Selector } from "css-what";

/** Positions among what a selector matched, which Cheerio adds to CSS. */
const POSITIONS = new Set(["first", "last", "eq", "gt", "lt", "nth", "even", "odd"]);
const COMBINATORS = new Set(["adjacent", "child", "descendant", "parent", "sibling"]);

/**
 * Why Cheerio would not take a selector, as it says it when it meets the first page: of what is
 * forgiven by browsers, such as a bracket that is not closed, nothing is forgiven.
 *
 * @returns a sentence; null for a selector that can be used
 */
export function selectorProblem(text: string): string | null {
  try {
    if (text.trim() === "") return "it is empty";
    const lists = parse(text);
    if (lists.some((list) => isCombinator(list.at(-1))))
      return "it ends where an element is to follow";
    _compileToken(plain(lists));
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Stands for a position: it chooses among elements, so that what follows it is read as well. */
const SOME = parse("[x]").flat();

/** Cheerio takes positions in a selector and in its `:not`, and nowhere else; there they begin with no combinator. */
function plain(lists: Selector[][], isNested = false): Selector[][] {
  return lists.map((list) => {
    if (isNested && isCombinator(list[0]) && list.some(hasPosition))
      throw new Error("Relative selectors are not allowed with a position in `:not`");
    return list.flatMap((part): Selector[] => {
      if (part.type !== "pseudo") return [part];
      if (POSITIONS.has(part.name)) return SOME;
      if (part.name !== "not" || !Array.isArray(part.data)) return [part];
      return [{ ...part, data: plain(part.data, true) }];
    });
  });
}

function hasPosition(part: Selector): boolean {
  if (part.type !== "pseudo") return false;
  if (POSITIONS.has(part.name)) return true;
  return part.name === "not" && Array.isArray(part.data) && part.data.flat().some(hasPosition);
}

function isCombinator(part: Selector | undefined): boolean {
  return COMBINATORS.has(part?.type ?? "");
}

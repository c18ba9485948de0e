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
    if (lists.some((list) => COMBINATORS.has(list.at(-1)?.type ?? "")))
      return "it ends where an element is to follow";
    _compileToken(withoutPositions(lists));
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Cheerio takes positions in a selector and in its `:not`, and nowhere else. */
function withoutPositions(lists: Selector[][]): Selector[][] {
  return lists.map((list) =>
    list.flatMap((part): Selector[] => {
      if (part.type !== "pseudo") return [part];
      if (POSITIONS.has(part.name)) return [];
      if (part.name !== "not" || !Array.isArray(part.data)) return [part];
      return [{ ...part, data: withoutPositions(part.data) }];
    }),
  );
}

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

/** What css-what and css-select say of a selector, and what to look for in it. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^Expected name, found \s*$/, "it ends where a name is to follow"],
  [/^Expected name, found (.*)$/s, 'a name is to follow before "$1"'],
  [
    /didn't terminate/,
    "a [ has no ] after it, or what is between them is not of the form name=value",
  ],
  [/parenthes[ie]s/i, "a ( has no ) after it"],
  [
    /^Empty sub-selector/,
    "an element is missing, at its beginning or at a comma; XPath is not read",
  ],
  [/^Unmatched selector: ?(.*)$/s, '"$1" is not understood'],
  [/successive traversals/, "two of the signs > + ~ follow each other"],
  [/^n-th rule/, "in :nth-child( ) and the like expected 2, odd, 3n+1"],
  [/^Pseudo-elements/, "Pseudo-elements are not supported: leave out what begins with ::"],
  [/^Namespaced/, "names with | are not supported: leave out what is before it"],
  [
    /^Relative selectors/,
    "in a :not( ) with a position such as :first an element goes before > + ~",
  ],
  [/^Pseudo-class (:\S+) requires an argument/, "$1 needs something in parentheses"],
  [/^Pseudo(?:-class)? :?(\S+) doesn't have any arguments/, ":$1 takes nothing in parentheses"],
];

/** @param problem what `selectorProblem` says */
export function selectorAdvice(problem: string): string {
  for (const [pattern, words] of ADVICE) {
    const found = pattern.exec(problem);
    if (found !== null) return words.replace("$1", () => (found[1] ?? "").trim());
  }
  return problem;
}

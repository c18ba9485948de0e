/** What is wrong with a selector, in plain words. Pure. */

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

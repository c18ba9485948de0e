/** The type and the summary of a row: a short word of few kinds, and the longest text beside the title. */
import type { Element } from "domhandler";
import { readDate } from "../dates/date.js";
import { type Candidate, plainness } from "./candidates.js";
import type { Choice, Option, Picks } from "./proposal.js";
import { median, samplesOf, share } from "./words.js";

const TYPE_HINT = /type|categor|(?:^|[-_.])cat(?:$|[-_])|label|kind|section|topic|badge|tag/i;
const SUMMARY_HINT = /summary|teaser|excerpt|intro|lead|desc|body|text|content|abstract|snippet/i;

/** Nodes that other fields have taken, with what is in them and around them. */
export type Taken = readonly (readonly (Element | null)[])[];

/** Proposes the type; null when no short word of few kinds stands in most rows. */
export function proposeType(
  candidates: readonly Candidate[],
  taken: Taken,
  total: number,
  picks: Picks,
): Choice | null {
  return choose("type", candidates, taken, total, picks, (candidate, words) => {
    const kinds = new Set(words).size;
    const hinted = TYPE_HINT.test(candidate.selector);
    if (median(words.map(({ length }) => length)) > 40 || words.some((word) => word.length > 80))
      return 0;
    if (words.every((word) => !/\p{L}/u.test(word)) || words.some(isDated)) return 0;
    // A word that is the same in every row is a button, unless its class says otherwise.
    if (!hinted && (kinds < 2 || kinds > Math.max(2, words.length / 2))) return 0;
    if (kinds === 1 && words.length > 1 && !/(?:type|category|cat|kind)$/i.test(candidate.selector))
      return 0;
    return (
      (hinted ? 3 : 0.5) +
      (kinds > 1 ? 1 : 0) -
      plainness(candidate.selector) / 8 -
      candidate.several / total
    );
  });
}

/** Proposes the summary; null when the rows hold no text beside the title. */
export function proposeSummary(
  candidates: readonly Candidate[],
  taken: Taken,
  total: number,
  picks: Picks,
): Choice | null {
  return choose("summary", candidates, taken, total, picks, (candidate, words) => {
    const length = median(words.map((word) => word.length));
    if (length < 30) return 0;
    const hinted = SUMMARY_HINT.test(candidate.selector) || /(?:^|[ >])p$/.test(candidate.selector);
    return (hinted ? 2 : 1) + Math.min(1, length / 300) - plainness(candidate.selector) / 8;
  });
}

function choose(
  part: "type" | "summary",
  candidates: readonly Candidate[],
  taken: Taken,
  total: number,
  picks: Picks,
  score: (candidate: Candidate, words: readonly string[]) => number,
): Choice | null {
  if (picks[part] === "") return null;
  const scored = candidates
    .filter((candidate) => !overlaps(candidate, taken))
    .map((candidate) => {
      const words = candidate.texts.filter((text): text is string => text !== null && text !== "");
      return { candidate, score: words.length * 2 < total ? 0 : score(candidate, words) };
    })
    .filter((one) => one.score > 0)
    .sort((one, other) => other.score - one.score);
  const options = scored.slice(0, 4).map(({ candidate }) => optionOf(candidate, total));
  const best = options.find(({ value }) => value === picks[part]) ?? options[0];
  if (best === undefined) return null;
  const hinted =
    (part === "type" ? TYPE_HINT : SUMMARY_HINT).test(best.value) || best.value === "p";
  return {
    part,
    ...best,
    reason:
      picks[part] === best.value
        ? "chosen by you"
        : part === "type"
          ? hinted
            ? "its class says so"
            : "a short word of few kinds in most rows"
          : "the text beside the title",
    sure: hinted || picks[part] === best.value,
    options: [...options, { value: "", matched: "none", samples: [] }],
  };
}

function optionOf({ selector, texts, found }: Candidate, total: number): Option {
  return { value: selector, matched: share(found, total), samples: samplesOf(texts) };
}

function isDated(word: string): boolean {
  return "date" in readDate(word, { formats: ["M/d/yyyy", "d/M/yyyy", "d.M.yyyy"], locales: [] });
}

/** True when a candidate is, holds or lies in a node that another field has taken. */
function overlaps({ nodes }: Candidate, taken: Taken): boolean {
  return taken.some((own) =>
    nodes.some((node, index) => {
      const other = own[index] ?? null;
      return node !== null && other !== null && (holds(node, other) || holds(other, node));
    }),
  );
}

function holds(outer: Element, inner: Element): boolean {
  for (let at: Element | null = inner; at !== null; at = at.parent as Element | null)
    if (at === outer) return true;
  return false;
}

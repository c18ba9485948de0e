/** A ranked choice: the candidates for a part of a site file, ordered by a score, with samples of what each gives. */
import type { Choice, Option, Part } from "./proposal.js";

/** One way to fill a part, before it is ranked. */
export interface Candidate {
  /** A selector, a format or a language, as the site file has it. */
  readonly value: string;
  /** What it matches, in words: "10 rows", "9 of 10". */
  readonly matched: string;
  /** What it gives, in the order of the page; null where it gives nothing. */
  readonly texts: readonly (string | null)[];
}

export interface Ranking<C extends Candidate> {
  /** The pick of a person, else the first. */
  readonly best: C;
  readonly isPicked: boolean;
  /** The first four. */
  readonly options: readonly Option[];
  /** True if another candidate gives something else than the first. */
  readonly hasRival: boolean;
  /** The best of those that give something else than the chosen one; null when none does. */
  readonly runnerUp: Option | null;
  /** True if the first has more than `factor` times the score of the best rival. */
  readonly leads: (factor: number) => boolean;
}

/**
 * Orders candidates by score, the highest first; equal ones keep their order.
 *
 * @param score null for what cannot fill the part
 * @param pick value that a person picked; empty for "none"
 * @param isRival false if a candidate gives the same as the first
 * @returns null if there is no candidate, or none is wanted
 */
export function rank<C extends Candidate>(
  candidates: readonly C[],
  score: (candidate: C) => number | null,
  pick: string | undefined,
  isRival: (candidate: C, first: C) => boolean = () => true,
): Ranking<C> | null {
  const ranked = candidates
    .flatMap((candidate) => {
      const points = score(candidate);
      return points === null ? [] : [{ candidate, points }];
    })
    .sort((one, other) => other.points - one.points);
  const [first, ...others] = ranked;
  if (first === undefined || pick === "") return null;
  const picked = ranked.find(({ candidate }) => candidate.value === pick);
  const rival = others.find(({ candidate }) => isRival(candidate, first.candidate));
  const weighed = ({ candidate, points }: typeof first): Option => ({
    ...optionOf(candidate),
    weight: first.points > 0 ? Math.round((points / first.points) * 100) / 100 : 0,
  });
  return {
    best: (picked ?? first).candidate,
    isPicked: picked !== undefined,
    options: ranked.slice(0, 4).map(({ candidate }) => optionOf(candidate)),
    hasRival: rival !== undefined,
    runnerUp: rival === undefined ? null : weighed(picked === rival ? first : rival),
    leads: (factor) => rival === undefined || first.points > factor * rival.points,
  };
}

/**
 * The choice of a ranking; its options are those of the ranking, if it has a rival.
 *
 * @param reason why the best is chosen, if no person picked it
 * @param sure whether it can be taken without asking; a pick always can
 */
export function choiceOf<C extends Candidate>(
  part: Part,
  { best, isPicked, options, hasRival, runnerUp }: Ranking<C>,
  reason: string,
  sure: boolean,
): Choice {
  return {
    ...onlyChoice(part, best, isPicked ? "chosen by you" : reason),
    sure: isPicked || sure,
    options: hasRival ? options : [],
    runnerUp,
  };
}

/** The alternatives to a choice, in one line; empty if there are none. */
export function alternatives({ options, value }: Choice): string {
  const others = options.filter((one) => one.value !== value);
  return others.map((one) => one.value || "none").join(", ");
}

/** The link to the next page; its URL is shown whole. */
export function nextChoice(selector: string, matched: string, url: string, reason: string): Choice {
  const choice = onlyChoice("next", { value: selector, matched, texts: [] }, reason);
  return { ...choice, samples: [url] };
}

/** A choice without alternatives. */
export function onlyChoice(part: Part, candidate: Candidate, reason: string): Choice {
  return { part, ...optionOf(candidate), reason, sure: true, options: [] };
}

function optionOf({ value, matched, texts }: Candidate): Option {
  return { value, matched, samples: samplesOf(texts) };
}

/** The first texts that differ, cut to a line, at most three. */
function samplesOf(texts: Candidate["texts"]): string[] {
  const distinct = new Set(texts.filter((text) => text !== null && text !== "") as string[]);
  return [...distinct]
    .slice(0, 3)
    .map((text) => (text.length > 60 ? `${[...text].slice(0, 59).join("")}…` : text));
}

/** `9 of 10`. */
export function share(found: number, total: number): string {
  return `${found} of ${total}`;
}

/** The middle of some numbers; 0 for none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

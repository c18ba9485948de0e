/** A ranked choice: the candidates for a part of a site file, ordered by a score, with samples of what each gives. */
import { cut } from "../text.js";
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

/**
 * What speaks for a candidate, in words, with the points that it gives; below zero what speaks against it:
 * `{ "a heading": 3, "more than one in a row": -0.5 }`.
 */
export type Points = Readonly<Record<string, number>>;

export function sumOf(points: Points): number {
  return Object.values(points).reduce((sum, one) => sum + one, 0);
}

/** Points of which all so far count `factor` times. */
export function times(points: Points, words: string, factor: number): Points {
  return factor === 1 ? points : { ...points, [words]: sumOf(points) * (factor - 1) };
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
 * @param score what speaks for a candidate; null for what cannot fill the part
 * @param pick value that a person picked; empty for "none"
 * @param isRival false if a candidate gives the same as the first
 * @returns null if there is no candidate, or none is wanted
 */
export function rank<C extends Candidate>(
  candidates: readonly C[],
  score: (candidate: C) => Points | null,
  pick: string | undefined,
  isRival: (candidate: C, first: C) => boolean = () => true,
): Ranking<C> | null {
  const ranked = candidates
    .flatMap((candidate) => {
      const points = score(candidate);
      return points === null ? [] : [{ candidate, points }];
    })
    .map((one) => ({ ...one, sum: sumOf(one.points) }))
    .sort((one, other) => other.sum - one.sum);
  const [first, ...others] = ranked;
  if (first === undefined || pick === "") return null;
  const picked = ranked.find(({ candidate }) => candidate.value === pick);
  const rival = others.find(({ candidate }) => isRival(candidate, first.candidate));
  const weighed = ({ candidate, points, sum }: typeof first, chosen: typeof first): Option => ({
    ...optionOf(candidate),
    weight: first.sum > 0 ? Math.round((sum / first.sum) * 100) / 100 : 0,
    lost: lostOn(points, chosen.points),
  });
  return {
    best: (picked ?? first).candidate,
    isPicked: picked !== undefined,
    options: ranked.slice(0, 4).map(({ candidate }) => optionOf(candidate)),
    hasRival: rival !== undefined,
    runnerUp:
      rival === undefined ? null : picked === rival ? weighed(first, rival) : weighed(rival, first),
    leads: (factor) => rival === undefined || first.sum > factor * rival.sum,
  };
}

/** What the chosen one has more of, at most two: `a heading (0 to 3), a link (1.2 to 2)`; empty where nothing. */
function lostOn(points: Points, chosen: Points): string {
  const round = (number = 0) => String(Math.round(number * 10) / 10);
  return [...new Set([...Object.keys(chosen), ...Object.keys(points)])]
    .map((words) => ({ words, by: (chosen[words] ?? 0) - (points[words] ?? 0) }))
    .filter(({ by }) => by >= 0.1)
    .sort((one, other) => other.by - one.by)
    .slice(0, 2)
    .map(({ words }) => `${words} (${round(points[words])} to ${round(chosen[words])})`)
    .join(", ");
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
  return [...distinct].slice(0, 3).map((text) => cut(text, 60));
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

/** Which captures of an archive stay when it is pruned. Pure. */

/** `last:5`: the five newest. `monthly:12`: the last of each of the twelve newest months that have one; null for all. */
export interface KeepRule {
  readonly unit: keyof typeof PERIODS;
  readonly count: number | null;
}

/** What a user asks for: at least one of the two. */
export interface Pruning {
  /** A capture that one of these keeps stays; null keeps none but the newest. */
  readonly keep: readonly KeepRule[] | null;
  /** `YYYY-MM-DD` of UTC: captures that began on that day or later stay. Null for no such day. */
  readonly before: string | null;
}

/** A capture by its name, which begins with when it began: `20261125T020551Z`. */
export interface Kept {
  readonly name: string;
  /** False for one of a crawl that wrote no entry, such as one that was cut off: it is the last of no period. */
  readonly isWhole: boolean;
}

/** The period of UTC that a capture belongs to. */
const PERIODS = {
  last: (name: string) => name,
  hourly: (name: string) => name.slice(0, 11),
  daily: (name: string) => name.slice(0, 8),
  // From Monday: the first of January 1970 was a Thursday.
  weekly: (name: string) => String(Math.floor((Date.parse(dayOf(name)) / 86_400_000 + 3) / 7)),
  monthly: (name: string) => name.slice(0, 6),
  yearly: (name: string) => name.slice(0, 4),
};

function dayOf(name: string): string {
  return name.replace(/^(\d{4})(\d\d)(\d\d).*/, "$1-$2-$3");
}

/** Reads `monthly:12,yearly`; null for anything else. */
export function parseKeep(text: string): readonly KeepRule[] | null {
  const rules: KeepRule[] = [];
  for (const part of text.split(",")) {
    const [, unit = "", number] = /^([a-z]+)(?::([1-9]\d{0,5}))?$/.exec(part.trim()) ?? [];
    if (!Object.hasOwn(PERIODS, unit) || rules.some((rule) => rule.unit === unit)) return null;
    if (unit === "last" && number === undefined) return null;
    rules.push({
      unit: unit as KeepRule["unit"],
      count: number === undefined ? null : Number(number),
    });
  }
  return rules;
}

/**
 * Names of the captures that go. The newest stays in any case, and the newest of a crawl that wrote entries.
 *
 * @param captures oldest first
 */
export function capturesToRemove(captures: readonly Kept[], { keep, before }: Pruning): string[] {
  const newestFirst = captures.toReversed();
  const whole = newestFirst.filter(({ isWhole }) => isWhole);
  const stays = new Set([newestFirst[0]?.name, whole[0]?.name]);
  for (const { unit, count } of keep ?? []) {
    const periods = new Set<string>();
    for (const { name } of whole) {
      const period = PERIODS[unit](name);
      if (periods.has(period)) continue;
      if (count !== null && periods.size === count) break;
      periods.add(period);
      stays.add(name);
    }
  }
  return captures
    .filter(({ name }) => !stays.has(name) && (before === null || dayOf(name) < before))
    .map(({ name }) => name);
}

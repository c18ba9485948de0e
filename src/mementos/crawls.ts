/** The crawls of Common Crawl by their names: `CC-MAIN-2021-25` ended in about the 25th week of 2021. Pure. */
import type { WebArchive } from "../schema/web-archive.js";

const DAY = 24 * 60 * 60 * 1000;

/** Those that may hold captures within a window, of ids in any order: newest first. */
export function crawlsWithin(
  ids: readonly string[],
  { from, to, crawls }: Pick<WebArchive, "from" | "to" | "crawls">,
): string[] {
  const isWithin = (id: string) => {
    const [first, last] = spanOf(id);
    return (
      (crawls?.from == null || id >= crawls.from) &&
      (crawls?.to == null || id <= crawls.to) &&
      (from === null || last.slice(0, from.length) >= from) &&
      (to === null || first.slice(0, to.length) <= to)
    );
  };
  return ids.filter(isWithin).sort().reverse();
}

/** First and last day on which it may have captured, `YYYYMMDD`: two to three weeks before its week, one after it. */
function spanOf(id: string): readonly [first: string, last: string] {
  const [, year = "", other = year] = /(\d{4})(?:-(\d+))?$/.exec(id) ?? [];
  // CC-MAIN-2009-2010, CC-MAIN-2012
  if (other.length !== 2) return [`${year}0101`, `${other}1231`];
  // The first week of ISO 8601 has the 4th of January.
  const fourth = Date.UTC(Number(year), 0, 4);
  const monday = fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY;
  const week = monday + (Number(other) - 1) * 7 * DAY;
  const day = (time: number) => new Date(time).toISOString().slice(0, 10).replaceAll("-", "");
  return [day(week - 21 * DAY), day(week + 13 * DAY)];
}

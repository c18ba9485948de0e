/** The date of a row, and its format. */
import type { Element } from "domhandler";
import { readDate } from "../dates/date.js";
import { isElement, textOf } from "../extract/nodes.js";
import { type Candidate, plainness } from "./candidates.js";
import { formatOf } from "./format.js";
import type { Choice, Option, Picks } from "./proposal.js";
import { holdsDate, median, samplesOf, share } from "./words.js";

/** Where a date stands: a selector, and what of its element is read. */
interface DatePlace {
  readonly selector: string;
  readonly attribute: string | null;
  readonly own: boolean;
}

export interface DateProposal {
  readonly place: DatePlace;
  readonly date: Choice;
  /** Null when the dates need no format. */
  readonly format: Choice | null;
  readonly formats: readonly string[];
  /** Why dates cannot be read at all; null when they can. */
  readonly problem: string | null;
}

interface Place extends DatePlace {
  readonly raws: readonly (string | null)[];
  readonly printed: readonly (string | null)[];
  readonly readable: number;
  readonly relative: number;
  readonly score: number;
}

const HINT = /date|time|posted|published|created|when|day/i;

/** @param known calendar dates of the rows as the article page gives them; null where unknown */
export function proposeDate(
  rows: readonly Element[],
  candidates: readonly Candidate[],
  language: string,
  known: readonly (string | null)[],
  picks: Picks,
): DateProposal | null {
  const places = placesOf(rows, candidates, language).sort((one, other) => other.score - one.score);
  const options = places.slice(0, 4).map((place) => optionOf(place, rows.length));
  const picked = places.find((place) => placeName(place) === picks.date);
  const best = picked ?? places[0];
  if (best === undefined || picks.date === "") return null;
  const first = places[0] as Place;
  const rival = places.find((place) => differs(place, first));
  const date: Choice = {
    part: "date",
    ...optionOf(best, rows.length),
    reason: picked
      ? "chosen by you"
      : best.attribute !== null
        ? "an attribute made for machines"
        : "its words are dates",
    sure: picked !== undefined || rival === undefined || first.score > 1.25 * rival.score,
    options: rival === undefined ? [] : options,
  };
  const { problem, ...format } = formatFor(best, known, language, picks);
  return { place: best, date, problem, ...format };
}

/** The site file's way to say where the date stands. */
function placeName({ selector, attribute, own }: DatePlace): string {
  return attribute !== null
    ? `${selector} (${attribute})`
    : own
      ? `${selector} (own words)`
      : selector;
}

function optionOf(place: Place, total: number): Option {
  return {
    value: placeName(place),
    matched: share(place.raws.filter((raw) => raw !== null).length, total),
    samples: samplesOf(place.printed),
  };
}

function differs(one: Place, other: Place): boolean {
  return one.raws.some((raw, index) => {
    const [mine, its] = [raw, other.raws[index] ?? null];
    return (
      mine !== null &&
      its !== null &&
      !mine.includes(its) &&
      !its.includes(mine) &&
      other.attribute === one.attribute
    );
  });
}

function placesOf(
  rows: readonly Element[],
  candidates: readonly Candidate[],
  language: string,
): Place[] {
  const self: Candidate = {
    selector: ":scope",
    nodes: rows,
    texts: rows.map((row) => textOf([row])),
    found: rows.length,
    several: 0,
  };
  return [...candidates, self].flatMap((candidate) => {
    const attributes = ["datetime", "content"].filter((name) =>
      candidate.nodes.some((node) => /^\d{4}-\d{2}-\d{2}/.test(node?.attribs[name] ?? "")),
    );
    const ways = [
      ...attributes.map((attribute) => ({ attribute, own: false })),
      { attribute: null, own: false },
      { attribute: null, own: true },
    ];
    return ways.flatMap(({ attribute, own }) => {
      if (candidate === self && !own) return [];
      const raws = candidate.nodes.map((node) =>
        node === null ? null : rawOf(node, attribute, own),
      );
      const place = judge(
        { selector: candidate.selector, attribute, own },
        raws,
        candidate,
        rows.length,
        language,
      );
      return place === null ? [] : [place];
    });
  });
}

function rawOf(node: Element, attribute: string | null, own: boolean): string | null {
  if (attribute !== null) return node.attribs[attribute] ?? null;
  const words = own ? textOf(node.children.filter((child) => !isElement(child))) : textOf([node]);
  return words === "" ? null : words;
}

function judge(
  where: DatePlace,
  raws: readonly (string | null)[],
  { selector, texts, several }: Candidate,
  total: number,
  language: string,
): Place | null {
  const readings = raws.map((raw) =>
    raw === null || (!holdsDate(raw) && where.attribute === null && raw.length > 60)
      ? null
      : readDate(raw, { formats: TRIED, locales: language === "und" ? [] : [language, "en"] }),
  );
  const readable = readings.filter(
    (one) => one !== null && ("date" in one || /is not a date as/.test(one.problem)),
  ).length;
  const relative = readings.filter((one) => one !== null && "relative" in one).length;
  if (readable * 2 < total && relative * 2 < total && !(readable > 1 && where.attribute !== null))
    return null;
  const length = median(raws.flatMap((raw) => (raw === null ? [] : [raw.length])));
  const score =
    (3 * readable + relative) / total +
    (where.attribute !== null ? 1 : 0) +
    (HINT.test(selector) ? 1 : 0) +
    (selector === "time" ? 0.5 : 0) -
    (where.own ? 0.4 : 0) -
    length / 80 -
    several / total -
    plainness(selector) / 8;
  const printed = raws.map((raw, index) =>
    where.attribute === null ? raw : (texts[index] ?? raw),
  );
  return { ...where, raws, printed, readable, relative, score };
}

/** Whatever the order is: for telling that figures are a date. */
const TRIED = [
  "d/M/yyyy",
  "d.M.yyyy",
  "d-M-yyyy",
  "yyyy/M/d",
  "yyyy.M.d",
  "d/M/yy",
  "d.M.yy",
].flatMap((format) => [format, `${format} - H:mm`, `${format} H:mm`, `${format}, H:mm`]);

function formatFor(
  { attribute, raws, printed, relative, readable }: Place,
  known: readonly (string | null)[],
  language: string,
  picks: Picks,
): Pick<DateProposal, "format" | "formats" | "problem"> {
  const texts = raws.flatMap((raw) => raw ?? []);
  if (attribute !== null) return { format: null, formats: [], problem: null };
  if (relative > readable)
    return {
      format: null,
      formats: [],
      problem: `the dates are counted from now ("${texts[0]}") and name no calendar day: they stay empty`,
    };
  const dates = raws.flatMap((raw, index) => (raw === null ? [] : [known[index] ?? null]));
  const finding = formatOf(texts, dates, language);
  if (finding === null) return { format: null, formats: [], problem: null };
  const options = finding.formats.map((format) => ({
    value: format,
    matched: "",
    samples: samplesOf(printed),
  }));
  const picked = options.find(({ value }) => value === picks.format);
  const best = picked ?? options[0];
  if (best === undefined) return { format: null, formats: [], problem: null };
  const format: Choice = {
    part: "format",
    ...best,
    reason: picked ? "chosen by you" : finding.reason,
    sure: picked !== undefined || finding.sure,
    options: options.length > 1 ? options : [],
  };
  return { format, formats: [best.value], problem: null };
}

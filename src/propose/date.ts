/** The date of a row: a selector, and what is read of its element; and the format of these dates. */
import type { Element } from "domhandler";
import { readDate } from "../dates/date.js";
import { formatsIn } from "../dates/order.js";
import { ownTexts } from "../extract/field.js";
import { textOf } from "../extract/nodes.js";
import { type RowCandidate, type RowsOfPage, vagueness } from "./candidates.js";
import { holdsDate, proposeFormat } from "./format.js";
import type { Choice } from "./proposal.js";
import { type Candidate, choiceOf, median, type Points, rank, share, times } from "./rank.js";

/** How the date of a row is read. */
interface DateWay {
  readonly selector: string;
  /** Null to read the text. */
  readonly attribute: string | null;
  /** True to read the element's own text, without that of its children. */
  readonly own: boolean;
}

export interface DateProposal {
  readonly way: DateWay;
  readonly date: Choice;
  /** Null when the dates need no format. */
  readonly format: Choice | null;
  /** Why dates cannot be read at all; null when they can. */
  readonly problem: string | null;
}

interface DateCandidate extends DateWay, Candidate {
  /** What is read in each row; null where there is nothing. */
  readonly raws: readonly (string | null)[];
  readonly readable: number;
  /** Rows with a date that is counted from now: "2 hours ago". */
  readonly relative: number;
  readonly points: Points;
}

const HINT = /date|time|posted|published|created|when|day/i;
/** Names of the day of the last change. An article is dated by the day of its publication. */
const CHANGED = /updat|modif|edited|changed/i;

/** @param known calendar dates of the rows as the article page gives them; null where unknown */
export function proposeDate(
  { rows, candidates, picks }: RowsOfPage,
  language: string,
  known: readonly (string | null)[],
): DateProposal | null {
  const ways = dateCandidates(rows, candidates, language);
  const ranking = rank(ways, ({ points }) => points, picks.date, differs);
  if (ranking === null) return null;
  const { best } = ranking;
  const reason = best.attribute !== null ? "an attribute made for machines" : "its words are dates";
  const date = choiceOf("date", ranking, reason, ranking.leads(1.25));
  const texts = best.raws.flatMap((raw) => raw ?? []);
  if (best.attribute !== null) return { way: best, date, format: null, problem: null };
  if (best.relative > best.readable) {
    const problem = `the dates are counted from now ("${texts[0]}") and name no calendar day: they stay empty`;
    return { way: best, date, format: null, problem };
  }
  const dates = best.raws.flatMap((raw, index) => (raw === null ? [] : [known[index] ?? null]));
  const format = proposeFormat(texts, dates, language, picks);
  return { way: best, date, format, problem: null };
}

/** True if two candidates, both attributes of one name or both texts, give unlike words for a row. */
function differs(one: DateCandidate, first: DateCandidate): boolean {
  if (one.attribute !== first.attribute) return false;
  return one.raws.some((raw, index) => {
    const other = first.raws[index] ?? null;
    return raw !== null && other !== null && !raw.includes(other) && !other.includes(raw);
  });
}

function dateCandidates(
  rows: readonly Element[],
  candidates: readonly RowCandidate[],
  language: string,
): DateCandidate[] {
  const readings = candidates.flatMap((candidate) => {
    const attributes = ["datetime", "content"].filter((name) =>
      candidate.nodes.some((node) => /^\d{4}-\d{2}-\d{2}/.test(node?.attribs[name] ?? "")),
    );
    return [
      ...attributes.map((attribute) => ({ candidate, attribute, own: false })),
      { candidate, attribute: null, own: false },
      { candidate, attribute: null, own: true },
    ];
  });
  const texts = rows.map((row) => textOf([row]));
  const row = { value: ":scope", matched: "", texts, nodes: rows, found: rows.length, several: 0 };
  return [...readings, { candidate: row, attribute: null, own: true }].flatMap(
    ({ candidate, attribute, own }) =>
      dateCandidate(candidate, { selector: candidate.value, attribute, own }, language) ?? [],
  );
}

/** @returns null if too few rows have a date there */
function dateCandidate({ nodes, texts, several }: RowCandidate, way: DateWay, language: string) {
  const { selector, attribute, own } = way;
  const total = nodes.length;
  const raws = nodes.map((node) => (node === null ? null : rawOf(node, attribute, own)));
  const readings = raws.flatMap((raw) =>
    raw === null || (!holdsDate(raw) && attribute === null && raw.length > 60)
      ? []
      : readDate(raw, {
          formats: [...TRIED, ...formatsIn(raw)],
          locales: language === "und" ? [] : [language, "en"],
        }),
  );
  const readable = readings.filter((one) => "date" in one || one.impossible === true).length;
  const relative = readings.filter((one) => "relative" in one).length;
  if (readable * 2 < total && relative * 2 < total && !(readable > 1 && attribute !== null))
    return null;
  const found = raws.filter((raw) => raw !== null);
  const points = {
    "dates that can be read": (3 * readable + relative) / total,
    "an attribute for machines": attribute !== null ? 1 : 0,
    "its name": (HINT.test(selector) ? 1 : 0) + (selector === "time" ? 0.5 : 0),
    "words beside those of its children": own ? -0.4 : 0,
    "length of its words": -median(found.map(({ length }) => length)) / 80,
    "more than one in a row": -several / total,
    "a plain selector": -vagueness(selector) / 8,
  };
  const changed = nodes.filter((node) => node !== null && isOfChange(node)).length;
  const isChanged = CHANGED.test(selector) || changed * 2 > total;
  return {
    ...way,
    value: `${selector}${attribute !== null ? ` (${attribute})` : own ? " (own words)" : ""}`,
    matched: share(found.length, total),
    // What a person sees, not the attribute.
    texts: attribute === null ? raws : raws.map((raw, index) => texts[index] ?? raw),
    raws,
    readable,
    relative,
    points: times(points, "the day of a change", isChanged ? 0.5 : 1),
  };
}

function isOfChange({ attribs }: Element): boolean {
  const names = `${attribs.class ?? ""} ${attribs.itemprop ?? ""}`;
  return CHANGED.test(names) && !/publish|created|posted/i.test(names);
}

function rawOf(node: Element, attribute: string | null, own: boolean): string | null {
  if (attribute !== null) return node.attribs[attribute] ?? null;
  const words = textOf(own ? ownTexts([node]) : [node]);
  return words === "" ? null : words;
}

/** Formats in figures, whatever their order: enough to see that figures are a date. */
const TRIED = "d/M/yyyy d.M.yyyy d-M-yyyy yyyy/M/d yyyy.M.d d/M/yy d.M.yy"
  .split(" ")
  .flatMap((format) => [format, `${format} - H:mm`, `${format} H:mm`, `${format}, H:mm`]);

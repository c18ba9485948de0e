/** The site's own fields of an item: what was printed becomes a value of the field's kind. What cannot be one is an issue with its words, never null in silence. */
import { readDate } from "../dates/date.js";
import { fold } from "../dates/fold.js";
import { readRange } from "../dates/range.js";
import { readTime } from "../dates/time.js";
import type { FieldValue, Item, PageMedia, Part, Reading, SingleValue } from "../model.js";
import { type FieldRules, ownNames, type Site } from "../site/site.js";
import { isOfOne } from "../url/url.js";
import { dateOptions, type Notes } from "./date.js";
import { type ConvertedHtml, convertHtml } from "./html.js";
import { withoutControls } from "./plain.js";

/** What came of the fields of one item. */
export interface OwnFields {
  /** Null for a site without fields of its own. */
  readonly values: Readonly<Record<string, FieldValue>> | null;
  /** Files and images among them. */
  readonly media: readonly PageMedia[];
  /** Fields that were read as HTML, converted. */
  readonly html: readonly ConvertedHtml[];
}

/** A value; null for a word that means none; or why there is none, and what to do. */
type Read =
  | { readonly value: SingleValue | null }
  | { readonly problem: string; readonly hint: string };

export function convertFields(item: Item, site: Site, notes: Notes): OwnFields {
  const names = ownNames(site);
  const media: PageMedia[] = [];
  const html: ConvertedHtml[] = [];
  const values: Record<string, FieldValue> = {};
  for (const name of names) {
    const rules = site.fields[name] as FieldRules;
    const reading = item.readings[name];
    const { kind, of } = rules;
    values[name] = kind === "list" ? [] : null;
    if (reading === undefined) continue;
    if (of === "html") {
      const converted = convertHtml(item, reading, `data.fields.${name}`, notes);
      html.push(converted);
      values[name] = converted.markdown || null;
      continue;
    }
    const { parts = [] } = reading;
    // A range may have an element for each end; every other value has one.
    const groups = of === "range" && kind !== "list" ? [parts] : parts.map((part) => [part]);
    const read = groups.flatMap((group): SingleValue[] => {
      const one = typedValue(group, name, rules, item, site, notes);
      const raw = group.map((part) => part.raw).join(" ");
      if ("problem" in one) note(notes, name, reading, raw, one);
      if ("problem" in one || one.value === null) return [];
      if (of === "file" || of === "image") media.push(mediaIn(group[0] as Part, of));
      return [one.value];
    });
    values[name] = kind === "list" ? read : (read[0] ?? null);
  }
  return { values: names.length === 0 ? null : values, media, html };
}

function note(
  { issues }: Notes,
  name: string,
  { selector }: Reading,
  raw: string,
  { problem, hint }: { readonly problem: string; readonly hint: string },
): void {
  const path = `data.fields.${name}`;
  issues.push({
    path,
    message: problem.slice(0, 500),
    raw: raw.slice(0, 500),
    selector,
    hint: hint.replaceAll("fields.date", `fields.${name}`),
  });
}

/** A file or an image as the entry's media have it. */
function mediaIn({ target, printed, raw, alt, title }: Part, kind: "file" | "image"): PageMedia {
  const words = kind === "file" && printed !== raw ? withoutControls(printed) : null;
  return { url: target ?? raw, alt, title: words ?? title, kind };
}

function typedValue(
  parts: readonly Part[],
  name: string,
  rules: FieldRules,
  item: Item,
  site: Site,
  { warnings }: Notes,
): Read {
  const { raw, target } = parts[0] as Part;
  const text = withoutControls(raw).replace(/^ +| +$/g, "");
  const warn = (code: string, message: string) => void warnings.push({ code, message });
  const options = () => dateOptions(item, site, rules);
  switch (rules.of) {
    case "choice": {
      const chosen = chosenOf(text, rules);
      if (chosen !== undefined) return { value: chosen };
      const known = Object.keys(rules.values ?? {}).join(", ");
      return {
        problem: `expected one of ${known}, found "${raw}"`,
        hint: `Add "${raw}" to fields.${name}.values of the site file, or set fields.${name}.unknownValues to "keep".`,
      };
    }
    case "boolean":
      return booleanOf(text, name, rules);
    case "number":
      return numberOf(text, name, rules);
    case "date": {
      const read = readDate(raw, options());
      if ("problem" in read) return read;
      if (read.range)
        warn("date-range", `fields.${name}: "${raw}" is a range; its first day was taken`);
      if (read.several)
        warn(
          "several-dates",
          `fields.${name}: "${raw}" holds ${read.several.join(", ")}; the first was taken`,
        );
      return { value: read.date };
    }
    case "datetime": {
      const read = readTime(raw, options(), site.zone);
      if ("problem" in read) return read;
      if (read.isCut)
        warn(
          "time-without-zone",
          `fields.${name}: "${raw}" has a time of day and no time zone; its calendar date was taken (\`zone\` of the site file names one)`,
        );
      return { value: read.value };
    }
    case "range": {
      const read = readRange(
        parts.map((part) => part.raw),
        options(),
      );
      return "problem" in read ? read : { value: read };
    }
    case "url":
    case "reference":
      return target !== null && isHttp(target) ? { value: target } : noUrl(raw, name);
    case "file":
    case "image": {
      if (target === null || !isHttp(target)) return noUrl(raw, name);
      const allowed = [...site.origins, ...site.media.origins];
      if (!isOfOne(target, allowed))
        warn(
          "file-outside",
          `fields.${name}: ${target} is on another origin, and is not fetched (\`media.origins\` of the site file allows it)`,
        );
      return { value: target };
    }
    default:
      return { value: text };
  }
}

function isHttp(url: string): boolean {
  return /^https?:/i.test(url);
}

function noUrl(raw: string, name: string): Read {
  return {
    problem: `"${raw}" is not the URL of a page or a file`,
    hint: `Make the selector of fields.${name} match a link or an image, or name the attribute that holds the URL.`,
  };
}

/** What the site's word becomes; null for none, undefined where it is not known. */
export function chosenOf(
  text: string,
  { values, unknownValues }: Pick<FieldRules, "values" | "unknownValues">,
): string | null | undefined {
  const known = Object.entries(values ?? {}).find(([printed]) => sameWords(printed, text));
  if (known !== undefined) return typeof known[1] === "string" ? known[1] : null;
  if (unknownValues === "null") return null;
  if (unknownValues === "error") return undefined;
  return text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[\s\u00a0]+/g, "-");
}

/** True for texts that differ in white space and Unicode form alone. */
export function sameWords(a: string, b: string | null): boolean {
  const folded = (text: string) =>
    text
      .normalize("NFC")
      .replace(/[\s\u00a0]+/g, " ")
      .trim();
  return b !== null && folded(a) === folded(b);
}

const YES = /^(?:true|yes|y|on|1)$/i;
const NO = /^(?:false|no|n|off|0)$/i;

function booleanOf(text: string, name: string, { values }: FieldRules): Read {
  const known = Object.entries(values ?? {}).find(([printed]) => sameWords(printed, text));
  if (known !== undefined) return { value: known[1] };
  if (values === null && (YES.test(text) || NO.test(text))) return { value: YES.test(text) };
  const hint = `Add it to fields.${name}.values of the site file: { ${JSON.stringify(text)}: true }.`;
  return { problem: `"${text}" is neither yes nor no`, hint };
}

/** Figures with signs between them; `1,234` may be two numbers, and is refused where nothing shows which. */
const FIGURES = /^[-+]?\d+(?:[.,']\d+)*$/;
/** Figures alone, or groups of three after one to three, parted by the same sign: `1234,567` and `2021 100` are not numbers. */
const WHOLE = /^[-+]?(?:\d+|[1-9]\d{0,2}([.,'])\d{3}(?:\1\d{3})*)$/;

function numberOf(text: string, name: string, { decimal }: FieldRules): Read {
  const refused = (why: string, hint: string): Read => ({
    problem: `"${text}" is not a number${why}`,
    hint,
  });
  const plain = fold(text)
    .replaceAll("٫", decimal ?? ".")
    .replace(/(?<=\d)[ ’٬](?=\d)/g, "'")
    .replace(/^− ?/, "-");
  const digits = /^\.\d+$/.test(plain) ? `0${plain}` : plain;
  if (!FIGURES.test(digits))
    return refused("", `Make the selector of fields.${name} match the figures alone.`);
  const signs = [...digits.matchAll(/[.,]/g)].map(([sign]) => sign);
  const point = decimal ?? pointOf(digits, signs);
  if (point === null)
    return refused(
      `: it is ${digits.replace(/[.,]/g, "")} or ${digits.replace(",", ".")}`,
      `Set fields.${name}.decimal to "." or "," in the site file.`,
    );
  const [whole = "", part, ...more] = digits.split(point);
  if (more.length > 0 || !/^\d*$/.test(part ?? "") || !WHOLE.test(whole))
    return refused("", `Make the selector of fields.${name} match one number.`);
  const value = Number(whole.replace(/[.,']/g, "") + (part === undefined ? "" : `.${part}`));
  if (Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value))
    return { value };
  return refused(
    ": it has more digits than a number keeps",
    `Set fields.${name}.kind to "text" in the site file.`,
  );
}

/** The sign before the decimals, as far as the figures show it; null where they do not. */
function pointOf(digits: string, signs: readonly string[]): "." | "," | null {
  const [first, ...rest] = signs;
  if (first === undefined) return ".";
  const last = signs.at(-1);
  if (rest.length > 0) {
    // Several of one sign are between groups; of two signs the last is before the decimals.
    const other = first === "." ? "," : ".";
    return rest.every((sign) => sign === first) ? other : (last as "." | ",");
  }
  const isThree = /^[-+]?[1-9]\d{0,2}[.,]\d{3}$/.test(digits);
  return isThree ? null : (first as "." | ",");
}

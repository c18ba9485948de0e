/** What may be around a date without making it another: a label, a time of day, the end of a range. All over folded text. */

/** A time of day, and what is after it: "h", "Uhr", "uur", "CEST", "ص", "+0100" as in feeds. */
const CLOCK =
  "\\d{1,2}(?:[:.h]\\d{2}(?::\\d{2})?(?: ?[ap]\\.? ?m\\.?)?| ?[ap]\\.? ?m\\.?)(?: ?(?:\\p{L}{1,4}\\.?|[+-]\\d{2}:?\\d{2}))?";
/** "at" in any language: "alle ore", "o godz.", "kl.". */
const AT = "(?:(?:[\\p{L}\\p{M}.]{1,12} ){1,2})?";
const UNTIL = "(?:-|~|to|until|till|and|au|et|al|a|y|ate|e|bis|по|до|и|الي|至|到)";

const TIME = new RegExp(`^(?: ?[-,|@·] ?| )${AT}${CLOCK}(?: ?${UNTIL} ?${CLOCK})?$`, "u");
const RANGE = new RegExp(`^ ?${UNTIL} ?(?=\\p{N}|\\p{L})`, "u");
const DAYS = new RegExp(
  `(?<!\\p{N})(\\d{1,2})(?:st|nd|rd|th|er)? ?${UNTIL} ?\\d{1,2}(?:st|nd|rd|th)?(?=\\.?[ ,]|月|日|-?\\p{L})`,
  "u",
);

/** How long a text takes to read: "34 min read", "5 minutes de lecture", "Lesezeit: 5 Min.", "阅读时间 5 分钟". */
const MINUTES =
  "(?:min\\p{L}{0,6}\\.?|мин\\p{L}*\\.?|хв\\p{L}*\\.?|λεπτ\\p{L}*|dk\\.?|dakika\\p{L}*|perc\\p{L}*|phut|phút|分(?:钟|鐘)?|분|دقا[يئ]?ق\\p{L}*|دقيقه|دقیقه|דק\\p{L}*|นาที|मिनट)";
const READING_WORDS =
  "(?:read(?:ing)?|lesezeit|lecture|lectura|leitura|lettura|leestijd|чтения|czytania|cteni|okuma)";
const WORDS = "(?:[\\p{L}.]{1,14} ?){0,3}";
const READING = `${WORDS}:? ?[~≈]?\\d{1,3}(?: ?- ?\\d{1,3})? ?-?${MINUTES}(?![\\p{L}\\p{N}])`;
const PARTED = "(?: - |[·•|,;/()])";
const READING_FIRST = new RegExp(
  `^\\(?${READING} ?(?:${WORDS}${PARTED}|(?:\\p{L}{1,4} )?${READING_WORDS}(?: time)?(?= ))`,
  "u",
);
/** After a date there is nothing else that counts minutes. */
const READING_LAST = new RegExp(`(?:${PARTED}| )${READING} ?${WORDS}\\)?$`, "u");

/** A text without how long it takes to read, which some sites print before or after the date; null when it says nothing of that. */
export function withoutReading(text: string): string | null {
  const rest = text.replace(READING_FIRST, "").replace(READING_LAST, "");
  return rest === text ? null : rest;
}

/** True when what follows a date is a time of day, or the hours of one. */
export function isTime(rest: string): boolean {
  return TIME.test(rest);
}

/** The end of a range that follows its first day; null when what follows is not one. */
export function endOfRange(rest: string): string | null {
  const found = RANGE.exec(rest);
  return found === null ? null : rest.slice(found[0].length);
}

/** `3-5 December 2021` and `December 3 to 5, 2021` with the first day alone; null for anything else. */
export function firstOfDays(text: string): string | null {
  if (!DAYS.test(text)) return null;
  return text.replace(DAYS, "$1").replace(/^(?:from|du|del|de|с|vom|من) (?=\p{N})/u, "");
}

const DAY_ABOVE = /^\d{1,2} \d{4}(?:[/.-]|年)\d{1,2}月?$/;

/**
 * The ends of a text that may be its date, the longest first: `24. juli 2017` of `gespeichert von ann
 * am 24. juli 2017`. Words before it are a label as long as they hold no number of their own.
 */
export function* afterLabel(text: string): Generator<string> {
  // The figure of a name is not that of a date: "by user1, 5 May 2021".
  const figure = text.search(/(?<![\p{L}\p{N}])\p{N}/u);
  // A day above its month is alone: after words the figure is that of an issue, "No. 12 2021年5月".
  if (DAY_ABOVE.test(text.slice(figure))) return;
  for (let space = text.indexOf(" "); space !== -1 && space < figure; ) {
    yield text.slice(space + 1);
    space = text.indexOf(" ", space + 1);
  }
}

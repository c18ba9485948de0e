/** One form for what differs between two printings of one date. */

/** Zero of each script's digits; the other nine follow it. */
const ZEROS = [..."٠۰߀०০੦૦୦௦౦೦൦෦๐໐༠၀႐០᠐０"].map((zero) => zero.charCodeAt(0));

/**
 * Folds case, accents, kinds of space, dash, comma, apostrophe and digit, Arabic letters that are typed for one
 * another; drops marks that are not seen, such as those for the direction of writing. Vowel signs of Thai, Hindi and
 * other scripts stay: without them months are taken for one another.
 */
export function fold(text: string): string {
  return (
    text
      .replace(/[\s\x85]+/g, " ")
      .replace(/\p{Cf}/gu, "")
      .toLowerCase()
      .normalize("NFD")
      // Accents, vowels of Hebrew and Arabic, dots of Indian letters.
      .replace(
        /[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u093c\u09bc\u0a3c\u0abc\u0b3c]/g,
        "",
      )
      .replace(/[ـ'’‘ʻʼ`´׳״]/g, "")
      .replace(/[^\P{Nd}\d]/gu, figureOf)
      .replace(/[–—‐‑−]/g, "-")
      .replace(/[،，]/g, ",")
      .replace(/：/g, ":")
      .replace(/（/g, "(")
      .replace(/）/g, ")")
      .replace(ERA, yearOfEra)
      .replace(/[ىی]/g, "ي")
      .replace(/ة/g, "ه")
      .replace(/ک/g, "ك")
      .replace(/ı/g, "i")
      .replace(/ς/g, "σ")
      .replace(/ +/g, " ")
      .trim()
  );
}

/** Years of Japan by reign, and of Taiwan by its republic: the year before the first. */
const ERAS: Readonly<Record<string, number>> = {
  ...{ 令和: 2018, 平成: 1988, 昭和: 1925, 大正: 1911, 明治: 1867 },
  ...{ 民國: 1911, 民国: 1911 },
};
const ERA = /(令和|平成|昭和|大正|明治|民國|民国) ?(元|\d{1,3}) ?年/g;

/** `令和元年` is 2019. */
function yearOfEra(_: string, era: string, year: string): string {
  return `${(ERAS[era] ?? 0) + (year === "元" ? 1 : Number(year))}年`;
}

function figureOf(digit: string): string {
  const code = digit.charCodeAt(0);
  const zero = ZEROS.find((one) => code >= one && code < one + 10);
  return zero === undefined ? digit : String(code - zero);
}

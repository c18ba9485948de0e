/**
 * In what coding the words of a page seem to be that names none. Nothing is read by it: the warning names it, and `init`
 * proposes it. Pure.
 */

const RUSSIAN = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщі";
/** Labels, and the letters beyond ASCII that are the commonest in what is written in them: whole words, or some letters of words. */
const LETTERS = {
  words: {
    "windows-1251": RUSSIAN,
    "koi8-r": RUSSIAN,
    "windows-1253": "αοιετσνηυρπκμλςάόίέήώύγδθχφωβ",
    "windows-1255": "יוהלאמרתבשנדעחקכפגטםןסץךצז",
    "windows-1256": "اليمنرتوبةهعدسفكقأحجشصطىئضذخزثغءظؤآپچگی",
    "windows-874": "านรอกเงมยลวดทสตะปบคหแจพชขใไโถซธศผฉฐฝณญิีึืุูั่้็์ๆำ",
  },
  parts: {
    "windows-1252": "éèàçùâêîôûëïöäüßñáíóúãõåæøœ’–“”«»",
    "windows-1250": "ěščřžýáíéúůňťďóąćęłńśźżőűöüäăâîşţôĺľŕ",
    "windows-1254": "ığşçöüİâîû",
  },
};
/** Codings of several bytes, characters of which their text has a good part, and how much at least. */
const WIDE: Readonly<Record<string, readonly [RegExp, number]>> = {
  shift_jis: [/[ぁ-んァ-ヶー、。]/gu, 0.25],
  "euc-jp": [/[ぁ-んァ-ヶー、。]/gu, 0.25],
  gb18030: [/[的一是在不了有和人中大为上国我年日新月学会时到生出个们来说要对公司网页，。]/gu, 0.12],
  big5: [/[的一是在不了有和人中大為上國我年日新月學會時到生出個們來說要對公司網頁，。]/gu, 0.12],
  "euc-kr": [/[가-힣]/gu, 0.8],
};
const LEAST = 0.75;
/** So many letters in a row on the average are words. */
const WORD = 2.5;
/** So much of a page says enough. */
const MOST_BYTES = 200_000;
/** What has no end goes to the end of the page, and so no part is looked through twice. No coding has `<` within a character. */
const UNSEEN = /<(script|style)\b.*?(?:<\/\1>|$)/gis;
const BEYOND = /[^\p{ASCII}\s]/gu;

/** @returns a label, or null where the bytes are as those of windows-1252, or of no coding that is known here */
export function likelyCoding(page: Uint8Array): string | null {
  const shown = Buffer.from(page.subarray(0, MOST_BYTES)).toString("latin1").replace(UNSEEN, "");
  const bytes = Buffer.from(shown, "latin1");
  const wide = Object.entries(WIDE).map(([label, [common, least]]) => {
    const text = decoded(bytes, label) ?? "";
    const share = (text.match(common)?.length ?? 0) / Math.max(1, text.match(BEYOND)?.length ?? 0);
    return { label, sum: share / least };
  });
  const found = bestOf(wide, 1);
  if (found !== null) return found;
  const runs = shown.match(/[\x80-\xff]+/g) ?? [];
  const isWords = runs.join("").length > WORD * runs.length;
  const narrow = Object.entries(LETTERS[isWords ? "words" : "parts"]).map(([label, letters]) => {
    const beyond = decoded(bytes, label)?.match(BEYOND) ?? [];
    const known = new Set([...letters, ...letters.toUpperCase()]);
    const share = (of: (letter: string) => boolean) =>
      beyond.filter(of).length / Math.max(1, beyond.length);
    // Capitals are few: those of one coding are small letters of another.
    const small = share((letter) => letters.includes(letter));
    return { label, sum: share((letter) => known.has(letter)) < LEAST ? 0 : 1 + small };
  });
  const label = bestOf(narrow, 1);
  return label === "windows-1252" ? null : label;
}

function bestOf(all: readonly { label: string; sum: number }[], least: number): string | null {
  const [best] = [...all].sort((one, other) => other.sum - one.sum);
  return best === undefined || best.sum < least ? null : best.label;
}

/** Null where the bytes are not of the coding. */
function decoded(bytes: Uint8Array, label: string): string | null {
  try {
    // A page that is cut within a character is one all the same.
    return new TextDecoder(label, { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

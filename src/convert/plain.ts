/** Words that a site printed wrong: control characters, and characters that were read in a wrong coding before they came here. */
import type { Item, Reading, Warning } from "../model.js";

const CONTROL = /\p{Cc}+/gu;

/** Words without control characters, which no file holds on one line. */
export function withoutControls(text: string): string {
  return text.replace(CONTROL, (signs) => (/[\t\n\f\r\x85]/.test(signs) ? " " : ""));
}

/** What windows-1252 has for the bytes 0x80 to 0xBF: the second byte of every character of UTF-8 is one of them. */
const TRAIL = "[\\u0080-\\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]";
/**
 * Characters of UTF-8 that were read as windows-1252 (`Ã©`, `Â `, `â€™`), Cyrillic ones as windows-1251
 * (`РџСЂ`) and windows-1251 as windows-1252 (`Âåñòè`). A quotation mark, a dash or dots may follow a letter
 * (`MANHÃ…`), and `é »` is French: so single pairs count where no language has them, others in a run.
 */
const MOJIBAKE = new RegExp(
  [
    "Ã[\\u0080-\\u009f\\u00a1-\\u00ba\\u00bc-\\u00bf€‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ]",
    "Ã\\u00a0(?=[a-z])",
    "Â[\\u00a0-\\u00bf]",
    "â€|â„¢|ï»¿",
    `(?:[\\u00c2-\\u00df]${TRAIL}){2,}`,
    `(?:[\\u00e2-\\u00ef]${TRAIL}{2}){2,}`,
    "(?:[РС][\\u0080-\\u00bfЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—™љ›њќћџЎўЈҐЁЄЇІіґё№єјЅѕї]){3,}",
    "[À-ÖØ-öø-ÿ]{5,}",
  ].join("|"),
  "gu",
);

/** What is worth a look in the words of an item, each with its count. */
export function wordWarnings({ readings, warnings: said }: Item): Warning[] {
  const { title, type, summary, body } = readings;
  const texts = [title, type, summary, body].flatMap((reading) => reading?.raw ?? []);
  const warnings: Warning[] = [];
  const lines = Object.entries({ title, type }).filter(([, one]) => hasControl(one));
  for (const [name] of lines)
    warnings.push({
      code: "control-characters",
      message: `the ${name} holds control characters, which were removed`,
    });
  const garbled = texts.flatMap((text) => text.match(MOJIBAKE) ?? []);
  if (garbled.length > 0)
    warnings.push({
      code: "mojibake",
      message: `${garbled.length} places such as "${garbled[0]?.slice(0, 20)}" look like words read in a wrong coding: look at the page, and set \`encoding\` in the site file if the site shows them right`,
    });
  const lost = texts.reduce((sum, text) => sum + text.split("\ufffd").length - 1, 0);
  // Where the page could not be decoded, that is said already.
  if (lost > 0 && !said.some(({ code }) => code === "undecodable"))
    warnings.push({
      code: "replacement-characters",
      message: `the text holds ${lost} times U+FFFD, which stands for a character that was lost`,
    });
  return warnings;
}

function hasControl(reading: Reading | undefined): boolean {
  return reading !== undefined && /\p{Cc}/u.test(reading.raw);
}

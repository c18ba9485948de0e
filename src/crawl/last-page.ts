/** Whether a counted page without rows is the end of a list, or an error that comes with status 200. Pure. */
import type { Frame } from "../model.js";

/** What error pages say, in the languages that public sites print most; also what PHP, Java and SQL print of themselves. */
const ERROR =
  /\b(?:(?:fatal |parse )?error|exception|sqlstate|traceback|unavailable|try again|went wrong|forbidden|access denied|timed? ?out|too many requests|captcha|maintenance)\b|\b(?:erreur|fehler|errore|erro|hata|fout|chyba|hiba)\b|błąd|ошибк|помилк|грешка|错误|錯誤|维护|エラー|오류|خطأ|خطا/i;

/**
 * @param last the page without rows
 * @param before the page with rows before it; null where there is none
 * @returns why it may not be the end of the list; null when nothing says so
 */
export function doubtOfEnd(last: Frame | undefined, before: Frame | null): string | null {
  // What the page before said too, such as a menu, is not about this one; saying nothing is the plainest end.
  const known = new Set(before?.lines);
  const said = (last?.lines ?? []).filter((line) => !known.has(line)).join(" ");
  if (last === undefined || said === "") return null;
  const words = `"${said.slice(0, 80)}${said.length > 80 ? "…" : ""}"`;
  const how = "if the list ends so, `empty` in `listing` says it";
  if (ERROR.test(said.slice(0, 400))) return `it reads like an error, ${words}; ${how}`;
  // A part of a page is what a script puts in, whatever it holds.
  if (before === null || !before.isWhole || !last.isWhole || before.names.length === 0) return null;
  const names = new Set(last.names);
  if (before.names.some((name) => names.has(name))) return null;
  return `it has nothing of what is around the rows of the page before, ${words}; ${how}`;
}

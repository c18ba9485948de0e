/** Soft 404: whether a page with status 200 is the page that was requested. */
import type { Article, Failure, Row } from "../model.js";
import type { Site } from "../site/site.js";
import { urlKey } from "../url/url.js";
import { fold } from "./nodes.js";

/**
 * Words of titles that servers, caches and content management systems give to pages about
 * themselves, in the languages of the field offices. An article may have them in its title too, so
 * they count only where the page is not titled as its row is.
 */
const NOT_FOUND =
  /\b404\b|not found|no longer available|does not exist|introuvable|non trouvée|n['’]existe pas|no encontrad[ao]|não encontrad[ao]|не найден|topilmadi|غير موجود|找不到|未找到|不存在/i;
const ERROR =
  /\b(error|erreur|erro|50[0-9]|bad gateway|gateway time-?out|unavailable|indisponible|no disponible|indisponível|maintenance|mantenimiento|manutenção|access denied|forbidden|accès refusé|acceso denegado|acesso negado|too many requests|just a moment|attention required|are you a robot|captcha|log ?in|sign in|oops)\b|ошибк|недоступ|обслуживани|xato|خطأ|صيانة|غير متاح|错误|維護|维护|不可用|拒绝访问/i;

/**
 * Why a page is not that of the article that its row names: an error page, a page that says that
 * there is nothing, a log-in or front page in its place.
 *
 * @returns null when it may be
 */
export function soft404(
  article: Article,
  row: Pick<Row, "url" | "readings">,
  site: Site,
): Pick<Failure, "reason" | "code"> | null {
  const asked = row.url;
  const answered = urlKey(article.url);
  const isFront = new URL(article.url).pathname === "/" || answered === urlKey(site.start);
  if (asked !== null && isFront && urlKey(asked) !== answered)
    return { reason: `it leads to ${article.url}, which is not an article` };
  // A page that a cache, a database or a firewall makes has a title and nothing that a site file could find.
  const isBare = article.readings.title === undefined && article.readings.body === undefined;
  const title = isBare ? article.headTitle : article.readings.title?.raw;
  if (title === undefined || isTitled(title, row)) return null;
  const shown = `"${title.slice(0, 80)}"`;
  if (NOT_FOUND.test(title))
    return { reason: `the page says that there is nothing here: ${shown}`, code: "gone" };
  if (ERROR.test(title)) return { reason: `the page is an error page: ${shown}` };
  const listed = row.readings.title?.raw;
  if (isBare || listed === undefined || site.fields.body.article.length === 0) return null;
  if (article.readings.body !== undefined) return null;
  const titled = `its title is ${shown}, not "${listed.slice(0, 80)}"`;
  return { reason: `the page is another one: it has no body, and ${titled}`, code: "unusable" };
}

/** True when one title begins or holds the other: listings cut them short, pages add to them. */
function isTitled(title: string, row: Pick<Row, "readings">): boolean {
  const listed = row.readings.title?.raw;
  if (listed === undefined) return false;
  const [a, b] = [title, listed].map(plain);
  return a !== undefined && b !== undefined && b !== "" && (a.includes(b) || b.includes(a));
}

function plain(text: string): string {
  return fold(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** True when a page holds the title of its row as it is written there: then it need not be read to be believed. */
export function holdsTitle(body: Uint8Array, row: Row): boolean {
  const listed = row.readings.title?.raw;
  if (listed === undefined) return false;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return bytes.includes(listed);
}

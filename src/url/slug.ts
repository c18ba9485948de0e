/** File names made from texts. Pure. */
const MAX_POINTS = 80;
/** 120 bytes leave room for a suffix and `.md` below the 143 bytes of an encrypted Linux home. */
const MAX_BYTES = 120;
/** How far back, in code points, a cut looks for the end of a word. */
const NEAR = 24;
/** Names that Windows keeps for devices: https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const RESERVED = /^(con|prn|aux|nul|(com|lpt)[0-9¹²³])$/;

/**
 * A file name without extension that every common file system takes: lower case, letters, marks
 * and numbers of any script, all else one `-`. At most 80 code points and 120 bytes in UTF-8. Two
 * Unicode forms of one text give one slug, and a slug is its own slug.
 *
 * @returns an empty string when the text has no letter and no number
 */
export function slugify(text: string): string {
  const visible = text.replace(
    /(?![\t-\r\x85])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu,
    "",
  );
  const lower = visible.normalize("NFC").toLowerCase().normalize("NFC");
  const words = lower
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")
    .replace(/(^|-)\p{M}+/gu, "$1")
    .replace(/-+/g, "-")
    .replace(/^-|-$/g, "");
  const slug = cut(words);
  return RESERVED.test(slug) ? `${slug}-page` : slug;
}

/** Cuts a slug to its greatest length: at the end of a word when one is near, never before a combining mark. */
function cut(slug: string): string {
  const points = [...slug];
  let end = 0;
  for (let bytes = 0; end < Math.min(points.length, MAX_POINTS); end++) {
    bytes += Buffer.byteLength(points[end] ?? "");
    if (bytes > MAX_BYTES) break;
  }
  if (end === points.length) return slug;
  const hyphen = points.lastIndexOf("-", end);
  if (hyphen > 0 && hyphen >= end - NEAR) end = hyphen;
  while (end > 0 && /^\p{M}/u.test(points[end] ?? "")) end--;
  return points.slice(0, end).join("");
}

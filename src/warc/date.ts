/** Times to the second, as WARC records have them, and the 14 digits by which captures are known. */

/** `YYYY-MM-DDThh:mm:ssZ`: to the second, since replay tools compare 14 digits. @param time milliseconds since 1970 */
export function isoTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** `YYYYMMDDhhmmss` of `YYYY-MM-DDThh:mm:ssZ`. */
export function digitsOf(date: string): string {
  return date.replace(/\D/g, "").slice(0, 14);
}

/** `YYYY-MM-DDThh:mm:ssZ` of 14 digits. */
export function isoOf(digits: string): string {
  return digits.replace(/^(....)(..)(..)(..)(..)(..)$/, "$1-$2-$3T$4:$5:$6Z");
}

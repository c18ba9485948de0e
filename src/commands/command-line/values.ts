/** Values of options: what each text means, or why it cannot be one. Loads no command. */
import { type KeepRule, parseKeep } from "../../archive/prune/keep.js";
import { isCalendarDate } from "../../dates/calendar.js";
import { InvalidArgumentError } from "./command.js";

export function whole(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    const range =
      most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw expected(`a whole number ${range}`, text);
  };
}

export function days(text: string): number {
  const number = /^(\d{1,5})d?$/.exec(text)?.[1];
  if (number !== undefined) return Number(number);
  throw expected("a number of days such as 90d", text);
}

/** @returns milliseconds */
export function duration(text: string): number {
  const [, number, unit = "s"] = /^(\d{1,6})(s|m|h)?$/.exec(text) ?? [];
  const seconds = { s: 1, m: 60, h: 3600 }[unit];
  if (number !== undefined && seconds !== undefined) return Number(number) * seconds * 1000;
  throw expected("a duration such as 90s, 10m or 2h", text);
}

export function calendarDate(text: string): string {
  if (isCalendarDate(text)) return text;
  throw expected("a calendar date such as 2021-12-23", text);
}

/** A time of UTC, or the beginning of one: a year, a month, a day, an hour. */
export function time(text: string): string {
  if (/^\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d)?)?Z?)?)?)?$|^\d{8}T\d{6}Z$/.test(text)) {
    const digits = text.replace(/\D/g, "");
    const [year, month, day, hour, minute, second] =
      /(.{4})(..)(..)(..)(..)(..)/.exec(digits + "00000101000000".slice(digits.length))?.slice(1) ??
      [];
    const isClock = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
    if (isClock && isCalendarDate(`${year}-${month}-${day}`)) return text;
  }
  throw expected("a time such as 2026-11 or 2026-11-25T02:05:51Z", text);
}

export function languages(text: string): readonly string[] | "all" {
  if (text === "all") return "all";
  const tags = text.split(",").map((tag) => tag.trim());
  if (tags.every((tag) => /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(tag))) return tags;
  throw expected("language tags such as en,fr,ar, or all", text);
}

export function names(text: string): readonly string[] {
  const all = text.split(",").map((name) => name.trim());
  if (all.every((name) => /^[a-z0-9._*-]+$/.test(name))) return all;
  throw expected("names of sites such as unesco-beijing,unesco-j*", text);
}

export function prefer(text: string): string {
  const date = /^nearest:(.*)$/.exec(text)?.[1];
  const isKnown = text === "last-good" || text === "first-good";
  if (isKnown || (date !== undefined && isCalendarDate(date))) return text;
  throw expected("last-good, first-good or nearest:YYYY-MM-DD", text);
}

export function threshold(text: string): { count: number } | { percent: number } {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent !== undefined && Number(percent) <= 100) return { percent: Number(percent) };
  if (/^\d+$/.test(text)) return { count: Number(text) };
  throw expected("a number or a percentage such as 2%", text);
}

/** @returns the rules, and their words */
export function keep(text: string): { readonly text: string; readonly rules: readonly KeepRule[] } {
  const rules = parseKeep(text);
  if (rules !== null) return { text, rules };
  throw expected(
    "periods such as monthly:12,yearly (last:N, hourly, daily, weekly, monthly, yearly, each once)",
    text,
  );
}

function expected(what: string, text: string) {
  return new InvalidArgumentError(`Expected ${what}, found "${text}".`);
}

/** The Gregorian calendar in whole numbers: `Date` knows time zones, and rolls the 31st of February over. */

export interface Day {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

/** Which part of a date cannot be, in words; null when the day exists. */
export function impossible({ year, month, day }: Day): string | null {
  if (year < 1) return "there is no year 0";
  if (month < 1 || month > 12) return `there is no month ${month}`;
  const days = daysIn(year, month);
  if (day < 1 || day > days) return `month ${month} of ${year} has ${days} days and no day ${day}`;
  return null;
}

/** True for `YYYY-MM-DD` of a day that exists. */
export function isCalendarDate(text: string): boolean {
  const [, year = 0, month = 0, day = 0] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? [];
  return impossible({ year, month, day }) === null;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Weekday from Monday, 1, to Sunday, 7, after Zeller's congruence. */
export function weekdayOf({ year, month, day }: Day): number {
  // January and February count as months 13 and 14 of the year before.
  const [y, m] = month < 3 ? [year - 1, month + 12] : [year, month];
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return ((day + Math.floor((13 * (m + 1)) / 5) + y + leaps + 5) % 7) + 1;
}

/** How many days are between two calendar dates, whichever is first. @param one `YYYY-MM-DD`, as is the other */
export function daysBetween(one: string, other: string): number {
  return Math.abs(dayNumber(one) - dayNumber(other));
}

/** Days from the first day of the calendar to a date `YYYY-MM-DD`. */
export function dayNumber(date: string): number {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  // Years begin in March, so that a leap day is their last.
  const [y, m] = month < 3 ? [year - 1, month + 9] : [year, month - 3];
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return 365 * y + leaps + Math.floor((153 * m + 2) / 5) + day;
}

/** The date `YYYY-MM-DD` of a number of `dayNumber`. */
export function dateOfDay(number: number): string {
  // 400 years have 146,097 days; a year begins in March here.
  let year = Math.floor((number * 400) / 146_097);
  while (firstOfYear(year + 1) <= number) year++;
  while (firstOfYear(year) > number) year--;
  const rest = number - firstOfYear(year);
  const m = Math.floor((5 * rest + 2) / 153);
  const day = rest - Math.floor((153 * m + 2) / 5) + 1;
  const [y, month] = m < 10 ? [year, m + 3] : [year + 1, m - 9];
  return dateText({ year: y, month, day });
}

/** `YYYY-MM-DD`. */
export function dateText({ year, month, day }: Day): string {
  return [String(year).padStart(4, "0"), two(month), two(day)].join("-");
}

function firstOfYear(year: number): number {
  return dayNumber(dateText({ year, month: 3, day: 1 }));
}

export function two(number: number): string {
  return String(number).padStart(2, "0");
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDate } from "../../src/dates/date.js";
import { languagesNaming } from "../../src/dates/format.js";
import { DATE_FORMATS, NUMERIC_FORMATS } from "../../src/dates/formats.js";
import { languages, namesOf } from "../../src/dates/names.js";
import { dateAtStart } from "../../src/dates/unformatted.js";
import { runs } from "../deep.js";

const EVERY = ["ar", "de", "en", "es", "fr", "pt", "ru", "uz", "zh"];

function read(raw: string, formats: readonly string[] = [], locales: readonly string[] = EVERY) {
  return readDate(raw, { formats, locales });
}

test.each([
  ["3 may 2021", ["en"]],
  // Hebrew writes "in" and the name as one word; a name within a word is none.
  ["3 במאי 2021", ["he"]],
  ["demarcated in 2021", []],
  ["2021 年 3 月 5 日", ["zh"]],
  ["5.3.2021", []],
])("of %j the languages that may name a month are %j", (text, found) => {
  expect(languagesNaming(text, ["en", "he", "zh"])).toEqual(found);
});

describe("readDate reads", () => {
  test.each([
    ["34 min read - Sep 28, 2014", "2014-09-28"],
    ["March 3, 2020 · 5 min read", "2020-03-03"],
    ["March 3, 2020 · 5 min", "2020-03-03"],
    ["12 minute read | 3 March 2020", "2020-03-03"],
    ["5 min read March 3, 2020", "2020-03-03"],
    ["3 March 2020 (7-9 minutes)", "2020-03-03"],
    ["Posted 3 March 2020, reading time: 6 minutes", "2020-03-03"],
    ["3 mars 2020 • 5 minutes de lecture", "2020-03-03"],
    ["3. März 2020 – Lesezeit: 4 Min.", "2020-03-03"],
    ["Lesezeit ca. 4 Minuten · 3. März 2020", "2020-03-03"],
    ["Tiempo de lectura: 3 min | 3 de marzo de 2020", "2020-03-03"],
    ["3 марта 2020 · 5 минут чтения", "2020-03-03"],
    ["阅读 5 分钟 · 2020年3月3日", "2020-03-03"],
    ["2020-03-03 · 5 min read", "2020-03-03"],
    ["5 min read · 12/23/2021", "2021-12-23"],
  ])("readDate reads the date beside how long a text takes to read: %j", (raw, date) => {
    expect(read(raw, ["M/d/yyyy"])).toMatchObject({ date });
  });

  test.each([
    ["10 августа 2026 · Закупки и 44-ФЗ", "2026-08-10"],
    ["10 August 2026 • “Blue” waters", "2026-08-10"],
    ["10 August 2026 | G20 and the sea", "2026-08-10"],
    ["Published 10 August 2026 · Harbour", "2026-08-10"],
  ])("readDate reads the date before the kind of an article: %j", (raw, date) => {
    expect(read(raw)).toMatchObject({ date });
  });

  test.each([
    ["25 lipca 2019 r.", "pl", "2019-07-25"],
    ["25 липня 2019 р.", "uk", "2019-07-25"],
    ["25 Tháng Bảy, 2019", "vi", "2019-07-25"],
    ["3 Tháng Mười Một, 2019", "vi", "2019-11-03"],
    ["22 2026年05月", "zh", "2026-05-22"],
    ["2019年7月25日（木）", "ja", "2019-07-25"],
    ["令和元年7月25日", "ja", "2019-07-25"],
    ["平成３０年７月３日", "ja", "2018-07-03"],
    ["民國108年7月25日", "zh", "2019-07-25"],
    ["Jul 25, 2019 @ 4:33 pm", "en", "2019-07-25"],
    ["Vložil/a Petr1, 25 Červenec, 2019 - 10:52", "cs", "2019-07-25"],
  ])("readDate reads a date as %j, as pages of a language print it", (raw, language, date) => {
    expect(read(raw, [], [language])).toMatchObject({ date });
  });

  test.each([
    "34 min read",
    "5 min read - 28",
    "1 min ago",
    "3 March · 5 min read",
    "10 August · room 2026",
    "10 August 2026 · until 12",
  ])("readDate reads no date from %j", (raw) => {
    expect(read(raw)).toHaveProperty("problem");
  });

  test.each([
    ["2021-12-23", "2021-12-23"],
    [" 2021-12-23\n", "2021-12-23"],
    ["2018-08-17 09:30", "2018-08-17"],
    ["٢٠٢١-١٢-٢٣", "2021-12-23"],
    // In UTC each of these is on another day.
    ["2019-02-08T00:00:00+01:00", "2019-02-08"],
    ["2021-12-21T23:30:00-05:00", "2021-12-21"],
    ["2019-02-08T00:00:00Z", "2019-02-08"],
  ])("readDate reads an ISO date and never moves it to another zone: %j", (raw, date) => {
    expect(read(raw, ["d/M/yyyy"])).toEqual({ date, format: "yyyy-MM-dd" });
  });

  test.each([
    ["12/3/2021", "M/d/yyyy", "2021-12-03"],
    ["12/23/2021", "M/d/yyyy", "2021-12-23"],
    ["9/09/2021", "M/d/yyyy", "2021-09-09"],
    ["03/05/2022", "d/M/yyyy", "2022-05-03"],
    ["03/05/2022", "dd/MM/yyyy", "2022-05-03"],
    ["٠٣/٠٥/٢٠٢٢", "dd/MM/yyyy", "2022-05-03"],
    ["۰۳/۰۵/۲۰۲۲", "dd/MM/yyyy", "2022-05-03"],
    ["\u200f03/05/2022\u200e", "dd/MM/yyyy", "2022-05-03"],
    ["19.11.2021", "dd.MM.yyyy", "2021-11-19"],
    ["2001/09/07", "yyyy/MM/dd", "2001-09-07"],
    ["20211223", "yyyyMMdd", "2021-12-23"],
    ["12/23/2021 - 18:55", "MM/dd/yyyy - HH:mm", "2021-12-23"],
    ["Thu, 12/23/2021 - 18:55", "EEE, MM/dd/yyyy - HH:mm", "2021-12-23"],
    ["12/23/2021 6:55pm", "M/d/yyyy h:mma", "2021-12-23"],
    ["12/23/2021 6:55:01 p.m.", "M/d/yyyy h:mm:ss a", "2021-12-23"],
    ["23/12/21", "dd/MM/yy", "2021-12-23"],
    ["23/12/60", "dd/MM/yy", "2060-12-23"],
    ["23/12/61", "dd/MM/yy", "1961-12-23"],
    ["Posted on 12/23/2021", "'Posted on' M/d/yyyy", "2021-12-23"],
    ["29/2/2020", "d/M/yyyy", "2020-02-29"],
    ["29/2/2000", "d/M/yyyy", "2000-02-29"],
  ])("readDate reads %j by the site's format %s", (raw, format, date) => {
    expect(read(raw, [format])).toEqual({ date, format });
  });

  test.each([
    ["en", "December 22, 2022", "2022-12-22"],
    ["en", "december\u00a022,  2022", "2022-12-22"],
    ["en", "Apr 21 2020", "2020-04-21"],
    ["en", "Sept. 8, 2019", "2019-09-08"],
    ["en", "Jan-24-2019", "2019-01-24"],
    ["en", "24-Jan-2019", "2019-01-24"],
    ["en", "December 1st, 2021", "2021-12-01"],
    ["en", "Thursday, December 23, 2021 - 09:30", "2021-12-23"],
    ["fr", "8 février 2019", "2019-02-08"],
    ["fr", "8 fevrier 2019", "2019-02-08"],
    ["fr", "8 FÉVR. 2019", "2019-02-08"],
    ["fr", "1er août 2020", "2020-08-01"],
    ["fr", "jeudi 23 décembre 2021", "2021-12-23"],
    ["fr", "jeudi, décembre 23, 2021 - 10:00", "2021-12-23"],
    ["es", "23 de diciembre de 2021", "2021-12-23"],
    ["es", "jueves, 23 de diciembre de 2021", "2021-12-23"],
    ["es", "8 setiembre 2019", "2019-09-08"],
    ["pt", "quinta-feira, 23 de dezembro de 2021", "2021-12-23"],
    ["pt", "1º de março de 2021", "2021-03-01"],
    ["ru", "23 декабря 2021", "2021-12-23"],
    ["ru", "23 декабря 2021 г.", "2021-12-23"],
    ["ru", "23 ДЕКАБРЯ 2021 года, 10:00", "2021-12-23"],
    ["ru", "четверг, 8 июл. 2021", "2021-07-08"],
    ["ru", "9 май 2021", "2021-05-09"],
    ["ar", "الجمعة 8 فيفري 2019", "2019-02-08"],
    ["ar", "٨ فبراير ٢٠١٩", "2019-02-08"],
    ["ar", "الجمعة، 8 فبراير، 2019", "2019-02-08"],
    ["ar", "8 كانون الثاني 2019", "2019-01-08"],
    ["ar", "8 تشرين الأوّل 2019", "2019-10-08"],
    ["ar", "8 ابريل 2019", "2019-04-08"],
    ["ar", "8 أفريل 2019", "2019-04-08"],
    ["ar", "8 جوان 2019", "2019-06-08"],
    ["ar", "8 مایو 2019", "2019-05-08"],
    ["ar", "8 فيفرى 2019", "2019-02-08"],
    ["ar", "8 جويلية 2019", "2019-07-08"],
    ["ar", "8 أوت 2019", "2019-08-08"],
    ["ar", "8 غشت 2019", "2019-08-08"],
    ["ar", "8 شتنبر 2019", "2019-09-08"],
    ["zh", "2021年12月23日", "2021-12-23"],
    ["zh", "2021 年 1 月 3 日", "2021-01-03"],
    ["zh", "２０２１年１２月２３日", "2021-12-23"],
    ["zh", "2021年12月23日 星期四", "2021-12-23"],
    ["zh", "2021年12月23日(周四) 10:30", "2021-12-23"],
    ["uz", "23-dekabr, 2021", "2021-12-23"],
    ["uz", "2021-yil 23-dekabr", "2021-12-23"],
    ["uz", "23 декабр 2021", "2021-12-23"],
    ["uz", "Payshanba, 23 dekabr 2021", "2021-12-23"],
    ["de", "24. Juli 2017 - 18:55", "2017-07-24"],
    ["en", "December 22, 2022 - 9:30am", "2022-12-22"],
    ["en", "December 22, 2022 at 9:30 p.m.", "2022-12-22"],
    ["en", "22nd of December 2022", "2022-12-22"],
    ["en", "Posted on December 22, 2022", "2022-12-22"],
    ["en", "Submitted by Ann Tarn on Thu, 12/23/2021 - 10:30", "2021-12-23"],
    ["fr", "Publié le 1er août 2020 à 10h30", "2020-08-01"],
    ["es", "23/dic/2021", "2021-12-23"],
    ["es", "diciembre 23 de 2021", "2021-12-23"],
    ["pt", "23 de dezembro de 2021 às 10h30", "2021-12-23"],
    ["ru", "23 декабря 2021 в 10:30", "2021-12-23"],
    ["ar", "8 شباط/فبراير 2019", "2019-02-08"],
    ["ar", "8 كانون الأول / ديسمبر 2019", "2019-12-08"],
    ["zh", "十二月 23, 2021 - 10:30", "2021-12-23"],
    ["uz", "23 dekabr 2021 yil", "2021-12-23"],
    ["uz", "23-dekabr 2021-yil", "2021-12-23"],
    ["uz", "2021 йил 23 декабрь", "2021-12-23"],
    ["uz", "23 декабрь 2021 йил", "2021-12-23"],
    ["de", "Gespeichert von ann am 24. Juli 2017 - 18:55", "2017-07-24"],
    ["de", "3. März 2021", "2021-03-03"],
  ])("readDate reads a date without a format of the site, in %s: %j", (language, raw, date) => {
    expect(read(raw, ["M/d/yyyy"], [language])).toMatchObject({ date });
  });

  test.each(["No. 12 2021年5月", "期刊 12 2021年5月", "Issue 12 2021-5"])(
    "readDate takes no number of an issue for a day: %j",
    (raw) => {
      expect(read(raw, ["d yyyy-M"])).toHaveProperty("problem");
    },
  );

  test.each([
    ["3-5 December 2021", "2021-12-03"],
    ["3 – 5 декабря 2021 г.", "2021-12-03"],
    ["December 3-5, 2021", "2021-12-03"],
    ["December 3rd to 5th, 2021", "2021-12-03"],
    ["du 3 au 5 décembre 2021", "2021-12-03"],
    ["del 3 al 5 de diciembre de 2021", "2021-12-03"],
    ["3 December 2021 - 5 January 2022", "2021-12-03"],
    ["12/3/2021 to 12/5/2021", "2021-12-03"],
    ["2021年12月3日至5日", null],
    ["3 December - 5 January 2022", null],
    ["31-32 February 2021", null],
  ])("readDate reads a range as its first day: %j", (raw, date) => {
    const reading = read(raw, ["M/d/yyyy"]);
    if (date === null) expect(reading).toHaveProperty("problem");
    else expect(reading).toMatchObject({ date, range: true });
  });

  test.each([
    ["Thu, 12/23/2021", "2021-12-23"],
    ["Fri, 05/11/2021 - 10:30", "2021-11-05"],
    ["Fri, 05 Mar 2021 10:30:00 +0000", "2021-03-05"],
    ["Fri, 5 Mar 2021 23:30 -05:00", "2021-03-05"],
    ["Tue, 05/11/2021", "2021-05-11"],
    ["vendredi 5/11/2021", "2021-11-05"],
    ["чт, 23.12.2021", "2021-12-23"],
    ["Tuesday 04/03/2025", "2025-03-04"],
    ["Tuesday 04/03/25", "2025-03-04"],
    ["04/03/2025 (Tuesday)", "2025-03-04"],
    ["04/03/2025, Tue.", "2025-03-04"],
    // Both orders name that day; neither names a Sunday.
    ["Thu, 01/07/2021", null],
    ["Sun, 05/11/2021", null],
    ["13/13/2021", null],
    ["12/23/2021", null],
  ])("only a weekday proves the order of day and month in figures: %j", (raw, date) => {
    expect("date" in read(raw) ? read(raw) : null).toEqual(
      date === null ? null : expect.objectContaining({ date }),
    );
  });

  test("two month names in a date must name the same month", () => {
    expect(read("8 شباط/مارس 2019", [], ["ar"])).toHaveProperty("problem");
  });

  test("readDate tries all locales, each by its language", () => {
    expect(read("8 février 2019", [], ["zxx", "en-GB", "fr_CA"])).toMatchObject({
      date: "2019-02-08",
    });
  });

  test("readDate reads every language without locales", () => {
    for (const raw of ["8 février 2019", "8 февраля 2019", "8 فيفري 2019"])
      expect(read(raw, [], [])).toMatchObject({ date: "2019-02-08" });
  });

  test("readDate tries the site's formats before all others", () => {
    expect(read("8 février 2019", ["dd MMM yyyy", "d MMM yyyy"])).toMatchObject({
      format: "d MMM yyyy",
    });
  });
});

describe("readDate refuses", () => {
  test.each([
    ["31 February 2021", [], "month 2 of 2021 has 28 days and no day 31"],
    ["2021-02-30", [], "month 2 of 2021 has 28 days and no day 30"],
    ["2021-13-01", [], "no month 13"],
    ["2021-12-231", [], "fits none"],
    ["2021-12-23x", [], "fits none"],
    ["2021-00-01T00:00:00Z", [], "no month 0"],
    ["0000-01-01", [], "no year 0"],
    ["13/12/2021", ["M/d/yyyy"], "no month 13"],
    ["12/13/2021", ["d/M/yyyy"], "no month 13"],
    ["2/29/2021", ["M/d/yyyy"], "no day 29"],
    ["2/29/1900", ["M/d/yyyy"], "no day 29"],
    ["6/31/2021", ["M/d/yyyy"], "no day 31"],
    ["6/0/2021", ["M/d/yyyy"], "no day 0"],
    ["1/2/21", ["M/d/yyyy"], "the year 21 has 2 figures"],
    ["8 February 19", [], "the year 19 has 2 figures"],
    ["1/2/20211", ["M/d/yyyy"], "the year 20211 has 5 figures"],
    ["12/3/2021 - 10:00", ["M/d/yyyy"], 'begins as M/d/yyyy, and "- 10:00" is left over'],
    ["12/3/2021 - 25:00", ["M/d/yyyy - HH:mm"], "fits none"],
    ["12/3/2021 - 25:00", ["M/d/yyyy - H:mm"], "fits none"],
    ["03/05/2022", [], "fits none of the formats: the site names none"],
    ["03.05.2022", ["d/M/yyyy"], "fits none of the formats: d/M/yyyy"],
    ["News", ["d/M/yyyy"], "fits none"],
    ["-", [], "fits none"],
    ["", [], "no text"],
    ["\u00a0", [], "no text"],
    [`On 12 December 2021 ${"we met ".repeat(20)}two days ago`, [], "too long"],
    ["Thursday 24 December 2021", [], "says Thursday, but 2021-12-24 is a Friday"],
    ["vendredi 9 février 2019", [], "says Friday, but 2019-02-09 is a Saturday"],
    ["1/2/2021", ["d de MMMM"], 'the format "d de MMMM" cannot be used: it names the day twice'],
    ["1/2/2021", ["yyyy/M"], "it names no day"],
    ["1/2/2021", ["n/j/Y"], '"n" is not a token'],
    ["1/2/2021", ["M/d/y/yy"], "it names the year twice"],
    ["1/2/2021", ["constructor"], "is not a token"],
  ])("readDate refuses %j with formats %j and names the wrong part", (raw, formats, words) => {
    const reading = read(raw, formats);
    expect({ ...reading, impossible: undefined }).toEqual({
      problem: expect.stringContaining(words),
      hint: expect.stringMatching(/\.$/),
    });
  });

  test("readDate marks a day that no calendar has, and no other problem, as impossible", () => {
    expect(read("31 February 2021", [])).toMatchObject({ impossible: true });
    expect(read("yesterday", [])).not.toHaveProperty("impossible");
  });

  test("readDate never exchanges day and month, even if the site names both orders", () => {
    const reading = read("13/12/2021", ["M/d/yyyy", "d/M/yyyy"]);
    expect(reading).toMatchObject({
      problem: expect.stringContaining("no month 13"),
      hint: expect.stringContaining("other order"),
    });
  });

  test("readDate suggests no other order for an ISO date", () => {
    expect(read("2021-13-01")).toMatchObject({ hint: expect.stringContaining("The site itself") });
  });

  test.each([
    ["Wednesday 04/03/2025", null],
    ["04/03/2025 (Wednesday)", null],
    ["Tue 23/03/25", null],
    // The weekday of both orders, and of one.
    ["Tuesday 01/07/2025", "2025-07-01"],
    ["Tuesday, 01/07/2025 - 15:30", "2025-07-01"],
    ["01/07/2025 (Tuesday)", "2025-07-01"],
    ["01/07/2025, Tue.", "2025-07-01"],
    ["Thursday 03/04/2025", "2025-04-03"],
    ["Tuesday 03/04/2025", "2025-03-04"],
  ])("a weekday beside figures counts where a format of the site has none: %j", (raw, date) => {
    const reading = read(raw, ["d/M/yyyy"]);
    if (date === null)
      expect(reading).toHaveProperty("problem", expect.stringMatching(/ says | is not /));
    else expect(reading).toHaveProperty("date", date);
  });

  test("readDate suggests the other order where the weekday fits it", () => {
    // 5 November 2021 was a Friday, 11 May 2021 a Tuesday.
    expect(read("Fri, 05/11/2021", ["EEE, MM/dd/yyyy"])).toMatchObject({
      hint: expect.stringContaining("day and month exchanged"),
    });
  });

  test("readDate suggests the language of a month name that it does not read", () => {
    expect(read("8 февраля 2019", [], ["en", "fr"])).toMatchObject({
      hint: 'Add "ru" to fields.date.locales.',
    });
  });

  test.each([
    "22 hours 2 min ago",
    "22 hours 2 min",
    "yesterday",
    "Today at 10:30",
    "just now",
    "il y a 3 jours",
    "Aujourd’hui",
    "hace 2 horas",
    "ayer",
    "há 5 minutos",
    "3 дня назад",
    "вчера",
    "قبل 3 أيام",
    "منذ ساعتين",
    "أمس",
    "2小时前",
    "昨天",
    "3 kun oldin",
    "кеча",
    "vor 3 Tagen",
  ])("readDate reports that %j is a relative date", (raw) => {
    expect(read(raw, ["M/d/yyyy"])).toMatchObject({
      relative: true,
      problem: expect.stringContaining("names no calendar day"),
    });
  });

  test.each(["13/13/2021 (today)", "31 February 2021, yesterday", "Chicago", "vorab"])(
    "readDate does not take %j for a relative date",
    (raw) => {
      expect(read(raw, ["M/d/yyyy"])).not.toHaveProperty("relative");
    },
  );
});

describe("dateAtStart", () => {
  test.each([
    ["9/09/2021 The office opened", "9/09/2021"],
    ["  \u00a09.9.2021: the office", "9.9.2021"],
    ["23/12/2021", "23/12/2021"],
    ["2021-12-23, Beijing", "2021-12-23"],
    ["2021/12/23 Beijing", "2021/12/23"],
    ["12 December 2021, Beijing – The", "12 December 2021"],
    ["December 3rd, 2021 – The", "December 3rd, 2021"],
    ["Thursday 23 December 2021. The", "Thursday 23 December 2021"],
    ["Le 3 mai", null],
    ["3 mai\u00a02021 : ouverture", "3 mai\u00a02021"],
    ["23 декабря 2021 г. в Пекине", "23 декабря 2021 г."],
    ["٩/٩/٢٠٢١ في بكين", "٩/٩/٢٠٢١"],
    ["8 فيفري 2019، بكين", "8 فيفري 2019"],
    ["2021年12月23日在北京", "2021年12月23日"],
    ["9/11 changed the world", null],
    ["9/11/01 changed the world", null],
    ["2021 was a good year", null],
    ["2021年是", null],
    ["May 2021 was warm", null],
    ["10 million people in 2021", null],
    ["13/13/2021 is no date", null],
    ["31 February 2021 neither", null],
    ["1.2.2003.4 is a version", null],
    ["1/2/20211 is none", null],
    ["In Beijing, on 12 December 2021", null],
    ["The office opened on 9/09/2021", null],
    ["", null],
  ])("dateAtStart finds at the start of %j: %j", (text, expected) => {
    expect(dateAtStart(text, EVERY)).toBe(expected);
  });
});

describe("a language of CLDR", () => {
  const LIST = languages();

  test("there are more than two hundred, with twelve months each", () => {
    expect(LIST.length).toBeGreaterThan(200);
    for (const language of LIST)
      expect([language, new Set(namesOf(language).months.values()).size]).toEqual([language, 12]);
  });

  test("names are read in the formats of their language", () => {
    for (const language of LIST) {
      const { months, formats } = namesOf(language);
      for (const format of [
        "d MMMM yyyy",
        "d. MMMM yyyy",
        ...formats.filter((one) => !one.includes("cccc")),
      ]) {
        const [name = "", number = 1] = [...months].at(format.length % months.size) ?? [];
        const raw = format.replace(/'[^']*'|MMMM|M|yyyy|d/g, (token) => {
          if (token.startsWith("'")) return token.slice(1, -1);
          return { MMMM: name, M: `${number}`, yyyy: "2021" }[token] ?? "14";
        });
        const date = `2021-${String(number).padStart(2, "0")}-14`;
        expect([language, raw, read(raw, [format], [language])]).toEqual([
          language,
          raw,
          expect.objectContaining({ date }),
        ]);
      }
    }
  });

  test.each([
    ["it", "14 luglio 2021"],
    ["it", "Mercoledì, 14 Luglio 2021 alle ore 10:30"],
    ["it", "14 lug 2021"],
    ["nl", "woensdag 14 juli 2021 om 10.30 uur"],
    ["pl", "14 lipca 2021"],
    ["pl", "14 LIPIEC 2021, godz. 10:30"],
    ["cs", "14. července 2021"],
    ["cs", "Středa 14. červenec 2021"],
    ["sk", "14. júla 2021"],
    ["hu", "2021. július 14."],
    ["hu", "2021. júl. 14., szerda"],
    ["ro", "14 iulie 2021"],
    ["tr", "14 Temmuz 2021 Çarşamba"],
    ["tr", "14 TEMMUZ 2021"],
    ["ja", "2021年7月14日"],
    ["ja", "2021年07月14日(水)"],
    ["ko", "2021년 7월 14일"],
    ["ko", "2021년 7월 14일 수요일"],
    ["sv", "14 juli 2021 kl. 10:30"],
    ["da", "14. juli 2021"],
    ["nb", "14. juli 2021"],
    ["no", "14. juli 2021"],
    ["fi", "14. heinäkuuta 2021"],
    ["el", "14 Ιουλίου 2021"],
    ["el", "14 ΙΟΎΛΙΟΣ 2021"],
    ["uk", "14 липня 2021"],
    ["uk", "14 липня 2021 р."],
    ["be", "14 ліпеня 2021"],
    ["bg", "14 юли 2021 г."],
    ["sr", "14. jul 2021."],
    ["sr-Latn", "14. јул 2021."],
    ["hr", "14. srpnja 2021."],
    ["sl", "14. julij 2021"],
    ["lt", "2021 m. liepos 14 d."],
    ["lv", "2021. gada 14. jūlijs"],
    ["et", "14. juuli 2021"],
    ["ca", "14 de juliol de 2021"],
    ["ca", "14 de juliol del 2021"],
    ["eu", "2021(e)ko uztailaren 14(a)"],
    ["gl", "14 de xullo de 2021"],
    ["th", "14 กรกฎาคม 2021"],
    ["th", "๑๔ กรกฎาคม ๒๐๒๑"],
    ["th", "14 ก.ค. 2021"],
    ["vi", "14 tháng 7, 2021"],
    ["vi", "ngày 14 tháng 7 năm 2021"],
    ["id", "Rabu, 14 Juli 2021"],
    ["ms", "14 Julai 2021"],
    ["fil", "Hulyo 14, 2021"],
    ["fa", "۱۴ ژوئیهٔ ۲۰۲۱"],
    ["he", "14 ביולי 2021"],
    ["iw", "14 יולי 2021"],
    ["hi", "14 जुलाई 2021"],
    ["hi", "१४ जुलाई २०२१"],
    ["bn", "১৪ জুলাই, ২০২১"],
    ["ta", "14 ஜூலை, 2021"],
    ["ur", "14 جولائی، 2021"],
    ["ka", "14 ივლისი, 2021"],
    ["hy", "14 հուլիսի, 2021 թ."],
    ["az", "14 iyul 2021"],
    ["kk", "2021 ж. 14 шілде"],
    ["mn", "2021 оны долоодугаар сарын 14"],
    ["km", "14 កក្កដា 2021"],
    ["my", "၂၀၂၁ ဇူလိုင် ၁၄"],
    ["am", "14 ጁላይ 2021"],
    ["sw", "14 Julai 2021"],
    ["cy", "14 Gorffennaf 2021"],
    ["ga", "14 Iúil 2021"],
    ["is", "14. júlí 2021"],
    ["sq", "14 korrik 2021"],
    ["mk", "14 јули 2021 г."],
  ])("readDate reads %s: %j", (language, raw) => {
    expect(read(raw, [], [language, "en"])).toMatchObject({ date: "2021-07-14" });
  });

  test("where a name means two months, the first language decides, and without one it is not read", () => {
    expect(read("14 listopad 2021", [], ["hr", "cs"])).toMatchObject({ date: "2021-10-14" });
    expect(read("14 listopad 2021", [], ["cs", "hr"])).toMatchObject({ date: "2021-11-14" });
    expect(read("14 listopad 2021", [], [])).toHaveProperty("problem");
  });

  test("names that a site file gives are read, with all their forms", () => {
    const months = "unu|un du tri kvar kvin ses sep|sepa ok naŭ dek dek-unu dek-du".split(" ");
    const readOwn = (raw: string) => readDate(raw, { formats: [], locales: ["en"], months });
    for (const raw of ["14 sepa 2021", "14. SEP 2021", "sep 14, 2021"])
      expect(readOwn(raw)).toMatchObject({ date: "2021-07-14" });
    expect(readOwn("14 July 2021")).toMatchObject({ date: "2021-07-14" });
  });
});

describe("of several dates in one text", () => {
  const FORMATS = ["dd/MM/yyyy HH:mm", "dd/MM/yyyy", "d.M.yyyy"];
  test.each([
    ["postado em 04/05/2022 05:49 / atualizado em 04/05/2022 05:50", "2022-05-04", false],
    ["postado em 28/04/2022 05:49 / atualizado em 04/05/2022 05:50", "2022-04-28", false],
    ["atualizado em 04/05/2022 05:50 | publicado em 28/04/2022 05:49", "2022-04-28", false],
    ["Updated 4 May 2022. Published 28 April 2022", "2022-04-28", false],
    ["Published: 2022-04-28, last updated: 2022-05-04", "2022-04-28", false],
    ["Mis à jour le 4 mai 2022 - Publié le 28 avril 2022", "2022-04-28", false],
    ["Veröffentlicht: 28.4.2022 · Aktualisiert: 4.5.2022", "2022-04-28", false],
    ["Опубликовано 28.4.2022, обновлено 4.5.2022", "2022-04-28", false],
    ["发布时间：2022年4月28日 更新时间：2022年5月4日", "2022-04-28", false],
    ["更新日: 2022年5月4日 公開日: 2022年4月28日", "2022-04-28", false],
    ["등록 2022년 4월 28일 / 수정 2022년 5월 4일", "2022-04-28", false],
    ["4 May 2022 (updated) 28 April 2022", "2022-05-04", true],
    ["4 May 2022, 28 April 2022", "2022-05-04", true],
    ["4 May 2022, 4 May 2022", "2022-05-04", false],
    ["Event 28/04/2022; deadline 04/05/2022", "2022-04-28", true],
  ])("readDate takes that of publication, else the first: %j", (raw, date, isGuess) => {
    const reading = read(raw, FORMATS, ["pt", "fr", "de", "ru", "zh", "ja", "ko", "en"]);
    expect(reading).toMatchObject({ date });
    expect("several" in reading).toBe(isGuess);
  });

  test("a paragraph with dates in it is not one", () => {
    const raw = `${"We met and talked of all. ".repeat(8)}4 May 2022, 28 April 2022`;
    expect(read(raw)).toMatchObject({ problem: expect.stringContaining("too long") });
  });
});

/** A real day, by a calendar that is not the one under test. */
const anyDay = fc
  .date({
    min: new Date("0001-01-01T00:00:00Z"),
    max: new Date("9999-12-31T00:00:00Z"),
    noInvalidDate: true,
  })
  .map((date) => ({ iso: date.toISOString().slice(0, 10), weekday: (date.getUTCDay() + 6) % 7 }));
const anyFormat = fc.constantFrom(
  ...DATE_FORMATS,
  ...DATE_FORMATS.map((format) => `${format} - H:mm`),
  ...NUMERIC_FORMATS,
  "MM/dd/yyyy - HH:mm",
  "EEE, MM/dd/yyyy - HH:mm",
  "cccc d MMMM yyyy",
  "MMM-dd-yyyy",
  "yyyyMMdd",
);

function print(
  format: string,
  day: { iso: string; weekday: number },
  language: string,
  form: number,
): string {
  const [year = "", month = "", date = ""] = day.iso.split("-");
  const { months, weekdays } = namesOf(language);
  const pick = (names: ReadonlyMap<string, number>, number: number) => {
    const forms = [...names].flatMap(([name, meaning]) => (meaning === number ? [name] : []));
    return forms.at(form % forms.length) ?? "";
  };
  const printed: Record<string, string> = {
    yyyy: year,
    M: String(Number(month)),
    MM: month,
    d: String(Number(date)),
    dd: date,
    H: "9",
    HH: "09",
    mm: "05",
  };
  return format.replace(/'([^']*)'|([A-Za-z])\2*/g, (token, quoted?: string) => {
    if (quoted !== undefined) return quoted;
    if (/^M{3,}/.test(token)) return pick(months, Number(month));
    if (/^[cE]/.test(token)) return pick(weekdays, day.weekday + 1);
    return printed[token] ?? token;
  });
}

describe("any date", () => {
  test("readDate reads back every printed date, in every language and format", () => {
    fc.assert(
      fc.property(
        anyDay,
        anyFormat,
        fc.constantFrom(...EVERY),
        fc.nat(20),
        (day, format, language, form) => {
          const raw = print(format, day, language, form);
          expect([raw, read(raw, [format], [language])]).toEqual([
            raw,
            expect.objectContaining({ date: day.iso }),
          ]);
          expect([raw, read(raw.toUpperCase(), [format], EVERY)]).toEqual([
            raw,
            expect.objectContaining({ date: day.iso }),
          ]);
        },
      ),
      { numRuns: runs(200) },
    );
  });

  test("readDate reads every day of leap and common years, and no other", () => {
    for (const year of [2020, 2021, 1900, 2000])
      for (let month = 0; month <= 13; month++)
        for (let day = 0; day <= 32; day++) {
          const iso = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
          const time = Date.parse(`${iso}T00:00:00Z`);
          const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso);
          for (const raw of [iso, `${month}/${day}/${year}`])
            expect([raw, "date" in read(raw, ["M/d/yyyy"])]).toEqual([raw, exists]);
        }
  });

  test("readDate refuses a weekday that is not that of the date", () => {
    fc.assert(
      fc.property(
        anyDay,
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom(...EVERY),
        (day, shift, language) => {
          const wrong = { ...day, weekday: (day.weekday + shift) % 7 };
          expect(read(print("cccc, d MMMM yyyy", wrong, language, 0))).toHaveProperty("problem");
        },
      ),
      { numRuns: runs(40) },
    );
  });

  test("readDate and dateAtStart never throw, and read only days that exist", () => {
    const bits = fc.constantFrom(
      "2021",
      "12",
      "3",
      "31",
      "/",
      "-",
      ".",
      " ",
      ",",
      "dec",
      "mai",
      "年",
      "月",
      "日",
      "'",
      "d",
      "MMMM",
      "yyyy",
      "(",
      "٣",
      "\u0301",
      "\ud800",
    );
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: bits }));
    fc.assert(
      fc.property(
        text,
        fc.array(text, { maxLength: 3 }),
        fc.array(text, { maxLength: 2 }),
        (raw, formats, locales) => {
          const reading = read(raw, formats, locales);
          if ("date" in reading)
            expect(new Date(`${reading.date}T00:00:00Z`).toISOString()).toContain(reading.date);
          const start = dateAtStart(raw, EVERY);
          if (start !== null) expect(raw).toContain(start);
        },
      ),
      { numRuns: runs(150) },
    );
  });
});

test("readDate and dateAtStart end soon on long runs of one character", () => {
  for (const run of [" ", "1", "1 min ", "-", "a", "年", "\u0301", "\u200f"]) {
    expect(read(`12${run.repeat(200_000)}x`)).toHaveProperty("problem");
    expect(dateAtStart(`12${run.repeat(200_000)}x`, EVERY)).toBeNull();
  }
});

test("readDate does not depend on time zone and locale of the machine", async () => {
  const source = new URL("../../dist/src/dates/date.js", import.meta.url).href;
  const words = [
    "8 février 2019",
    "الجمعة 8 فيفري 2019",
    "2019-02-08T00:00:00+01:00",
    "13/2/2019",
    "Friday, 2/8/2019",
    "I ocak 2019",
  ];
  const script = `import { readDate } from ${JSON.stringify(source)};
    const options = { formats: ["M/d/yyyy", "cccc, M/d/yyyy"], locales: [] };
    console.log(JSON.stringify([new Date(0).getHours(), ${JSON.stringify(words)}.map((raw) => readDate(raw, options))]));`;
  const run = async (TZ: string, LC_ALL: string) => {
    const args = ["--input-type=module", "--eval", script];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: { ...process.env, TZ, LC_ALL },
    });
    return JSON.parse(stdout) as [number, unknown];
  };
  const [[hereHour, here], [thereHour, there]] = await Promise.all([
    run("Pacific/Kiritimati", "tr_TR.UTF-8"),
    run("America/Los_Angeles", "C"),
  ]);
  expect(hereHour).not.toBe(thereHour);
  expect(there).toEqual(here);
  expect(here).toEqual(
    words.map((raw) => readDate(raw, { formats: ["M/d/yyyy", "cccc, M/d/yyyy"], locales: [] })),
  );
});

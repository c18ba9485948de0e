import { describe, expect, test } from "vitest";
import { readRange } from "../../src/dates/range.js";

const options = (language: string, formats: string[] = []) => ({ formats, locales: [language] });
const OCTOBER = "2013-10-22 2013-10-25";

describe("a range of days", () => {
  test.each([
    ["en", "22 to 25 October 2013", OCTOBER],
    ["en", "22 - 25 October 2013", OCTOBER],
    ["en", "22–25 October 2013", OCTOBER],
    ["en", "22nd to 25th October 2013", OCTOBER],
    ["en", "from 22 until 25 October 2013", OCTOBER],
    ["en", "October 22-25, 2013", OCTOBER],
    ["en", "October 22 to October 25, 2013", OCTOBER],
    ["en", "22 October to 25 October 2013", OCTOBER],
    ["en", "22 October 2013 to 25 October 2013", OCTOBER],
    ["en", "Tuesday 22 to Friday 25 October 2013", OCTOBER],
    ["en", "Tuesday, 22 October - Friday, 25 October 2013", OCTOBER],
    ["en", "22 October 2013, 09:00 - 25 October 2013, 17:00", OCTOBER],
    ["en", "2013-10-22 to 2013-10-25", OCTOBER],
    ["en", "2013-10-22 – 2013-10-25", OCTOBER],
    ["en", "28 September to 3 October 2013", "2013-09-28 2013-10-03"],
    ["en", "28 December to 3 January 2014", "2013-12-28 2014-01-03"],
    ["en", "28 December 2013 – 3 January 2014", "2013-12-28 2014-01-03"],
    ["en", "24 and 25 October 2013", "2013-10-24 2013-10-25"],
    ["en", "22 October 2013", "2013-10-22 2013-10-22"],
    ["en", "22 October 2013, 9:00 - 17:00", "2013-10-22 2013-10-22"],
    ["fr", "du 22 au 25 octobre 2013", OCTOBER],
    ["fr", "du 28 septembre au 3 octobre 2013", "2013-09-28 2013-10-03"],
    ["fr", "1er au 3 octobre 2013", "2013-10-01 2013-10-03"],
    ["es", "del 22 al 25 de octubre de 2013", OCTOBER],
    ["es", "22 de octubre al 3 de noviembre de 2013", "2013-10-22 2013-11-03"],
    ["pt", "22 a 25 de outubro de 2013", OCTOBER],
    ["pt", "de 22 a 25 de outubro de 2013", OCTOBER],
    ["it", "dal 22 al 25 ottobre 2013", OCTOBER],
    ["de", "22. bis 25. Oktober 2013", OCTOBER],
    ["de", "vom 22. bis 25. Oktober 2013", OCTOBER],
    ["de", "22.–25. Oktober 2013", OCTOBER],
    ["ru", "22–25 октября 2013", OCTOBER],
    ["ru", "с 22 по 25 октября 2013 г.", OCTOBER],
    ["ru", "с 28 сентября по 3 октября 2013", "2013-09-28 2013-10-03"],
    ["uk", "з 22 до 25 жовтня 2013", OCTOBER],
    ["ar", "من 22 إلى 25 أكتوبر 2013", OCTOBER],
    ["ar", "٢٢ إلى ٢٥ أكتوبر ٢٠١٣", OCTOBER],
    ["zh", "2013年10月22日至25日", OCTOBER],
    ["zh", "2013年10月22日至11月3日", "2013-10-22 2013-11-03"],
    ["zh", "2013年10月22日—2013年10月25日", OCTOBER],
    ["ja", "2013年10月22日から25日まで", OCTOBER],
    ["ko", "2013년 10월 22일부터 25일까지", OCTOBER],
    ["nl", "22 tot 25 oktober 2013", OCTOBER],
    ["nl", "22 t/m 25 oktober 2013", OCTOBER],
    ["sv", "22 till 25 oktober 2013", OCTOBER],
    ["da", "22. til 25. oktober 2013", OCTOBER],
    ["nb", "22. til 25. oktober 2013", OCTOBER],
    ["fi", "22.–25. lokakuuta 2013", OCTOBER],
    ["pl", "od 22 do 25 października 2013", OCTOBER],
    ["cs", "od 22. do 25. října 2013", OCTOBER],
    ["tr", "22-25 Ekim 2013", OCTOBER],
    ["hu", "2013. október 22–25.", OCTOBER],
    ["ro", "22 - 25 octombrie 2013", OCTOBER],
    ["el", "22 έως 25 Οκτωβρίου 2013", OCTOBER],
    ["id", "22 sampai 25 Oktober 2013", OCTOBER],
    ["vi", "22 đến 25 tháng 10 2013", OCTOBER],
    ["uz", "22-25 oktabr 2013", OCTOBER],
    ["fa", "22 تا 25 اکتبر 2013", OCTOBER],
    ["he", "22 עד 25 באוקטובר 2013", OCTOBER],
    ["hi", "22 से 25 अक्टूबर 2013", OCTOBER],
    ["bg", "от 22 до 25 октомври 2013", OCTOBER],
  ])("%s: %s", (language, text, range) => {
    const read = readRange([text], options(language));
    expect("start" in read ? `${read.start} ${read.end}` : read).toBe(range);
  });

  test.each([
    ["d/M/yyyy", "22/10/2013 - 25/10/2013", OCTOBER],
    ["M/d/yyyy", "10/22/2013 to 10/25/2013", OCTOBER],
    ["d.M.yyyy", "22.10.-25.10.2013", OCTOBER],
    ["d.M.yyyy", "22.-25.10.2013", OCTOBER],
    ["d-M-yyyy", "22-10-2013 - 25-10-2013", OCTOBER],
    ["d-M-yyyy", "22-10-2013", "2013-10-22 2013-10-22"],
    ["d/M/yyyy", "2013-10-22", "2013-10-22 2013-10-22"],
  ])("by the format %s: %s", (format, text, range) => {
    const read = readRange([text], options("en", [format]));
    expect("start" in read ? `${read.start} ${read.end}` : read).toBe(range);
  });

  test("two elements are its two ends", () => {
    expect(readRange(["22 October 2013", "25 October 2013"], options("en"))).toEqual({
      start: "2013-10-22",
      end: "2013-10-25",
    });
  });

  test.each([
    ["25 to 22 October 2013"],
    ["22 and 25 October 2013"],
    ["22 to 35 October 2013"],
    ["next week"],
    ["22 October 2013, updated 25 October 2013"],
    [""],
  ])("what is none is refused with its words: %s", (text) => {
    expect(readRange([text], options("en"))).toHaveProperty("problem");
  });
});

/** In what a page seems to be written that names no coding. */
import { expect, test } from "vitest";
import { likelyCoding } from "../../src/extract/likely-coding.js";
import { parsePage } from "../../src/extract/tree.js";
import { propose } from "../../src/propose/propose.js";

/** The bytes of a text, by asking the decoder what each of them means. */
function encoded(text: string, label: string): Uint8Array {
  const decoder = new TextDecoder(label);
  const bytes = new Map<string, number[]>();
  const add = (...of: number[]) => {
    const letter = decoder.decode(Uint8Array.from(of));
    if ([...letter].length === 1 && letter !== "\ufffd" && !bytes.has(letter))
      bytes.set(letter, of);
  };
  for (let one = 0; one < 256; one++) add(one);
  if (/shift|euc|gb|big5/.test(label))
    for (let one = 0x81; one < 0xff; one++) for (let two = 0x40; two < 0xff; two++) add(one, two);
  return Uint8Array.from([...text].flatMap((letter) => bytes.get(letter) ?? [0x3f]));
}

const FRENCH =
  "Le ministère a annoncé un nouveau programme pour les écoles, où l'été sera très chaud.";

test.each([
  ["windows-1251", "Паром снова ходит, и гавань открыта с утра до вечера."],
  ["windows-1251", "Українська гавань повідомляє про нову конференцію у травні."],
  ["koi8-r", "Паром снова ходит, и гавань открыта с утра до вечера."],
  ["windows-1253", "Το λιμάνι ανακοίνωσε σήμερα νέα μέτρα για την προστασία της θάλασσας."],
  ["windows-1255", "הנמל הודיע היום על תוכנית חדשה לבתי הספר בעיר."],
  ["windows-1256", "أعلن الميناء اليوم عن برنامج جديد للمدارس في العاصمة"],
  ["windows-874", "ท่าเรือประกาศโครงการใหม่สำหรับโรงเรียนในเมืองหลวง"],
  [
    "windows-1250",
    "Port ogłosił dziś nowy program dla szkół, więcej informacji na stronie źródła.",
  ],
  ["windows-1250", "Přístav dnes oznámil nový program pro školy v celé zemi, příští týden začíná."],
  [
    "windows-1254",
    "Liman bugün okullar için yeni bir program açıkladı, ayrıntılar aşağıdaki şehirde.",
  ],
  ["shift_jis", "港は本日、学校のための新しい計画を発表しました。"],
  ["euc-jp", "港は本日、学校のための新しい計画を発表しました。"],
  ["gb18030", "港口今天公布了一项新的学校计划，更多信息请看我们的网站。"],
  ["big5", "港口今天公布了一項新的學校計畫，更多訊息請看我們的網站。"],
  ["euc-kr", "항구는 오늘 학교를 위한 새로운 계획을 발표했다."],
])("%s is told by its words", (label, text) => {
  expect(likelyCoding(encoded(`<p>News</p> ${text}`, label))).toBe(label);
});

test("what is as in windows-1252, and what is plain, is left alone", () => {
  expect(likelyCoding(encoded(FRENCH, "windows-1252"))).toBeNull();
  expect(
    likelyCoding(encoded("Größe, Straße, Äpfel und Öl für Schüler.", "windows-1252")),
  ).toBeNull();
  expect(likelyCoding(encoded("Ferry back at last.", "windows-1252"))).toBeNull();
});

test("a page that names no coding is proposed with the one of its words, and a crawl says which it is", () => {
  const titles = [
    "Паром снова ходит",
    "Гавань закрыта",
    "Туман у маяка",
    "Соль дорога",
    "Новый лоцман",
  ];
  const rows = titles.map(
    (title, at) => `<li><h3><a href="/a/${at}">${title}</a></h3>0${at + 1}.05.2021</li>`,
  );
  const url = "https://gazette.example/news/";
  const body = encoded(
    `<html lang="ru"><ul class="news">${rows.join("")}</ul></html>`,
    "windows-1251",
  );
  const page = {
    url,
    requestedUrl: url,
    status: 200,
    headers: { "content-type": "text/html" },
    body,
  };
  const found = propose(page, null, { name: "g" });
  expect(found?.site.encoding).toBe("windows-1251");
  expect(found?.choices.find(({ part }) => part === "title")?.samples).toContain(
    "Паром снова ходит",
  );
  expect(found?.missing.join("\n")).toContain("its words look like windows-1251");
  expect(parsePage(page).warnings[0]?.message).toMatch(/and they look like windows-1251$/);
});

test("a script without an end, as in a page that is cut, is not of its words", () => {
  const words = encoded("<p>Паром снова ходит, а гавань закрыта</p>", "windows-1251");
  const script = encoded(`<script>"${"é à ü ".repeat(50)}"`, "windows-1252");
  expect(likelyCoding(Buffer.concat([words, script]))).toBe("windows-1251");
});

/** Several dates in one text, such as "Posted 4 May 2022, updated 5 May 2022". All over folded text. */
import { fold } from "./fold.js";
import type { Parts } from "./format.js";
import type { NamedFormat } from "./formats.js";

/** A date in a text and the words before it. */
export interface Stamp {
  readonly label: string;
  readonly parts: Parts;
  readonly format: string;
}

/** True for a text that may hold two dates with a year each. */
export function holdsSeveral(text: string): boolean {
  return (text.match(/\d{4}|\d[/.-]\d{2}(?!\d)/g)?.length ?? 0) > 1;
}

/** All dates of a text, in their order. @param formats those to try at each place */
export function labelledStamps(text: string, formats: () => Iterable<NamedFormat>): Stamp[] {
  const stamps: Stamp[] = [];
  if (!holdsSeveral(text)) return stamps;
  const all = [...formats()];
  let end = 0;
  for (const { index } of text.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]|(?<=\p{L})\p{N}/gu)) {
    if (index < end) continue;
    const rest = text.slice(index);
    for (const [format, { readStart }] of all) {
      let after = "";
      const parts = readStart(rest, (left) => {
        after = left;
        return true;
      });
      if (parts === null) continue;
      stamps.push({ label: text.slice(end, index), parts, format });
      end = text.length - after.length;
      break;
    }
  }
  return stamps;
}

/** Beginnings of words that mark the date of publication, one line a group of languages. */
const PUBLISHED = wordsOf(
  "publish post created written issued released first-published added",
  "publi paru poste cree mis-en-ligne veroffentlicht erstellt geschrieben eingestellt publiziert",
  "publicad postad criad creado escrito pubblicat inserit creat postat publicat",
  "gepubliceerd geplaatst aangemaakt publicer publisert offentliggjort udgivet oprettet opprettet skapad upplagd julkaistu luotu",
  "opublikowan dodan utworzon publikac zverejnen publikovan vydan vlozen pridan objavljen kreiran",
  "kozzetev kozzetet megjelen letrehoz publikal yayin yayım eklen olusturul avaldatud postitatud lisatud publicet ievietot paskelbt publikuot",
  "опублик размещ создан добавлен публик розміщ опублік створен додан публикув обявен објављ објавен",
  "δημοσι αναρτ e'lon joylan жариялан",
  "نشر منتشر انتشار פורסם נוצר प्रकाशित প্রকাশ ตีพิมพ์ เผยแพร่ โพสต์ ประกาศ",
  "发布 發布 發佈 发表 發表 刊登 创建 公開 投稿 掲載 作成 등록 입력 게시 작성 승인 발행",
  "đăng xuất-bản terbit dipublikasi diposting dibuat tayang diterbitkan",
);
/** The same for a later change. */
const UPDATED = wordsOf(
  "updat modif edited revised chang last",
  "mis-a-jour mise-a-jour maj actualis aktualisiert geandert bearbeitet",
  "atualizad actualizad alterad editad aggiornat modificat actualizat",
  "bijgewerkt gewijzigd aangepast laatst uppdater andrad redigera opdater ændret redigert oppdater endret paivitetty muokattu",
  "zaktualizowan aktualiz zmodyfikowan zmien ostatni upraven zmenen posledn azuriran izmenjen izmijenjen posodobljen spremenjen",
  "frissit modosit utols guncelle degistir duzenle uuendat muudet atjaunot labot atnaujint pakeist",
  "обновл измен отредакт актуализ оновлен змін відредаг обновен промен ажурир измењ",
  "ενημερω τροποποι янгилан yangilan",
  "تحديث تعديل محدث به-روز بروز ویرایش עודכן עדכון अपडेट अद्यतन আপডেট হালনাগাদ แก้ไข อัปเดต ปรับปรุง",
  "更新 修改 修訂 修正 编辑 編集 改訂 수정 갱신 업데이트",
  "cap-nhat sửa diperbarui diubah pembaruan terakhir",
);

function wordsOf(...lines: readonly string[]): RegExp {
  const words = lines.flatMap((line) =>
    line.split(" ").map((word) => fold(word.replaceAll("-", " "))),
  );
  // Where words have no spaces between them, a label may stand anywhere.
  return new RegExp(
    `(?<![\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Greek}])(?:${words.join("|")})`,
    "u",
  );
}

/**
 * The date that is most likely that of publication: the first that says so, else the first that is not said to be
 * a change, else the first.
 *
 * @param stamps at least one
 */
export function mostLikely<T extends { readonly label: string }>(
  stamps: readonly T[],
): { readonly chosen: T; readonly isMarked: boolean } {
  const isUpdate = ({ label }: T) => UPDATED.test(label);
  const published = stamps.find((one) => PUBLISHED.test(one.label) && !isUpdate(one));
  const chosen = published ?? stamps.find((one) => !isUpdate(one)) ?? (stamps[0] as T);
  return { chosen, isMarked: published !== undefined };
}

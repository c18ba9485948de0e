/**
 * What the links and buttons of pagers say, by language: words for the next page, for older articles, for more of
 * them, and the nouns and small words beside these. A label leads on when all of its words are known here and one
 * of them leads on: "Older posts" does, "Older people" and "Next steps" do not. Pure.
 */
import { remembering } from "../text.js";

/**
 * A line a language: words that lead on; words that do so beside the rows alone ("more"); what goes with both. `_` joins a
 * phrase.
 */
const LANGUAGES = `
en: next nxt older earlier onward onwards following_page previous_posts previous_entries previous_articles previous_stories | more load | page pages pg post posts entry entries article articles news story stories item items result results record records press release releases events updates content list show view see fetch the of to go
fr: suivant suivante suivants suivantes prochain prochaine ancien anciens ancienne anciennes anterieurs anterieures precedents precedentes plus_vieux | plus davantage charger | page pages article articles actualite actualites billet billets resultat resultats publication publications message messages afficher voir la le les de d l a en
es: siguiente siguientes proximo proxima proximos proximas antiguo antigua antiguos antiguas anteriores adelante menos_recientes | mas cargar | pagina paginas pag entrada entradas articulo articulos noticia noticias resultado resultados publicacion publicaciones mostrar ver la el las los de a
pt: proximo proxima proximos proximas seguinte seguintes antigo antiga antigos antigas anteriores avancar menos_recentes | mais carregar | pagina paginas artigo artigos noticia noticias postagem postagens resultado resultados publicacao publicacoes materia materias mostrar ver o a os as de
ru: следующая следующий следующее следующие следующую след дальше далее вперед старые старее ранние ранее предыдущие | еще больше загрузить | страница страницы страницу стр записи запись статьи статья новости новость материалы публикации показать на
ar: التالي التالية الاقدم اقدم المقالات_السابقة الاخبار_السابقة | المزيد تحميل | الصفحة صفحة المقالات مقالات الاخبار اخبار المشاركات عرض من
zh: 下一页 下一頁 下页 下頁 下一个 下一個 下一 后页 後頁 后一页 更早 较旧 較舊 往后 往後 旧文章 舊文章 | 更多 加载 載入 | 查看 的 文章 新闻 新聞 页 頁
uz: keyingi keyingisi кейинги | yana koproq ko'proq кўпроқ | sahifa саҳифа yangiliklar maqolalar
de: weiter nachste nachster nachstes nachsten nachfolgende folgende folgender altere alterer altern vorwarts naechste naechster aeltere fruhere | mehr weitere | seite seiten beitrage beitrag artikel nachrichten meldungen eintrage ergebnisse laden anzeigen zeigen zur die der zu
it: successivo successiva successivi successive prossimo prossima seguente avanti vecchi vecchie precedenti meno_recenti | piu altri altre altro carica | pagina pagine articoli articolo notizie notizia risultati mostra vedi la il di
nl: volgende verder ouder oudere eerdere vorige_berichten vorige_artikelen | meer | pagina pagina's berichten bericht artikelen artikel nieuws resultaten laden tonen toon bekijk de naar
pl: nastepna nastepne nastepny dalej starsze starszy wczesniejsze | wiecej zaladuj | strona strony strone wpisy wpis artykuly aktualnosci wiadomosci posty pokaz zobacz do
cs: dalsi nasledujici starsi vpred | vice nacist | strana stranka strany stranky clanky prispevky zpravy aktuality novinky zaznamy zobrazit ukazat na
sk: dalsia dalsie dalsi nasledujuca nasledujuce starsie vpred dalej | viac nacitat | strana stranka clanky prispevky spravy aktuality zobrazit
hu: kovetkezo tovabb regebbi korabbi elore | tobb tovabbi | oldal lap bejegyzes bejegyzesek cikk cikkek hirek hir betoltese mutass mutasd a az
ro: urmatoarea urmatorul urmatoarele inainte vechi | multe mult incarca | mai pagina articole articolele stiri noutati postari arata
tr: sonraki ileri eski onceki_yazilar onceki_haberler | fazla yukle | daha sayfa sayfalar yazilar yazi haberler haber kayitlar gonderiler icerik goster
el: επομενη επομενο επομενα επομενες παλαιοτερα παλαιοτερες παλιοτερα παλιοτερες προηγουμενα προηγουμενες | περισσοτερα φορτωση | σελιδα αρθρα αρθρο νεα αναρτησεις δημοσιευσεις εμφανιση δειτε η
sv: nasta foljande aldre framat tidigare | fler mer | sida sidan inlagg artiklar nyheter poster visa ladda
da: naeste folgende aeldre tidligere | flere mere | side indlaeg artikler nyheder vis hent indlaes
no: neste folgende eldre tidligere | flere mer | side innlegg artikler nyheter saker vis hent
fi: seuraava seuraavat vanhemmat vanhempi eteenpain aiemmat | lisaa | sivu sivulle artikkelit uutiset kirjoitukset julkaisut nayta lataa
et: jargmine edasi vanemad | rohkem veel | leht lehekulg postitused artiklid uudised lae naita
lv: nakama nakamais talak vecaki vecakie | vairak ieladet | lapa raksti zinas ieraksti radit
lt: kitas toliau senesni senesnes | daugiau ikelti | puslapis irasai straipsniai naujienos rodyti
uk: наступна наступнии наступні наступну далі вперед старіші давніші попередні | ще більше завантажити | сторінка сторінки сторінку стор записи статті новини показати
be: наступная наступны далеи старэишыя | яшчэ больш | старонка навіны запісы
bg: следваща следващи следващо напред постари предишни по_стари | още повече зареди | страница публикации статии новини покажи
sr: следећа следеће следећи даље старије sledeca sledece sledeci dalje starije | још више jos vise ucitaj | страна страница вести чланци prikazi strana stranica vesti clanci objave
hr: sljedeca sljedece sljedeci iduca iduce dalje starije | jos vise ucitaj | stranica vijesti clanci objave novosti prikazi
sl: naslednja naslednji naslednje naprej starejse starejsi | vec nalozi | stran novice novic objave prispevki prikazi
mk: следна следно следни напред постари | повеќе уште | страница вести објави
sq: tjetra vijues me_te_vjetra | me_shume | faqja faqe artikuj lajme
is: naesta naestu eldri afram | meira fleiri | sida frettir faerslur syna
ga: ar_aghaidh seo_chugainn nios_sine | tuilleadh | leathanach
mt: li_jmiss | aktar | pagna
ca: seguent seguents proxim propera antigues antics anteriors endavant | mes carrega | pagina entrades articles noticies mostra la el
eu: hurrengoa hurrengo zaharragoak aurrera | gehiago kargatu | orria orrialdea albisteak sarrerak erakutsi
gl: seguinte seguintes antigas proxima | mais cargar | paxina entradas novas
ja: 次へ 次の 次 つぎ 古い 過去の 以前の 進む | もっと 続き さらに 読み込む | 表示 見る ページ 頁 件 記事 投稿 ニュース 一覧 を へ の に
ko: 다음 이전_글 이전글 오래된 지난_글 | 더_보기 더보기 더 | 불러오기 페이지 쪽 글 기사 뉴스 목록 으로
th: ถัดไป หน้าถัดไป หน้าต่อไป ต่อไป เก่ากว่า | เพิ่มเติม โหลด | ดู แสดง หน้า ข่าว บทความ โพสต์
vi: tiep tiep_theo ke_tiep trang_sau trang_ke cu_hon bai_cu | them xem_them tai_them | xem hien_thi trang cac bai viet tin tuc theo
id: berikutnya selanjutnya berikut lanjut lama | lebih_banyak lainnya muat | halaman laman artikel berita pos postingan entri tampilkan lihat yang
ms: seterusnya | lagi lebih muatkan | muka artikel berita
fil: susunod mas_luma | higit_pa | pahina
hi: अगला अगली अगले आगे पुराने पुरानी | और अधिक लोड | देखें पृष्ठ पेज लेख समाचार पोस्ट करें
bn: পরবর্তী পরের পুরানো | আরও আরো | পৃষ্ঠা পাতা খবর
ta: அடுத்த அடுத்து பழைய | மேலும் | பக்கம்
ur: اگلا اگلے اگلی پرانے | مزید | صفحہ خبریں
fa: بعدی قدیمی قدیمیتر | بیشتر | صفحه مطالب اخبار نوشته نوشتههای های ها نمایش
he: הבא הבאה הבאים קודמים ישנות ישנים | עוד | טען הצג לעמוד עמוד דף פוסטים כתבות רשומות חדשות
az: novbeti sonraki kohne | cox | daha sehife xeberler
kk: келесі ескі | тағы көбірек | бет жаңалықтар
ky: кииинки кийинки эски | дагы | бет
tg: оянда баъди навбати | бештар | саҳифа
ka: შემდეგი ძველი | მეტი | გვერდი სიახლეები
hy: հաջորդ հաջորդը հին | ավելին | էջ նորություններ
km: បន្ទាប់ | ច្រើនទៀត | ទំព័រ
lo: ຕໍ່ໄປ ຖັດໄປ | ເພີ່ມເຕີມ | ໜ້າ
my: နောက်သို့ နောက် ရှေ့သို့ | ပိုမို | စာမျက်နှာ
mn: дараах дараагиин | цааш илүү | хуудас мэдээ
sw: inayofuata ifuatayo mbele | zaidi | ukurasa habari
af: volgende ouer | meer | bladsy plasings laai
`;

/** Arrows and the signs of pagers that mean onward or, in a list that counts back, older. */
const ARROWS = /^[\s‹›«»<>→←⇒⇐▶►▸◀◂⟩⟨❯❮≫≪⏵⏩⏭➔➜➡…|·•.,:+–—()[\]#-]+$/u;
const FORWARD = /[›»>→⇒▶►▸⟩❯≫⏵⏩⏭➔➜➡]/u;
const BACKWARD = /[‹«<←⇐◀◂⟨❮≪]/u;
/** Scripts without spaces between words: their labels are taken apart word by word. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Khmer}\p{sc=Lao}\p{sc=Myanmar}]/u;
/** Longer labels are sentences. */
const LONGEST = 60;

const wordsAt = (at: 0 | 1 | 2): ReadonlySet<string> =>
  new Set(
    LANGUAGES.trim()
      .split("\n")
      .flatMap(
        (line) => line.replace(/^\w+:/, "").split("|")[at]?.trim().split(" ").map(folded) ?? [],
      ),
  );
const [ONWARD, MORE, BESIDE] = [wordsAt(0), wordsAt(1), wordsAt(2)];
const PHRASES = [...ONWARD, ...MORE]
  .filter((words) => words.includes(" "))
  .map((words) => ` ${words} `);
/** The longest first: a word may begin another. */
const PIECES = [ONWARD, MORE, BESIDE]
  .flatMap((words) => [...words])
  .filter((word) => UNSPACED.test(word))
  .sort((a, b) => b.length - a.length);

/**
 * What a label says: that it leads to the next page or to older articles, to more, or nothing of the kind. An arrow
 * back leads on in scripts that run from right to left, and in lists that count back.
 */
export type Saying = "next" | "arrow" | "back" | "more" | null;

/** Signs of pagers by the names that HTML has for them: a template that escapes twice prints "Next &raquo;". */
const SIGNS: Readonly<Record<string, string>> = {
  ...{ raquo: "»", rsaquo: "›", rarr: "→", gt: ">", laquo: "«", lsaquo: "‹", larr: "←", lt: "<" },
  ...{ nbsp: " ", ensp: " ", emsp: " ", thinsp: " ", hellip: "…", middot: "·", bull: "•" },
};

function unescaped(label: string): string {
  return label.replace(
    /&(?:amp;)*(?:#(\d{2,6})|#x([\da-f]{2,5})|([a-z]{2,6}));/gi,
    (all, ...of) => {
      const [decimal, hexadecimal, name = ""] = of as (string | undefined)[];
      const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal ?? "", 16);
      if (Number.isInteger(code)) return code <= 0x10ffff ? String.fromCodePoint(code) : all;
      return SIGNS[name.toLowerCase()] ?? all;
    },
  );
}

/** Reads the label of a link or a button. */
export const sayingOf = remembering((given): Saying => {
  const label = given.includes("&") ? unescaped(given) : given;
  if (label === "" || label.length > LONGEST) return null;
  if (ARROWS.test(label))
    return FORWARD.test(label) ? "arrow" : BACKWARD.test(label) ? "back" : null;
  const words = wordsOf(label);
  if (words === null || words.length === 0 || words.length > 6) return null;
  if (words.some((word) => ONWARD.has(word))) return "next";
  return words.some((word) => MORE.has(word)) ? "more" : null;
});

/** The words of a label; null when one of them is not known here. */
function wordsOf(label: string): string[] | null {
  const words: string[] = [];
  let text = ` ${folded(label)} `;
  for (const phrase of PHRASES)
    if (text.includes(phrase)) {
      words.push(phrase.trim());
      text = text.replace(phrase, " ");
    }
  const known = (word: string) => ONWARD.has(word) || MORE.has(word) || BESIDE.has(word);
  for (const word of text.split(" ")) {
    if (word === "" || /^\d+$/.test(word)) continue;
    if (known(word)) words.push(word);
    else if (UNSPACED.test(word)) {
      const parts = takenApart(word);
      if (parts === null) return null;
      words.push(...parts);
    } else return null;
  }
  return words;
}

function takenApart(word: string): string[] | null {
  const parts: string[] = [];
  let rest = word.replace(/\d+/g, "");
  while (rest !== "") {
    const part = PIECES.find((piece) => rest.startsWith(piece));
    if (part === undefined) return null;
    parts.push(part);
    rest = rest.slice(part.length);
  }
  return parts;
}

/** Lower case, without marks, arrows and points. */
function folded(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/(^|\s)[dl]['’]/g, "$1")
    .replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]/g, "")
    .replace(/[øö]/g, "o")
    .replace(/æ/g, "ae")
    .replace(/ı/g, "i")
    .replace(/ł/g, "l")
    .replace(/ß/g, "ss")
    .replace(/đ/g, "d")
    .replace(/ə/g, "e")
    .replace(/[أإآ]/g, "ا")
    .replace(/[^\p{L}\p{M}\p{N}']+/gu, " ")
    .normalize("NFC")
    .trim();
}

/**
 * Names of months and weekdays as pages print them, in the languages that are read.
 *
 * Own tables, because `Intl` answers differently with each build of its data and knows one form of
 * a name where pages have several: `Intl`-based parsing in luxon 3.7 (ICU 78) reads none of
 * "8 Sept 2019", "8 Sep. 2019", "8 fevrier 2019", "8 sept. 2019" (Spanish), "8 сен 2019",
 * "8 شباط 2019" under `ar`, nor any Cyrillic Uzbek. The full names agree with CLDR.
 *
 * The months from January, then the weekdays from Monday, with `|` between the forms of one. How a
 * form is written does not matter beyond its letters: accents, case, apostrophes and the dot of an
 * abbreviation are folded away.
 */

interface Names {
  /** From January. */
  readonly months: readonly string[];
  /** From Monday. */
  readonly weekdays: readonly string[];
}

export const LANGUAGES: Readonly<Record<string, Names>> = {
  en: names(`
    january|jan, february|feb, march|mar, april|apr, may, june|jun, july|jul, august|aug,
    september|sept|sep, october|oct, november|nov, december|dec;
    monday|mon, tuesday|tues|tue, wednesday|wed, thursday|thurs|thur|thu, friday|fri,
    saturday|sat, sunday|sun`),
  fr: names(`
    janvier|janv|jan, février|févr|fév, mars|mar, avril|avr, mai, juin|jun, juillet|juil|jul,
    août|aoû, septembre|sept|sep, octobre|oct, novembre|nov, décembre|déc;
    lundi|lun, mardi|mar, mercredi|mer, jeudi|jeu, vendredi|ven, samedi|sam, dimanche|dim`),
  es: names(`
    enero|ene, febrero|feb, marzo|mar, abril|abr, mayo|may, junio|jun, julio|jul, agosto|ago,
    septiembre|setiembre|sept|sep|set, octubre|oct, noviembre|nov, diciembre|dic;
    lunes|lun, martes|mar, miércoles|mié, jueves|jue, viernes|vie, sábado|sáb, domingo|dom`),
  pt: names(`
    janeiro|jan, fevereiro|fev, março|mar, abril|abr, maio|mai, junho|jun, julho|jul,
    agosto|ago, setembro|set, outubro|out, novembro|nov, dezembro|dez;
    segunda-feira|segunda feira|segunda|seg, terça-feira|terça feira|terça|ter,
    quarta-feira|quarta feira|quarta|qua, quinta-feira|quinta feira|quinta|qui,
    sexta-feira|sexta feira|sexta|sex, sábado|sáb, domingo|dom`),
  ru: names(`
    января|январь|янв, февраля|февраль|февр|фев, марта|март|мар, апреля|апрель|апр, мая|май,
    июня|июнь|июн, июля|июль|июл, августа|август|авг, сентября|сентябрь|сент|сен,
    октября|октябрь|окт, ноября|ноябрь|нояб|ноя, декабря|декабрь|дек;
    понедельник|пн, вторник|вт, среда|ср, четверг|чт, пятница|пт, суббота|сб, воскресенье|вс`),
  // Egypt and the Gulf | the Mashriq | Tunisia and Algeria | Morocco and Mauritania.
  ar: names(`
    يناير|كانون الثاني|جانفي, فبراير|شباط|فيفري, مارس|آذار, أبريل|إبريل|نيسان|أفريل,
    مايو|أيار|ماي, يونيو|يونيه|حزيران|جوان, يوليو|يوليه|تموز|جويلية|يوليوز,
    أغسطس|آب|أوت|غشت|أغشت, سبتمبر|أيلول|شتنبر|شتمبر, أكتوبر|تشرين الأول,
    نوفمبر|تشرين الثاني|نونبر, ديسمبر|كانون الأول|دجنبر|دجمبر;
    الاثنين|اثنين, الثلاثاء|ثلاثاء, الأربعاء|أربعاء, الخميس|خميس, الجمعة|جمعة, السبت|سبت,
    الأحد|أحد`),
  zh: names(`
    一月|1月, 二月|2月, 三月|3月, 四月|4月, 五月|5月, 六月|6月, 七月|7月, 八月|8月, 九月|9月, 十月|10月, 十一月|11月, 十二月|12月;
    星期一|周一|週一, 星期二|周二|週二, 星期三|周三|週三, 星期四|周四|週四, 星期五|周五|週五, 星期六|周六|週六, 星期日|星期天|周日|週日`),
  // Latin | Cyrillic, also as in Russian.
  uz: names(`
    yanvar|yan|январ|январь|янв, fevral|fev|феврал|февраль|фев, mart|mar|март|мар,
    aprel|apr|апрел|апрель|апр, may|май, iyun|iyn|июн|июнь, iyul|iyl|июл|июль,
    avgust|avg|август|авг, sentabr|sentyabr|sen|сентябр|сентябрь|сен,
    oktabr|oktyabr|okt|октябр|октябрь|окт, noyabr|noy|ноябр|ноябрь|ноя,
    dekabr|dek|декабр|декабрь|дек;
    dushanba|dush|душанба|душ, seshanba|sesh|сешанба|сеш, chorshanba|chor|чоршанба|чор,
    payshanba|pay|пайшанба|пай, juma|jum|жума|жум, shanba|shan|шанба|шан,
    yakshanba|yak|якшанба|якш`),
  de: names(`
    januar|jänner|jan, februar|feb, märz|maerz|mär|mrz, april|apr, mai, juni|jun, juli|jul,
    august|aug, september|sept|sep, oktober|okt, november|nov, dezember|dez;
    montag|mo, dienstag|di, mittwoch|mi, donnerstag|do, freitag|fr, samstag|sonnabend|sa,
    sonntag|so`),
};

function names(words: string): Names {
  const [months = [], weekdays = []] = words.split(";").map((list) => list.trim().split(/,\s+/));
  return { months, weekdays };
}

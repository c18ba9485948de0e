/** Names that pages print and CLDR lacks, and forms of dates, as a line of its table has them: months; weekdays; formats. */
export const MORE_NAMES: Readonly<Record<string, string>> = {
  ar: ",,,,,يونيه,يوليه,,,,,;اثنين,ثلاثاء,أربعاء,خميس,جمعة,سبت,أحد",
  de: ",,maerz|mrz,,,,,,,,,;,,,,,sonnabend,",
  en: ";,tues,,thurs|thur,,,",
  fr: ",,,,,jun,jul,aoû,sep,,,",
  ko: ";;yyyy년MMMMd일",
  pt: ";segunda feira,terça feira,quarta feira,quinta feira,sexta feira,,",
  ru: ",фев,,,,,,,сен,,ноя,",
  // A year of the Buddhist calendar is read as it is printed, and warned of.
  th: ";;d MMMM 'พ.ศ.' yyyy",
  uk: ";;d MMMM yyyy 'року'",
  uz: "январь,февраль,,апрель,,июнь,июль,,sentyabr|сентябрь,oktyabr|октябрь,ноябрь,декабрь",
  vi: ";;d MMMM 'năm' yyyy",
  zh: ";,,,,,,星期天",
};

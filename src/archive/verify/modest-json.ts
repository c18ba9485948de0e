/** Whether JSON of a stranger may be parsed: what a few million brackets become takes fifty times their bytes. Pure. */

/** More than a package of a hundred thousand files has. */
const MOST_VALUES = 1_000_000;
const MOST_LEVELS = 200;

export function isModestJson(text: string): boolean {
  let [values, level, isText] = [0, 0, false];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) isText = !isText;
    else if (isText) {
      if (code === 0x5c) at++;
    } else if (code === 0x5b || code === 0x7b) {
      values++;
      if (++level > MOST_LEVELS) return false;
    } else if (code === 0x5d || code === 0x7d) level--;
    else if (code === 0x2c) values++;
    if (values > MOST_VALUES) return false;
  }
  return true;
}

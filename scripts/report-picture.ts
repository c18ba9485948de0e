/** Two charts of a report.html as one picture, with the style of that page. */

/** Ids of the sections that are shown. */
const SHOWN = ["months", "fields"];

const [WIDTH, MARGIN] = [760, 20];
/** Pixels of a heading, of a line of the legend, and of the room for a word of it beside its letters. */
const [HEADING, LINE, MARK] = [34, 28, 26];
/** Pixels: a letter of 13 pixels is seldom wider. */
const LETTER = 7.5;

/** Rules of the page that charts need. */
const RULE = /^(?::root|--c0|@media screen|svg text|svg line|\.ground|\.hatch|\.c0)/;

/** @param html a report.html @throws when it lacks what is shown */
export function reportPicture(html: string): string {
  const [, page = ""] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
  const rules = page.split("\n").filter((line) => RULE.test(line));
  const [patterns = ""] = /<svg class="patterns"[\s\S]*?<\/svg>/.exec(html) ?? [];
  const parts: string[] = [];
  let y = MARGIN;
  for (const id of SHOWN) {
    const start = html.indexOf(`<section id="${id}"`);
    const section = html.slice(start, html.indexOf("</section>", start));
    const [, heading = ""] = required(/<h2[^>]*>(.*?)<\/h2>/.exec(section), id);
    const [, height = "", chart = ""] = required(
      /<svg role="img" width="100%" height="(\d+)"([\s\S]*?)<\/svg>(?=<\/figure>|\n?<ul)/.exec(
        section,
      ),
      `${id}: chart`,
    );
    parts.push(`<text class="heading" x="${MARGIN}" y="${y + 16}">${heading}</text>`);
    y += HEADING;
    const across = WIDTH - 2 * MARGIN;
    parts.push(
      `<svg role="img" x="${MARGIN}" y="${y}" width="${across}" height="${height}"${chart.replaceAll("<svg ", '<svg aria-hidden="true" ')}</svg>`,
    );
    y += Number(height) + 10;
    let x = MARGIN;
    const items = section.matchAll(
      /<li><svg [^>]*>([\s\S]*?)<\/svg> <bdi>([^<]*)<\/bdi> (\d+)<\/li>/g,
    );
    for (const [, mark = "", name = "", n = ""] of items) {
      parts.push(
        `<g transform="translate(${x} ${y})">${mark}</g><text x="${x + 20}" y="${y + 12}">${name} ${n}</text>`,
      );
      x += 20 + (name.length + n.length + 1) * LETTER + MARK;
    }
    y += LINE + 10;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" role="img" aria-label="A part of report.html">
<style>
${rules.join("\n")}
svg{font-family:system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}
svg text.heading{font-size:17px;font-weight:600}
.paper{fill:var(--paper);stroke:var(--line)}
</style>
<rect class="paper" x=".5" y=".5" width="${WIDTH - 1}" height="${y - 1}" rx="8"/>
${patterns}
${parts.join("\n")}
</svg>
`;
}

function required<T>(found: T | null, what: string): T {
  if (found === null) throw new Error(`report.html has no ${what}`);
  return found;
}

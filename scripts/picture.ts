/**
 * Makes the pictures of the README: docs/demo.svg, what the demonstration prints on a terminal, with its colours, and
 * docs/report.svg, a part of its report.
 *
 *     npm run picture
 *
 * A test compares both with what the program prints and writes.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { reportPicture } from "./report-picture.js";

const ROOT = resolve(import.meta.dirname, "..");
const COMMAND = "npx sitelift demo";

/** Pixels: the width of a character in a monospaced font is at most 0.61 of its size. */
const SIZE = 13;
const COLUMN = 8;
const ROW = 19;
const MARGIN = 20;

/** Of the codes that the program uses (ECMA-48, SGR): attributes of a tspan. */
const STYLES: Readonly<Record<string, string>> = {
  1: 'font-weight="bold"',
  2: 'opacity="0.65"',
  31: 'fill="#ff7b72"',
  32: 'fill="#7ee787"',
  33: 'fill="#e3b341"',
  36: 'fill="#79c0ff"',
};

const cwd = mkdtempSync(join(tmpdir(), "sitelift-picture-"));
const printed = execFileSync(process.execPath, [join(ROOT, "dist/src/cli.js"), "demo"], {
  cwd,
  encoding: "utf8",
  env: { ...process.env, FORCE_COLOR: "1" },
});
const report = readFileSync(join(cwd, "output/demo/report.html"), "utf8");
rmSync(cwd, { recursive: true });
writeFileSync(join(ROOT, "docs/report.svg"), reportPicture(report));
const lines = [`$ ${COMMAND}`, ...printed.trimEnd().split("\n")];
writeFileSync(join(ROOT, "docs/demo.svg"), picture(lines));

function picture(all: readonly string[]): string {
  const columns = Math.max(...all.map((line) => line.replace(/\u001b\[\d+m/g, "").length));
  const [width, height] = [columns * COLUMN + 2 * MARGIN, all.length * ROW + 2 * MARGIN];
  const texts = all.map(
    (line, at) =>
      `<text x="${MARGIN}" y="${MARGIN + at * ROW + SIZE}" xml:space="preserve">${styled(line)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${COMMAND} in a terminal">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${SIZE}" fill="#e6edf3">
${texts.join("\n")}
</g>
</svg>
`;
}

/** A line with its codes as elements: each code is in force until the next one that resets it. */
function styled(line: string): string {
  const styles = new Set<string>();
  return line
    .split(/(\u001b\[\d+m)/)
    .map((part) => {
      const code = /^\u001b\[(\d+)m$/.exec(part)?.[1];
      if (code === undefined) {
        const text = part.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
        const of = [...styles].map((one) => STYLES[one]).join(" ");
        return of === "" || text === "" ? text : `<tspan ${of}>${text}</tspan>`;
      }
      if (STYLES[code] !== undefined) styles.add(code);
      else for (const one of styles) if (isReset(code, Number(one))) styles.delete(one);
      return "";
    })
    .join("");
}

/** 22 ends bold and dim, 39 a colour, 0 all. */
function isReset(code: string, style: number): boolean {
  return code === "0" || (code === "22" && style < 10) || (code === "39" && style >= 30);
}

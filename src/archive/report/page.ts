/** A page of one file, and the style sheet of all pages: nothing is loaded and nothing runs. Pure. */
import { createHash } from "node:crypto";

/**
 * @param title HTML
 * @param style the style sheet, which is allowed by its hash: a `style` attribute would have no effect
 * @param body HTML
 */
export function htmlPage(title: string, style: string, body: string): string {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="${policy}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="referrer" content="no-referrer"/>
<title>${title}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

const LIGHT = `--paper:#fff;--ink:#1b1f24;--dim:#57606a;--line:#d0d7de;--ground:#eef1f4;--good:#1a7f37;--bad:#b42318;
--c0:#0072b2;--c1:#e69f00;--c2:#009e73;--c3:#cc79a7;--c4:#56b4e9;--c5:#d55e00;--c6:#8a7a00;--c7:#8c959f`;

const DARK = `--paper:#14181d;--ink:#e6eaee;--dim:#9aa4af;--line:#39424d;--ground:#222a33;--good:#56d364;--bad:#ff8c7a;
--c0:#4aa3df;--c1:#f0b429;--c2:#2fc79a;--c3:#e3a0c6;--c4:#8fd0f5;--c5:#ff8a4c;--c6:#d6c64a;--c7:#7d8794`;

export const STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:60rem;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem}
h2{font-size:1.25rem;margin:2.5rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--line)}
p{max-width:46rem}
a{color:var(--c0)}
a:focus-visible,.wide:focus-visible{outline:3px solid var(--c5);outline-offset:2px}
nav ul,.legend,.cards{list-style:none;padding:0;margin:.75rem 0;display:flex;flex-wrap:wrap;gap:.25rem 1rem}
.verdict{border-inline-start:.4rem solid var(--bad);padding:.5rem .9rem;background:var(--ground);max-width:none}
.verdict.good{border-color:var(--good)}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.6rem;margin:1rem 0}
.cards div{border:1px solid var(--line);border-radius:.4rem;padding:.4rem .8rem}
.cards dt{color:var(--dim);font-size:.85rem}
.cards dd{margin:0;font-size:1.25rem;font-variant-numeric:tabular-nums}
.finding{color:var(--bad);font-weight:600}
.todo>li{margin:0 0 1.1rem}
.todo p{margin:.1rem 0;max-width:none}
.todo ul{margin:.2rem 0;padding-inline-start:1.2rem}
code{font:.875em/1.4 ui-monospace,monospace;background:var(--ground);padding:.1em .3em;border-radius:.25rem}
figure{margin:0 0 1rem}
figure svg{display:block;overflow:visible}
.legend svg{display:inline-block;vertical-align:-.1rem}
.legend{font-size:.9rem;color:var(--dim)}
.patterns{position:absolute}
svg text{fill:var(--ink);font-size:13px}
svg text.end{text-anchor:end}
svg line{stroke:var(--dim)}
svg line.faint{stroke:var(--line)}
.ground{fill:var(--ground)}
.hatch{stroke:var(--paper)}
${Array.from({ length: 8 }, (_, at) => `.c${at}{fill:var(--c${at})}`).join("")}
.wide{overflow-x:auto;margin:0 0 .75rem}
table{border-collapse:collapse;min-width:min(100%,22rem);font-size:.9rem}
.caption{color:var(--dim);margin:1rem 0 .2rem;font-size:.9rem}
th,td{border-bottom:1px solid var(--line);padding:.25rem .75rem .25rem 0;text-align:start;vertical-align:top;font-weight:400;min-width:3.5rem}
thead th{font-weight:600;vertical-align:bottom}
tbody th{overflow-wrap:anywhere;min-width:6rem}
.n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}
footer{margin-top:3rem;color:var(--dim);font-size:.9rem}
@media print{
body{max-width:none;padding:0;font-size:10pt}
nav{display:none}
svg *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.wide{overflow:visible}
figure svg,.todo>li,tr{break-inside:avoid}
h2,.caption,thead{break-after:avoid}
}
`;

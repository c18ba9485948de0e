/** A page of one file: nothing is loaded and nothing runs. Pure. */
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

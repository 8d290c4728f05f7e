import { htmlText } from "./html-text.ts";

export interface HtmlPage {
  readonly title: string;
  readonly style: string;
  /** What stands in the body: HTML already. */
  readonly body: string;
  /** The SHA-256 of the one script that may run; without it none may. */
  readonly scriptHash?: string;
}

/** A whole page that loads nothing from anywhere and sends nothing away. */
export function htmlPage({ title, style, body, scriptHash }: HtmlPage): string {
  const script = scriptHash === undefined ? "" : ` script-src 'sha256-${scriptHash}';`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline';${script} base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${htmlText(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

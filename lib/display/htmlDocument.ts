/** A whole HTML page that needs no other file: reports, notebooks and runs that are opened in a browser. */

import { escapeHtml } from "./escape";

/** The parts of a page. */
export interface HtmlDocument {
  /** The text of the title; it is escaped. */
  readonly title: string;
  readonly css: string;
  /** HTML between `<body>` and `</body>`: the caller has escaped what comes from elsewhere. */
  readonly body: string;
  /**
   * The Content-Security-Policy of the page. Default: styles only, so nothing in it runs. Null if the server
   * that delivers the page sends one.
   */
  readonly policy?: string | null;
}

/** Returns the page, which follows the light or dark mode of the browser. */
export function htmlDocument({ title, css, body, policy = NOTHING_RUNS }: HtmlDocument): string {
  const meta = policy === null ? "" : `<meta http-equiv="Content-Security-Policy" content="${policy}">\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${meta}<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${css}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

const NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

import { type SwitchState } from '../control/switches.ts';
import { STYLES } from './styles.ts';

/** What the server tells the page's script, as JSON in the document (wire-format.md §2.1). */
export interface PageConfig {
  /** API key and visit id, under the names of the real page. */
  readonly WIu0Nc: string;
  readonly teM9xe: string;
  /** Account index of `/u/N`. */
  readonly authUser: number;
  readonly rpcBase: string;
  readonly switches: SwitchState;
}

/** The app shell: nothing but the configuration and the script that builds the page. */
export function shellHtml(config: PageConfig, scriptPath: string): string {
  return `<!doctype html>
<html lang="de" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Google AI Studio</title>
<style>${STYLES}</style>
<script type="application/json" id="page-config">${toInlineJson(config)}</script>
<script type="module" src="${scriptPath}"></script>
</head>
<body class="dark-theme"><app-root></app-root></body>
</html>`;
}

/** A plain document with a title and some markup. */
export function plainHtml(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>${STYLES}</style></head><body class="plain">${body}</body></html>`;
}

/** Text made safe for markup and attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function toInlineJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

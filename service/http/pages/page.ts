import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { Html, html, type HtmlValue } from '../../mail/html';

const STYLE = `
:root { color-scheme: light dark; --page: #eef3f4; --card: #fff; --text: #18262b; --soft: #56676d; --line: #d6e0e3;
  --accent: #0b6e75; --on-accent: #fff; --danger: #a8351f; --on-danger: #fff; --note: #fdf3e1; --note-line: #e6c58a;
  --note-text: #5c430f; --field: #f4f8f8; --for: #1d7a43; --against: #b1402a; }
@media (prefers-color-scheme: dark) { :root { --page: #12181a; --card: #1b2326; --text: #e4ebed; --soft: #a3b2b7;
  --line: #2e3a3e; --accent: #3aa7ae; --on-accent: #06181a; --danger: #f08c74; --on-danger: #250b04; --note: #2b2415;
  --note-line: #6a5727; --note-text: #f0dcae; --field: #141b1d; --for: #7bd49a; --against: #f2a48f; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 38rem; margin: 7vh auto; padding: 0 1rem; }
main.wide { max-width: 64rem; margin: 2rem auto; }
.brand { margin: 0 .25rem .75rem; color: var(--accent); font-weight: 700; font-size: .95rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.75rem 2rem; }
h1 { margin: 0 0 .5rem; font-size: 1.45rem; line-height: 1.3; overflow-wrap: anywhere; }
h2 { margin: 1.5rem 0 .25rem; font-size: 1rem; }
.wide h2 { margin-top: 3rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); font-size: 1.25rem; }
h3 { margin: 2rem 0 .25rem; font-size: 1.05rem; }
p { margin: .5rem 0; overflow-wrap: anywhere; }
ul { margin: .5rem 0; padding-left: 1.25rem; }
nav ul { columns: 20rem 2; }
.for { list-style-type: "+ "; } .against { list-style-type: "− "; }
.for::marker { color: var(--for); font-weight: 700; } .against::marker { color: var(--against); font-weight: 700; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.card > :last-child { margin-bottom: 0; }
a { color: var(--accent); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; margin: 1.25rem 0; font-size: .95rem; }
dt, small { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .95em; }
table { width: 100%; margin: .5rem 0; border-collapse: collapse; font-size: .92rem; }
caption { padding: .5rem 0 .25rem; font-weight: 600; text-align: left; }
th, td { padding: .3rem .75rem .3rem 0; border-top: 1px solid var(--line); font-weight: 400; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
th { width: 30%; }
.depth-1 { padding-left: 1.25rem; } .depth-2 { padding-left: 2.5rem; } .depth-3 { padding-left: 3.75rem; }
.method { padding: .15em .5em; border: 1px solid var(--line); border-radius: 4px; font: 600 .8rem ui-monospace, monospace; }
.soft { color: var(--soft); font-size: .9rem; }
.note { margin: 1.25rem 0; padding: .75rem 1rem; border: 1px solid var(--note-line); border-radius: 8px;
  background: var(--note); color: var(--note-text); }
form { margin: 1.5rem 0 0; }
button { min-height: 2.75rem; padding: .6rem 1.25rem; border: 0; border-radius: 8px; background: var(--accent);
  color: var(--on-accent); font: 600 1rem/1.3 system-ui, sans-serif; cursor: pointer; }
button.danger { background: var(--danger); color: var(--on-danger); }
a:focus-visible, button:focus-visible, .secret:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.choices { list-style: none; margin: 1.25rem 0 0; padding: 0; }
.choices li { padding: .85rem 0; border-top: 1px solid var(--line); }
.choices a { font-weight: 600; }
.secret { display: block; margin: .75rem 0; padding: .85rem 1rem; border: 1px solid var(--line); border-radius: 8px;
  background: var(--field); font: 1rem/1.4 ui-monospace, Menlo, Consolas, monospace; overflow-wrap: anywhere;
  user-select: all; -webkit-user-select: all; }
@media (max-width: 30rem) { .card { padding: 1.25rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
  button { width: 100%; } }
`;

// The content security policy names the style by the hash of exactly the text between the tags.
const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);
const styleHash = createHash('sha256').update(STYLE).digest('base64');

/**
 * Pages have no scripts, load nothing from elsewhere, send forms to this service only, and are never framed. A page's
 * address may hold a secret, so that no other site, cache or search engine may learn it.
 */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; ` +
    `frame-ancestors 'none'`,
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
  'cross-origin-opener-policy': 'same-origin',
};

export interface Page {
  readonly status: number;
  readonly title: string;
  readonly content: HtmlValue;
  readonly isWide?: boolean;
}

export function sendPage(
  reply: FastifyReply,
  { status, title, content, isWide = false }: Page,
): FastifyReply {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex, nofollow" />
        <title>${title} · Gatehouse</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main class="${isWide && 'wide'}">
          <p class="brand">Gatehouse</p>
          <div class="card">
            <h1>${title}</h1>
            ${content}
          </div>
        </main>
      </body>
    </html> `;
  return reply.code(status).headers(HEADERS).type('text/html; charset=utf-8').send(page.text);
}

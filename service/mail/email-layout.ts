import { html, type Html } from './html';
import { LEANING_WORDS, type EvidenceWords, type Fact } from './plain-words';

/** The content of an e-mail, from which both its HTML and its plain text are made. */
export interface Email {
  readonly to: string;
  readonly subject: string;
  readonly heading: string;
  readonly intro: string;
  readonly sections: readonly Section[];
  readonly footer: readonly string[];
}

export interface Section {
  readonly title?: string;
  readonly facts?: readonly Fact[];
  readonly evidence?: readonly EvidenceWords[];
  readonly lines?: readonly string[];
  /** The first button is the main one. */
  readonly buttons?: readonly Link[];
  /** A link at the start of a sentence that ends with `after`. */
  readonly link?: Link & { readonly after: string };
}

interface Link {
  readonly words: string;
  readonly href: string;
}

const EVIDENCE_TITLE = 'Why it was not trusted';
const SIGNS = {
  for: { sign: '+', color: '#1d7a43' },
  against: { sign: '−', color: '#b1402a' },
  neutral: { sign: '·', color: '#56676d' },
} as const;

/** Returns the e-mail as plain text: everything that its HTML says, in the same order. */
export function emailText({ heading, intro, sections, footer }: Email): string {
  const paragraphs = sections.flatMap((section) => {
    const { title, facts = [], evidence = [], lines = [], buttons = [], link } = section;
    return [
      ['-'.repeat(60), ...(title === undefined ? [] : [title])],
      facts.map(({ name, value }) => `${name.padEnd(11)} ${value}`),
      evidence.length === 0
        ? []
        : [`${EVIDENCE_TITLE}:`, ...evidence.map(({ leaning, words }) => `${SIGNS[leaning].sign} ${words}`)],
      lines,
      buttons.flatMap(({ words, href }) => [words, `  ${href}`]),
      link === undefined ? [] : [`${link.words}${link.after}`, `  ${link.href}`],
    ];
  });
  return [[heading], [intro], ...paragraphs, ['-'.repeat(60)], ...footer.map((line) => [line]), ['']]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

// Mail programs are no browsers: the layout consists of tables, and the styles are on the elements. The head has only dark
// colours and narrow screens, which newer programs understand. The e-mail has no images and loads nothing.

// Quotation marks would have to be escaped in every style.
const FONT = 'Segoe UI,Roboto,Helvetica,Arial,sans-serif';
const MONO = 'Menlo,Consolas,monospace';
const TABLE = html`role="presentation" cellpadding="0" cellspacing="0" border="0"`;
const TEXT = `font:400 14px/20px ${FONT};color:#18262b;word-break:break-word;`;
const SOFT = `font:400 14px/20px ${FONT};color:#56676d;`;
const HIDDEN =
  'position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0);white-space:nowrap;mso-hide:all;';

// In dark mode the classes overrule the colours on the elements. Text has a contrast of at least 4.5 in both modes.
const HEAD_STYLES = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #12181a !important; }
  .card { background: #1b2326 !important; border-color: #2e3a3e !important; }
  .line { border-color: #2e3a3e !important; }
  .text { color: #e4ebed !important; }
  .soft, .neutral { color: #a3b2b7 !important; }
  .brand, .link { color: #6fd0d6 !important; }
  .main { background: #3aa7ae !important; color: #06181a !important; border-color: #3aa7ae !important; }
  .side { background: #1b2326 !important; color: #e4ebed !important; border-color: #56666b !important; }
  .for { color: #7bd49a !important; }
  .against { color: #f2a48f !important; }
}
@media (max-width: 480px) {
  .pad { padding-left: 20px !important; padding-right: 20px !important; }
  .choice { display: block !important; width: 100% !important; padding-right: 0 !important; }
  .button { display: block !important; text-align: center !important; }
}
`;

function factRow({ name, value, isCode = false }: Fact): Html {
  return html`<tr>
    <th
      scope="row"
      align="left"
      valign="top"
      class="soft"
      style="padding:5px 16px 5px 0;${SOFT}white-space:nowrap;text-align:left;"
    >
      ${name}
    </th>
    <td valign="top" class="text" style="padding:5px 0;${TEXT}${isCode ? `font-family:${MONO};` : ''}">
      ${value}
    </td>
  </tr>`;
}

function evidenceRow({ leaning, words }: EvidenceWords): Html {
  const { sign, color } = SIGNS[leaning];
  return html`<tr>
    <td
      valign="top"
      class="${leaning}"
      style="padding:3px 10px 3px 0;font:700 14px/20px ${MONO};color:${color};"
    >
      <span aria-hidden="true">${sign}</span><span style="${HIDDEN}">${LEANING_WORDS[leaning]}</span>
    </td>
    <td valign="top" class="text" style="padding:3px 0;${TEXT}">${words}</td>
  </tr>`;
}

function buttonCell({ words, href }: Link, index: number): Html {
  const [kind, colors] =
    index === 0
      ? ['main', 'border:1px solid #0b6e75;background:#0b6e75;color:#ffffff;']
      : ['side', 'border:1px solid #b9c6ca;background:#ffffff;color:#18262b;'];
  return html`<td class="choice" style="padding:0 10px 8px 0;">
    <a
      href="${href}"
      class="button ${kind}"
      style="display:inline-block;padding:10px 17px;border-radius:8px;${colors}font:600 14px/20px ${FONT};text-decoration:none;"
      >${words}</a
    >
  </td>`;
}

function table(rows: readonly Html[]): Html | false {
  return (
    rows.length > 0 &&
    html`<table ${TABLE} style="border-collapse:collapse;">
      ${rows}
    </table>`
  );
}

function sectionRow({ title, facts = [], evidence = [], lines = [], buttons = [], link }: Section): Html {
  return html`<tr>
    <td class="pad line" style="padding:20px 32px;border-top:1px solid #dfe7e9;">
      ${title !== undefined && html`<h2 class="text" style="margin:0 0 8px;font:600 16px/23px ${FONT};color:#18262b;word-break:break-word;">${title}</h2>`}
      ${table(facts.map(factRow))}
      ${evidence.length > 0 && html`<h3 class="soft" style="margin:20px 0 6px;font:600 13px/18px ${FONT};color:#56676d;">${EVIDENCE_TITLE}</h3>`}
      ${table(evidence.map(evidenceRow))}
      ${lines.map((line) => html`<p class="text" style="margin:0 0 6px;${TEXT}">${line}</p>`)}
      ${
        buttons.length > 0 &&
        html`<div style="height:20px;"></div>
          ${table([
            html`<tr>
              ${buttons.map(buttonCell)}
            </tr>`,
          ])}`
      }
      ${link && html`<p class="soft" style="margin:0;${SOFT}"><a class="link" href="${link.href}" style="color:#0b6e75;">${link.words}</a>${link.after}</p>`}
    </td>
  </tr>`;
}

export function emailHtml({ subject, heading, intro, sections, footer }: Email): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no" />
        <title>${subject}</title>
        <style>
          ${HEAD_STYLES}
        </style>
      </head>
      <body class="page" style="margin:0;padding:0;background:#eef3f4;">
        <div style="display:none;max-height:0;overflow:hidden;mso-hide:all;">${intro}</div>
        <table ${TABLE} class="page" width="100%" style="background:#eef3f4;">
          <tr>
            <td align="center" style="padding:28px 12px 36px;">
              <table ${TABLE} width="100%" style="max-width:600px;text-align:left;">
                <tr>
                  <td class="brand" style="padding:0 4px 12px;font:700 15px/20px ${FONT};color:#0b6e75;">
                    Gatehouse
                  </td>
                </tr>
                <tr>
                  <td>
                    <table
                      ${TABLE}
                      class="card"
                      width="100%"
                      style="background:#ffffff;border:1px solid #d6e0e3;border-radius:12px;border-collapse:separate;"
                    >
                      <tr>
                        <td class="pad" style="padding:26px 32px 18px;">
                          <h1
                            class="text"
                            style="margin:0 0 8px;font:700 22px/29px ${FONT};color:#18262b;word-break:break-word;"
                          >
                            ${heading}
                          </h1>
                          <p class="text" style="margin:0;${TEXT}">${intro}</p>
                        </td>
                      </tr>
                      ${sections.map(sectionRow)}
                    </table>
                  </td>
                </tr>
                <tr>
                  <td style="padding:16px 4px 0;">
                    ${footer.map((line) => html`<p class="soft" style="margin:0 0 8px;${SOFT}">${line}</p>`)}
                  </td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html>`.text.replaceAll(/\n\s+/g, '\n');
}

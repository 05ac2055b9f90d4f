import { html, type Html } from './html';

/** Building stones of the letter's HTML: fonts, colours in the dark, rows and buttons. */

// Without quotation marks, which would have to be escaped in every style.
export const FONT = 'Segoe UI,Roboto,Helvetica,Arial,sans-serif';
export const MONO = 'Menlo,Consolas,monospace';

// In dark mode the classes overrule the colours on the elements; the pairs keep a contrast of 4.5 and more in both.
export const HEAD_STYLES = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #12181a !important; }
  .card { background: #1b2326 !important; border-color: #2e3a3e !important; }
  .text { color: #e4ebed !important; }
  .soft { color: #a3b2b7 !important; }
  .line { border-color: #2e3a3e !important; }
  .brand { color: #6fd0d6 !important; }
  .link { color: #6fd0d6 !important; }
  .main { background: #3aa7ae !important; color: #06181a !important; }
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

export const row = (name: string, value: Html | string): Html =>
  html`<tr>
    <th
      scope="row"
      align="left"
      valign="top"
      class="soft"
      style="padding:5px 16px 5px 0;font:400 14px/20px ${FONT};color:#56676d;white-space:nowrap;text-align:left;"
    >
      ${name}
    </th>
    <td
      valign="top"
      class="text"
      style="padding:5px 0;font:400 14px/20px ${FONT};color:#18262b;word-break:break-word;"
    >
      ${value}
    </td>
  </tr>`;

export const mono = (value: string): Html => html`<span style="font-family:${MONO};">${value}</span>`;

export const mainButton = (href: string, words: string): Html =>
  html`<a
    href="${href}"
    class="button main"
    style="display:inline-block;padding:11px 18px;border-radius:8px;background:#0b6e75;color:#ffffff;font:600 14px/20px ${FONT};text-decoration:none;"
    >${words}</a
  >`;

export const sideButton = (href: string, words: string): Html =>
  html`<a
    href="${href}"
    class="button side"
    style="display:inline-block;padding:10px 17px;border-radius:8px;border:1px solid #b9c6ca;background:#ffffff;color:#18262b;font:600 14px/20px ${FONT};text-decoration:none;"
    >${words}</a
  >`;

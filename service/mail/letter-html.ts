import { html, type Html } from './html';
import {
  choiceNames,
  headingOf,
  introOf,
  LEANING_WORDS,
  restWords,
  type Letter,
  type LetterEvidence,
  type LetterQuestion,
  type ListedQuestion,
} from './letter';
import { FONT, HEAD_STYLES, mainButton, mono, MONO, row, sideButton } from './letter-html-parts';
import { countWords } from './plain-words';

/**
 * The HTML of a letter. Mail programs are no browsers: the layout is tables, the styles are on the elements, and what
 * only newer programs understand (dark colours, narrow screens) is in the head. No images, nothing from the network.
 */

const details = (each: LetterQuestion, alone: boolean): Html =>
  html`<table
    role="presentation"
    cellpadding="0"
    cellspacing="0"
    border="0"
    style="border-collapse:collapse;"
  >
    ${alone ? row('Address', mono(each.name)) : null} ${row('Country', each.country)}
    ${row('Network', each.network)}
    ${row('API key', html`${each.keyName} <span class="soft" style="color:#56676d;">(${mono(`${each.keyPrefix}…`)})</span>`)}
    ${row('First call', each.firstAt)} ${row('Last call', each.lastAt)}
    ${row('Blocked', countWords(each.count, 'call'))}
  </table>`;

const SIGNS = {
  for: { sign: '+', color: '#1d7a43' },
  against: { sign: '−', color: '#b1402a' },
  neither: { sign: '·', color: '#56676d' },
} as const;

const HIDDEN =
  'position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0);white-space:nowrap;mso-hide:all;';

const evidenceRow = ({ leaning, words }: LetterEvidence): Html => {
  const { sign, color } = SIGNS[leaning];
  return html`<tr>
    <td
      valign="top"
      class="${leaning === 'neither' ? 'soft' : leaning}"
      style="padding:3px 10px 3px 0;font:700 14px/20px ${MONO};color:${color};"
    >
      <span aria-hidden="true">${sign}</span><span style="${HIDDEN}">${LEANING_WORDS[leaning]}</span>
    </td>
    <td
      valign="top"
      class="text"
      style="padding:3px 0;font:400 14px/20px ${FONT};color:#18262b;word-break:break-word;"
    >
      ${words}
    </td>
  </tr>`;
};

const evidenceList = (evidence: readonly LetterEvidence[]): Html | null =>
  evidence.length === 0
    ? null
    : html`<h3 class="soft" style="margin:20px 0 6px;font:600 13px/18px ${FONT};color:#56676d;">
          Why it was not trusted
        </h3>
        <table
          role="presentation"
          cellpadding="0"
          cellspacing="0"
          border="0"
          style="border-collapse:collapse;"
        >
          ${evidence.map(evidenceRow)}
        </table>`;

const choices = (letter: Letter, each: LetterQuestion): Html => {
  const names = choiceNames(letter, each);
  return html`<table
    role="presentation"
    cellpadding="0"
    cellspacing="0"
    border="0"
    style="margin-top:20px;border-collapse:collapse;"
  >
    <tr>
      <td class="choice" style="padding:0 10px 10px 0;">
        ${mainButton(each.links.authorize, names.authorize)}
      </td>
      ${each.links.deny === null ? null : html`<td class="choice" style="padding:0 0 10px 0;">${sideButton(each.links.deny, names.deny)}</td>`}
    </tr>
  </table>`;
};

const questionBlock = (letter: Letter, each: LetterQuestion): Html => {
  const alone = letter.total === 1;
  return html`<tr>
    <td
      class="pad line"
      style="padding:${alone ? '4px' : '22px'} 32px 14px;${alone ? '' : 'border-top:1px solid #dfe7e9;'}"
    >
      ${alone ? null : html`<h2 class="text" style="margin:0 0 8px;font:600 17px/24px ${MONO};color:#18262b;word-break:break-all;">${each.name}</h2>`}
      ${details(each, alone)} ${evidenceList(each.evidence)} ${choices(letter, each)}
    </td>
  </tr>`;
};

const listedRow = ({ name, country, network, keyName }: ListedQuestion): Html =>
  html`<tr>
    <td class="text" style="padding:3px 0;font:400 13px/18px ${FONT};color:#18262b;word-break:break-word;">
      <b>${name}</b> · ${country} · ${network} · ${keyName}
    </td>
  </tr>`;

const listedBlock = (letter: Letter): Html | null => {
  const rest = restWords(letter);
  if (letter.listed.length === 0 && rest === undefined) return null;
  return html`<tr>
    <td class="pad line" style="padding:20px 32px;border-top:1px solid #dfe7e9;">
      <h2 class="text" style="margin:0 0 8px;font:600 15px/22px ${FONT};color:#18262b;">
        Also blocked, to be answered in Gatehouse
      </h2>
      <table role="presentation" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;">
        ${letter.listed.map(listedRow)}
      </table>
      ${
        rest === undefined
          ? null
          : html`<p class="text" style="margin:10px 0 0;font:400 14px/20px ${FONT};color:#18262b;">
              and
              <a class="link" href="${letter.consoleLink}" style="color:#0b6e75;">${rest}</a>
            </p>`
      }
    </td>
  </tr>`;
};

const deactivateBlock = (first: LetterQuestion | undefined): Html | null =>
  first === undefined
    ? null
    : html`<tr>
        <td class="pad line" style="padding:16px 32px 20px;border-top:1px solid #dfe7e9;">
          <p class="soft" style="margin:0;font:400 14px/21px ${FONT};color:#56676d;">
            <a class="link" href="${first.links.deactivate}" style="color:#0b6e75;">Deactivate review</a> lets
            every address in, until it is switched on again.
          </p>
        </td>
      </tr>`;

const footer = (letter: Letter): Html =>
  html`<p class="soft" style="margin:0 0 8px;font:400 13px/19px ${FONT};color:#56676d;">
      Opening a link changes nothing: it shows what will happen, and a button does it. Each link works once,
      until ${letter.linksEndAt}, and is meant for you alone: do not forward this message.
    </p>
    <p class="soft" style="margin:0;font:400 13px/19px ${FONT};color:#56676d;">
      Sent by Gatehouse to ${letter.recipient}, who answers such questions for the account
      ${letter.accountName}.
    </p>`;

export const letterHtml = (letter: Letter, subject: string): string => {
  const [first] = letter.questions;
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
        <div style="display:none;max-height:0;overflow:hidden;mso-hide:all;">
          ${introOf(letter)} If you do nothing, nothing is let in.
        </div>
        <table
          role="presentation"
          class="page"
          width="100%"
          cellpadding="0"
          cellspacing="0"
          border="0"
          style="background:#eef3f4;"
        >
          <tr>
            <td align="center" style="padding:28px 12px 36px;">
              <table
                role="presentation"
                width="100%"
                cellpadding="0"
                cellspacing="0"
                border="0"
                style="max-width:600px;"
              >
                <tr>
                  <td
                    class="brand"
                    style="padding:0 4px 12px;font:700 15px/20px ${FONT};color:#0b6e75;letter-spacing:0.01em;text-align:left;"
                  >
                    Gatehouse
                  </td>
                </tr>
                <tr>
                  <td style="text-align:left;">
                    <table
                      role="presentation"
                      class="card"
                      width="100%"
                      cellpadding="0"
                      cellspacing="0"
                      border="0"
                      style="background:#ffffff;border:1px solid #d6e0e3;border-radius:12px;border-collapse:separate;"
                    >
                      <tr>
                        <td class="pad" style="padding:26px 32px 12px;">
                          <h1
                            class="text"
                            style="margin:0 0 8px;font:700 22px/29px ${FONT};color:#18262b;word-break:break-word;"
                          >
                            ${headingOf(letter)}
                          </h1>
                          <p class="text" style="margin:0;font:400 15px/23px ${FONT};color:#18262b;">
                            ${introOf(letter)} If you do nothing, nothing is let in.
                          </p>
                        </td>
                      </tr>
                      ${letter.questions.map((each) => questionBlock(letter, each))} ${listedBlock(letter)}
                      ${deactivateBlock(first)}
                    </table>
                  </td>
                </tr>
                <tr>
                  <td style="padding:16px 4px 0;text-align:left;">${footer(letter)}</td>
                </tr>
              </table>
            </td>
          </tr>
        </table>
      </body>
    </html> `.text.replaceAll(/\n\s+/g, '\n');
};

import { choiceNames, headingOf, introOf, restWords, type Letter, type LetterQuestion } from './letter';
import { countWords } from './plain-words';

/** The plain text of a letter: everything that the HTML says, in the same order. */

const LEANING = { for: '+', against: '-', neither: '·' } as const;

const choices = (letter: Letter, each: LetterQuestion): string[] => {
  const names = choiceNames(letter, each);
  return [
    names.authorize,
    `  ${each.links.authorize}`,
    ...(each.links.deny === null ? [] : [names.deny, `  ${each.links.deny}`]),
  ];
};

const question = (letter: Letter, each: LetterQuestion): string[] => [
  `Address    ${each.name}`,
  `Country    ${each.country}`,
  `Network    ${each.network}`,
  `API key    ${each.keyName} (${each.keyPrefix}…)`,
  `First      ${each.firstAt}`,
  `Last       ${each.lastAt}`,
  `Calls      ${countWords(each.count, 'blocked call')}`,
  '',
  ...(each.evidence.length === 0
    ? []
    : [
        'Why it was not trusted:',
        ...each.evidence.map(({ leaning, words }) => `${LEANING[leaning]} ${words}`),
        '',
      ]),
  ...choices(letter, each),
];

const rest = (letter: Letter): string[] => {
  const rest = restWords(letter);
  return [
    ...(letter.listed.length === 0
      ? []
      : [
          'Also blocked, to be answered in Gatehouse:',
          ...letter.listed.map(
            (each) => `  ${each.name}  ${each.country}  ${each.network}  key ${each.keyName}`,
          ),
          '',
        ]),
    ...(rest === undefined ? [] : [`${rest} can be found in Gatehouse:`, `  ${letter.consoleLink}`, '']),
  ];
};

const RULE = '-'.repeat(60);

export const letterText = (letter: Letter): string => {
  const [first] = letter.questions;
  return [
    headingOf(letter),
    '',
    introOf(letter),
    'If you do nothing, nothing is let in.',
    '',
    ...letter.questions.flatMap((each) => [RULE, ...question(letter, each), '']),
    RULE,
    ...rest(letter),
    ...(first === undefined
      ? []
      : [
          'Deactivate review: let every address in until it is switched on again',
          `  ${first.links.deactivate}`,
          '',
        ]),
    'Opening a link changes nothing: it shows what will happen, and a button does it.',
    `Each link works once, until ${letter.linksEndAt}, and is meant for you alone: do not forward this message.`,
    '',
    `Sent by Gatehouse to ${letter.recipient}, who answers such questions for the account ${letter.accountName}.`,
    '',
  ].join('\n');
};

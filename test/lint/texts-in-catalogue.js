/** Attributes and properties whose strings people read, also those of a single word. */
const READ_NAMES = new Set([
  ...['alt', 'aria-label', 'aria-description', 'aria-roledescription', 'confirm', 'description', 'detail'],
  ...[
    'error',
    'first',
    'headline',
    'label',
    'message',
    'placeholder',
    'second',
    'short',
    'title',
    'why',
    'words',
  ],
]);

/** Two words with a space between, and no markup, code or SQL. */
const PHRASE = /(?<![\p{L}\d_-])\p{L}[\p{L}’']*[,;:.!?…”)]* [“(]?\p{L}/u;
const LETTER = /\p{L}/u;

/** Names, keys, and examples of addresses, files and variables are the same in all languages. */
const UNTRANSLATED = /^(Gatehouse|Electron|English|Français|Ctrl\+(Alt\+)?|Meta|Control|\S*[./:@_\d]\S*)$/u;

/** Errors are for those who look for a bug, lines of the log too. */
function isForDevelopers(node) {
  for (let at = node.parent; at !== undefined && at !== null; at = at.parent) {
    if (at.type === 'ThrowStatement') return true;
    if (at.type === 'NewExpression' && /Error$/.test(at.callee.name ?? '')) return true;
    if (at.type === 'CallExpression' && at.callee.object?.name === 'log') return true;
    if (at.type.endsWith('Statement') || at.type.endsWith('Declaration')) return false;
  }
  return false;
}

/** Returns the name of the attribute or property that a string stands in, through `?:` and `??`. */
function nameOf(node) {
  let at = node;
  while (
    ['ConditionalExpression', 'LogicalExpression', 'TemplateLiteral', 'JSXExpressionContainer'].includes(
      at.parent.type,
    ) &&
    at.parent.test !== at
  ) {
    at = at.parent;
  }
  if (at.parent.type === 'JSXAttribute') return at.parent.name.name;
  return at.parent.type === 'Property' && at.parent.value === at
    ? (at.parent.key.name ?? at.parent.key.value)
    : '';
}

/** Reports what people read and the catalogue (`shared/i18n/`) does not have. */
export const textsInCatalogue = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { text: 'This text belongs into shared/i18n: “{{text}}”.' },
  },
  create(context) {
    const report = (node, text) =>
      context.report({ node, messageId: 'text', data: { text: text.trim().slice(0, 60) } });
    const check = (node, text) => {
      if (!LETTER.test(text) || UNTRANSLATED.test(text.trim())) return;
      const isRead = PHRASE.test(text) || READ_NAMES.has(nameOf(node));
      if (isRead && !isForDevelopers(node)) report(node, text);
    };
    return {
      JSXText(node) {
        if (LETTER.test(node.value) && !UNTRANSLATED.test(node.value.trim())) report(node, node.value);
      },
      Literal(node) {
        if (typeof node.value !== 'string') return;
        // A module's name, a type.
        if (/^(Import|Export|TSLiteralType)/.test(node.parent.type)) return;
        check(node, node.value);
      },
      TemplateElement(node) {
        if (node.parent.type !== 'TSTemplateLiteralType') check(node, node.value.cooked);
      },
    };
  },
};

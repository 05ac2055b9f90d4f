import { hiddenCharacterIn, looksEmpty } from '#shared/domain/plain-text';
import { t } from '#shared/i18n/t';

/** Returns the reason why a typed text is not acceptable as a label, a name or a note; null if it is. */
export function hiddenTextMessage(what: 'label' | 'name' | 'note', text: string): string | null {
  const character = hiddenCharacterIn(text);
  if (character !== undefined) return t(`words.hidden_${what}`, { character });
  return looksEmpty(text) ? t(`words.unseen_${what}`) : null;
}

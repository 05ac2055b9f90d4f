import { remember, remembered } from '../bridge/remembered';
import type { AnswerDraft } from './ui';

const STORAGE_KEY = 'gatehouse.answerDrafts';
const MOST_KEPT = 20;

type Drafts = Readonly<Record<string, Partial<AnswerDraft>>>;

/** What a person has typed: the rest is chosen quickly again. */
type Typed = Pick<AnswerDraft, 'scope' | 'ownText' | 'note'>;

/** The approval window goes with Escape: what was typed in it is there when it shows the question again. */
export function keepAnswerDrafts(drafts: Drafts): void {
  const typed = Object.entries(drafts)
    .filter(([, { ownText = '', note = '' }]) => ownText !== '' || note !== '')
    .map(([id, { scope, ownText, note }]) => [id, { scope, ownText, note }] as const);
  remember(STORAGE_KEY, JSON.stringify(typed.slice(-MOST_KEPT)));
}

/** What is kept is text that anybody could have written: what does not make sense is as if it were not there. */
export function keptAnswerDrafts(): Drafts {
  try {
    const kept: unknown = JSON.parse(remembered(STORAGE_KEY) ?? '[]');
    if (!Array.isArray(kept)) return {};
    return Object.fromEntries(
      kept.flatMap((entry: unknown) => {
        if (!Array.isArray(entry)) return [];
        const [id, draft] = entry as readonly unknown[];
        return typeof id === 'string' && typeof draft === 'object' ? [[id, typedIn(draft)]] : [];
      }),
    );
  } catch {
    return {};
  }
}

function typedIn(draft: object | null): Partial<Typed> {
  const { scope, ownText, note } = (draft ?? {}) as Readonly<Record<string, unknown>>;
  return {
    ...(scope === 'address' || scope === 'subnet' || scope === 'own' ? { scope } : {}),
    ...(typeof ownText === 'string' ? { ownText } : {}),
    ...(typeof note === 'string' ? { note } : {}),
  };
}

import { remember, remembered } from '../bridge/remembered';
import type { AnswerDraft } from './ui';

const STORAGE_KEY = 'gatehouse.answerDrafts';
const MOST_KEPT = 20;

type Drafts = Readonly<Record<string, Partial<AnswerDraft>>>;

/** The typed parts of a draft; the others are quickly chosen again. */
type Typed = Pick<AnswerDraft, 'scope' | 'ownText' | 'note'>;

/** Stores typed texts, because Escape closes the approval window and must not lose them. */
export function keepAnswerDrafts(drafts: Drafts): void {
  const typed = Object.entries(drafts)
    .filter(([, { ownText = '', note = '' }]) => ownText !== '' || note !== '')
    .map(([id, { scope, ownText, note }]) => [id, { scope, ownText, note }] as const);
  remember(STORAGE_KEY, JSON.stringify(typed.slice(-MOST_KEPT)));
}

/** Reads the stored texts, which may be malformed; invalid ones are ignored. */
export function keptAnswerDrafts(): Drafts {
  try {
    const kept: unknown = JSON.parse(remembered(STORAGE_KEY) ?? '[]');
    if (!Array.isArray(kept)) return {};
    return Object.fromEntries(
      kept.flatMap((item: unknown) => {
        if (!Array.isArray(item)) return [];
        const [id, draft] = item as readonly unknown[];
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

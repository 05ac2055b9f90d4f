import { create } from 'zustand';
import type { Effect, Range, Reason, Verdict } from '#shared/domain/entities';
import type { Screen } from '#shared/ipc/app';
import { keepAnswerDrafts, keptAnswerDrafts } from './answer-drafts';
import { type ColorScheme, onColorSchemeStored, storeColorScheme, storedColorScheme } from '../bridge/page';

/** For how long something is let in. */
export type Duration = 'hour' | 'day' | 'week' | 'forever';

/** What is chosen for a question before it is answered; kept while one looks at other screens. */
export interface AnswerDraft {
  readonly scope: 'address' | 'subnet' | 'own';
  readonly ownText: string;
  readonly allowWide: boolean;
  readonly duration: Duration;
  readonly thisKeyOnly: boolean;
  readonly addDenyRange: boolean;
  readonly note: string;
}

export const emptyAnswerDraft: AnswerDraft = {
  scope: 'address',
  ownText: '',
  allowWide: false,
  duration: 'forever',
  thisKeyOnly: false,
  addDenyRange: false,
  note: '',
};

/** What the form for a new range starts with. */
export interface RangeDraft {
  readonly text: string;
  readonly effect: Effect;
  readonly label: string;
  readonly keyId: string | null;
  readonly expiresAt: string | null;
}

export interface LogDraft {
  readonly verdict: Verdict | null;
  readonly reason: Reason | null;
  readonly keyId: string | null;
  readonly ipText: string;
  readonly text: string;
}

export const emptyLogDraft: LogDraft = { verdict: null, reason: null, keyId: null, ipText: '', text: '' };

interface UiState {
  readonly screen: Screen;
  readonly colorScheme: ColorScheme;
  /** What was changed for a question by hand; the rest is as it starts. */
  readonly answerDrafts: Readonly<Record<string, Partial<AnswerDraft>>>;
  readonly logDraft: LogDraft;
  readonly selectedAttemptId: string | null;
  readonly rangesTab: Effect;
  readonly rangesSearch: string;
  /** The form for a new range is open while this is set. */
  readonly rangeDraft: RangeDraft | null;
  /** The form for this range is open while this is set; the range as it was shown when it was opened. */
  readonly editedRange: Range | null;
  /** The dialog for an import of many ranges is open. */
  readonly importOpen: boolean;
  /** The form for a connection is open: to another service, or with a new token for this one. */
  readonly connectForm: { readonly url: string; readonly why: 'elsewhere' | 'token' } | null;
  /** The list of edits that the service does not have yet is open. */
  readonly editsListed: boolean;
  /** A new secret that is on screen now. Here and not in a screen, so that changing the screen does not lose it. */
  readonly newSecret: {
    readonly keyName: string;
    readonly secret: string;
    readonly why: 'created' | 'updated';
  } | null;
}

const initialState = (): UiState => ({
  screen: 'pending',
  colorScheme: storedColorScheme(),
  answerDrafts: keptAnswerDrafts(),
  logDraft: emptyLogDraft,
  selectedAttemptId: null,
  rangesTab: 'authorize',
  rangesSearch: '',
  rangeDraft: null,
  editedRange: null,
  importOpen: false,
  connectForm: null,
  editsListed: false,
  newSecret: null,
});

export const useUi = create<UiState>(initialState);

export const showScreen = (screen: Screen): void => useUi.setState({ screen });

export function setColorScheme(colorScheme: ColorScheme): void {
  storeColorScheme(colorScheme);
  useUi.setState({ colorScheme });
}

/** Follows the choice made in another window of the app. */
export const startColorScheme = (): (() => void) =>
  onColorSchemeStored((colorScheme) => useUi.setState({ colorScheme }));

export function changeAnswerDraft(reviewId: string, change: Partial<AnswerDraft>): void {
  useUi.setState(({ answerDrafts }) => ({
    answerDrafts: {
      ...answerDrafts,
      [reviewId]: { ...answerDrafts[reviewId], ...change },
    },
  }));
  keepAnswerDrafts(useUi.getState().answerDrafts);
}

export const changeLogDraft = (change: Partial<LogDraft>): void =>
  useUi.setState(({ logDraft }) => ({ logDraft: { ...logDraft, ...change } }));

/** Shows the log with these filters and no others. */
export const showLogWith = (filter: Partial<LogDraft>): void =>
  useUi.setState({ screen: 'log', logDraft: { ...emptyLogDraft, ...filter }, selectedAttemptId: null });

/** Opens the form for a new range. */
export const draftRange = (draft: Partial<RangeDraft>): void =>
  useUi.setState({
    rangeDraft: { text: '', effect: 'authorize', label: '', keyId: null, expiresAt: null, ...draft },
  });

/** Opens the form for a range that is there. */
export const editRange = (editedRange: Range): void => useUi.setState({ editedRange });

export const resetUi = (): void => useUi.setState(initialState(), true);

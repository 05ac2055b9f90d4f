import { create } from 'zustand';
import type { Effect, Key, Range } from '#shared/domain/entities';
import type { Source } from '#shared/domain/source';
import type { SourcePreset } from '#shared/domain/source-presets';
import type { Screen } from '#shared/ipc/screens';
import { keepAnswerDrafts, keptAnswerDrafts } from './answer-drafts';
import { emptyLogDraft, type LogDraft, type LogView } from './log-draft';
import { emptyRangesFilter, filterRanges } from './ranges-list';
import { type ColorScheme, onColorSchemeStored, storeColorScheme, storedColorScheme } from '../bridge/page';

export type Duration = 'hour' | 'day' | 'week' | 'forever';

/** The choices for a review before the answer. They are kept while other screens are shown. */
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

/** Initial values of the form for a new range. */
export interface RangeDraft {
  readonly text: string;
  readonly effect: Effect;
  readonly label: string;
  readonly keyId: string | null;
  readonly expiresAt: string | null;
}

/** Initial values of the form for a new source with the list of a vendor. */
export interface SourceDraft {
  readonly preset: SourcePreset;
  readonly keyId: string;
}

/** The sections of Settings, in the order of the screen; each is named after its title. */
export const SETTINGS_SECTIONS = [
  'connection',
  'network',
  'notifications',
  'thisComputer',
  'localLog',
  'appearance',
  'about',
] as const;
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number];

export interface NewSecret {
  /** Of a new key, of one that has a secret already, or an access token. */
  readonly kind: 'newKey' | 'rotatedKey' | 'token';
  /** The name of the key or token. */
  readonly name: string;
  readonly secret: string;
}

interface UiState {
  readonly screen: Screen;
  readonly colorScheme: ColorScheme;
  /** Choices made by hand, by review; the others keep their initial value. */
  readonly answerDrafts: Readonly<Record<string, Partial<AnswerDraft>>>;
  readonly logDraft: LogDraft;
  readonly logView: LogView;
  readonly selectedAttemptId: string | null;
  readonly rangesTab: Effect;
  /** True while Authorized IPs shows the sources in place of a list of ranges. */
  readonly showsSources: boolean;
  /** The source in the form, as it was when the form opened; null while no form is open. */
  readonly sourceForm: 'new' | SourceDraft | Source | null;
  readonly rangesSearch: string;
  /** The form for a new range is open while this is set. */
  readonly rangeDraft: RangeDraft | null;
  /** The form for an existing range is open while this is set to the range as it was then shown. */
  readonly editedRange: Range | null;
  readonly importOpen: boolean;
  readonly exportOpen: boolean;
  /** True while the form for a new API key is open. */
  readonly isCreatingKey: boolean;
  /** True while the form for a new user is open. */
  readonly isAddingUser: boolean;
  readonly selectedUserId: string | null;
  readonly selectedKeyId: string | null;
  readonly isPaletteOpen: boolean;
  /** The section of Settings to which somebody was led, until it is in view. */
  readonly settingsSection: SettingsSection | null;
  /** The form for another access token is open while this is set, to the address of the shown account's service. */
  readonly tokenFormUrl: string | null;
  /** True while the screen on which another account is connected is shown. */
  readonly isAddingAccount: boolean;
  /** The form for a new secret is open while this is set. */
  readonly rotatedKey: Key | null;
  /** True while the list of operations that the service does not have yet is open. */
  readonly operationsListed: boolean;
  /** The secret on screen. It is kept here, so that a change of screen does not lose it. */
  readonly newSecret: NewSecret | null;
}

function initialState(): UiState {
  return {
    screen: 'overview',
    colorScheme: storedColorScheme(),
    answerDrafts: keptAnswerDrafts(),
    logDraft: emptyLogDraft,
    logView: 'rows',
    selectedAttemptId: null,
    rangesTab: 'authorize',
    showsSources: false,
    sourceForm: null,
    rangesSearch: '',
    rangeDraft: null,
    editedRange: null,
    importOpen: false,
    exportOpen: false,
    isCreatingKey: false,
    isAddingUser: false,
    selectedUserId: null,
    selectedKeyId: null,
    isPaletteOpen: false,
    settingsSection: null,
    rotatedKey: null,
    tokenFormUrl: null,
    isAddingAccount: false,
    operationsListed: false,
    newSecret: null,
  };
}

export const useUi = create<UiState>(initialState);

export function showScreen(screen: Screen): void {
  useUi.setState({ screen, isAddingAccount: false, isPaletteOpen: false });
}

export function addAccount(): void {
  useUi.setState({ isAddingAccount: true, isPaletteOpen: false });
}

/** Closes forms and drops filters, because they are about an account that is not shown any more. */
export function closeForms(): void {
  useUi.setState({
    logDraft: emptyLogDraft,
    logView: 'rows',
    selectedAttemptId: null,
    rangesSearch: '',
    rangeDraft: null,
    editedRange: null,
    importOpen: false,
    exportOpen: false,
    isCreatingKey: false,
    isAddingUser: false,
    selectedUserId: null,
    selectedKeyId: null,
    isPaletteOpen: false,
    rotatedKey: null,
    tokenFormUrl: null,
    isAddingAccount: false,
    operationsListed: false,
  });
}

export function setColorScheme(colorScheme: ColorScheme): void {
  storeColorScheme(colorScheme);
  useUi.setState({ colorScheme });
}

/** Follows the choice made in another window of the app. */
export function startColorScheme(): () => void {
  return onColorSchemeStored((colorScheme) => useUi.setState({ colorScheme }));
}

export function changeAnswerDraft(reviewId: string, change: Partial<AnswerDraft>): void {
  useUi.setState(({ answerDrafts }) => ({
    answerDrafts: {
      ...answerDrafts,
      [reviewId]: { ...answerDrafts[reviewId], ...change },
    },
  }));
  keepAnswerDrafts(useUi.getState().answerDrafts);
}

export function changeLogDraft(change: Partial<LogDraft>): void {
  useUi.setState(({ logDraft }) => ({ logDraft: { ...logDraft, ...change } }));
}

export function showLogWith(filter: Partial<LogDraft>): void {
  useUi.setState({
    screen: 'log',
    logDraft: { ...emptyLogDraft, ...filter },
    logView: 'rows',
    selectedAttemptId: null,
  });
}

/** Shows the ranges that hold for this key alone in Authorized IPs. */
export function showRangesOf({ id }: Pick<Key, 'id'>, rangesTab: Effect): void {
  filterRanges({ ...emptyRangesFilter, keyId: id });
  useUi.setState({ screen: 'ranges', rangesTab, showsSources: false, rangesSearch: '' });
}

/** Shows the range in Authorized IPs. */
export function showRange({ cidr, effect }: Pick<Range, 'cidr' | 'effect'>): void {
  const rangesTab = effect === 'deny' ? 'deny' : 'authorize';
  filterRanges(emptyRangesFilter);
  useUi.setState({ screen: 'ranges', rangesTab, showsSources: false, rangesSearch: cidr });
}

export function showSources(): void {
  showScreen('ranges');
  useUi.setState({ showsSources: true });
}

export function draftSource(sourceForm: SourceDraft): void {
  showSources();
  useUi.setState({ sourceForm });
}

export function showSettings(settingsSection: SettingsSection): void {
  useUi.setState({ screen: 'settings', settingsSection });
}

export function draftRange(draft: Partial<RangeDraft>): void {
  useUi.setState({
    rangeDraft: { text: '', effect: 'authorize', label: '', keyId: null, expiresAt: null, ...draft },
  });
}

/** Opens the form for a new token of the shown account's service. */
export function enterToken(url: string): void {
  useUi.setState({ tokenFormUrl: url });
}

export function rotateKey(rotatedKey: Key): void {
  useUi.setState({ rotatedKey });
}

export function editRange(editedRange: Range): void {
  useUi.setState({ editedRange });
}

export function resetUi(): void {
  useUi.setState(initialState(), true);
}

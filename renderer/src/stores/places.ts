import { create } from 'zustand';
import { type Screen, SCREENS } from '#shared/ipc/screens';
import { addPlace, currentNote, currentPlace, onStep, replacePlace } from '../bridge/page-history';
import { emptyLogDraft, type LogPlace, placeOfText, textOfPlace } from './log-draft';
import { useUi } from './ui';

/** Goes with each place of the page's history. */
interface Note {
  /** Number of places before it. */
  readonly depth: number;
  /** Grows with each account that is shown, because the filters of one mean nothing to another. */
  readonly era: number;
  /** The place came from typing, which goes on in it. */
  readonly isTyped: boolean;
}

type Shown = LogPlace & { readonly screen: Screen };

export const usePlaces = create(() => ({ canGoBack: false }));

let era = 0;

function noteHere(): Note | null {
  const note = currentNote() as Partial<Note> | null;
  return typeof note?.depth === 'number' ? { era: 0, isTyped: false, ...note, depth: note.depth } : null;
}

function textOf(shown: Shown): string {
  const query = shown.screen === 'log' ? textOfPlace(shown) : '';
  return query === '' ? shown.screen : `${shown.screen}?${query}`;
}

/** Only the typed fields of the filter differ. */
function isTyping(shown: Shown, before: Shown): boolean {
  const { ipText, text } = before.logDraft;
  const untyped = { ...shown, logDraft: { ...shown.logDraft, ipText, text } };
  return textOf(untyped) === textOf(before);
}

/** Shows the place in the page's address. Returns false if there is none. */
function showPlace(): boolean {
  const note = noteHere();
  const [name = '', query = ''] = currentPlace().split('?', 2);
  const screen = SCREENS.find((one) => one === name);
  if (screen === undefined) return false;
  usePlaces.setState({ canGoBack: (note?.depth ?? 0) > 0 });
  const isOfThisAccount = (note?.era ?? era) === era;
  const place =
    screen !== 'log'
      ? {}
      : isOfThisAccount
        ? placeOfText(query)
        : ({ logDraft: emptyLogDraft, logView: 'rows' } as const);
  useUi.setState({ screen, ...place, selectedAttemptId: null, isAddingAccount: false });
  return true;
}

/**
 * Keeps what is shown in the page's address, so that Back undoes it. A page that was loaded again shows what it showed; else
 * `lead` leads to the first place. Returns a function that stops it.
 */
export function startPlaces(lead: () => void): () => void {
  era = noteHere()?.era ?? era;
  if (!showPlace()) {
    lead();
    replacePlace(textOf(useUi.getState()), { depth: 0, era, isTyped: false } satisfies Note);
  }
  const ends = [
    useUi.subscribe((shown, before) => {
      const text = textOf(shown);
      if (text === currentPlace()) return;
      const note = noteHere();
      const isTyped = isTyping(shown, before);
      const depth = note?.depth ?? 0;
      if (isTyped && note?.isTyped === true) replacePlace(text, { depth, era, isTyped } satisfies Note);
      else addPlace(text, { depth: depth + 1, era, isTyped } satisfies Note);
      usePlaces.setState({ canGoBack: true });
    }),
    onStep(() => void showPlace()),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** The filters of former places are of another account. */
export function forgetPlaces(): void {
  era += 1;
  replacePlace(textOf(useUi.getState()), {
    depth: noteHere()?.depth ?? 0,
    era,
    isTyped: false,
  } satisfies Note);
}

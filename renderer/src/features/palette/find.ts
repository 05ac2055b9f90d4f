import { cidrOfRange, isExpired } from '#shared/domain/deciding-range';
import type { Key, Range } from '#shared/domain/entities';
import { type Screen, SCREENS } from '#shared/ipc/screens';
import { cidrContainsCidr, cidrsOverlap } from '#shared/ip/index';
import { t } from '#shared/i18n/t';
import { refusalOf } from '../../domain/permissions';
import { holds, type RangeMeaning, readRange } from '../../domain/range-check';
import { rangeName, spokenCidr } from '../../domain/range-words';
import { useMirror } from '../../stores/mirror';
import { pendingReviews } from '../../stores/mirror-model';
import { showReview } from '../../stores/pending-list';
import {
  draftRange,
  SETTINGS_SECTIONS,
  showLogWith,
  showRange,
  showScreen,
  showSettings,
  useUi,
} from '../../stores/ui';
import { actions, type Choice, type UndoableAnswer } from './actions';
import { folded, NO_MATCH, ranked, rankOf } from './match';

/** Results of a group beyond this number are counted only. */
const MOST_IN_GROUP = 6;
/** Puts what matches only in its detail behind what matches in its name. */
const DETAIL_PENALTY = 5;
/** Puts ranges inside a typed one behind those around it, and those that have it only in their text behind both. */
const INSIDE = 200;
const IN_TEXT = 400;

export const GROUPS = ['addresses', 'screens', 'actions', 'keys', 'ranges', 'settings'] as const;
export type GroupName = (typeof GROUPS)[number];

export interface Group {
  readonly name: GroupName;
  readonly choices: readonly Choice[];
  /** Number of matches, of which `choices` has the best. */
  readonly count: number;
}

export interface Findable {
  readonly undoableAnswer: UndoableAnswer;
  readonly nowMs: number;
}

type FoundGroup = Group & { readonly best: number };

/**
 * Returns what fits the typed text, in groups, the one with the best match first. It reads the stores once, because a list
 * that changes under the hand is chosen from wrongly.
 */
export function find(text: string, { undoableAnswer, nowMs }: Findable): readonly Group[] {
  const typed = folded(text.trim());
  const named = [
    groupOf('screens', SCREENS.map(screenChoice), typed),
    groupOf('actions', actions(undoableAnswer), typed),
  ];
  if (typed === '') return named;
  const reading = readRange(text);
  const meaning = reading.kind === 'range' || reading.kind === 'wide' ? reading.meaning : null;
  const groups: FoundGroup[] = [
    ...(meaning === null ? [] : [addressGroup(text.trim(), meaning)]),
    ...named,
    keyGroup(typed),
    rangeGroup(typed, meaning, nowMs),
    groupOf('settings', SETTINGS_SECTIONS.map(sectionChoice), typed),
  ];
  return groups.filter(({ count }) => count > 0).sort((a, b) => a.best - b.best);
}

function groupOf(name: GroupName, choices: readonly Choice[], typed: string): FoundGroup {
  const found = ranked(choices, ({ label, detail = '' }) =>
    typed === '' ? 0 : Math.min(rankOf(folded(label), typed), rankOf(folded(detail), typed) + DETAIL_PENALTY),
  );
  // What is there when nothing was typed is short enough to be shown whole.
  const most = typed === '' ? found.length : MOST_IN_GROUP;
  return {
    name,
    choices: found.slice(0, most).map(({ item }) => item),
    count: found.length,
    best: found[0]?.rank ?? NO_MATCH,
  };
}

function screenChoice(screen: Screen): Choice {
  return { id: `screen ${screen}`, label: t(`frame.screen_${screen}`), run: () => showScreen(screen) };
}

function sectionChoice(section: (typeof SETTINGS_SECTIONS)[number]): Choice {
  return {
    id: `settings ${section}`,
    label: t(`settings.${section}`),
    detail: t(`palette.about_${section}`),
    run: () => showSettings(section),
  };
}

/** Returns what can be done about a typed address or range. Nothing of it happens before a form is sent. */
function addressGroup(text: string, meaning: RangeMeaning): FoundGroup {
  const [only] = meaning.texts;
  const range = only === undefined || meaning.texts.length > 1 ? text : spokenCidr(only);
  const { account, reviews } = useMirror.getState();
  const refusal = refusalOf(account, 'authorized_ips');
  const open = pendingReviews(reviews).filter(({ ip }) => holds(meaning, ip));
  const choices: readonly Choice[] =
    account === null
      ? []
      : [
          { id: 'calls', label: t('palette.showCalls', { range }), run: () => showLogWith({ ipText: text }) },
          ...open.slice(0, MOST_IN_GROUP / 2).map(({ id, ip, keyName }) => ({
            id: `review ${id}`,
            label: t('palette.openReview', { ip }),
            detail: keyName,
            run: () => {
              showScreen('pending');
              showReview(id);
            },
          })),
          ...(['authorize', 'deny'] as const).map((effect) => ({
            id: effect,
            label: t(`palette.${effect}`, { range }),
            refusal,
            run: () => draftRange({ text, effect }),
          })),
        ];
  return { name: 'addresses', choices, count: choices.length, best: -Infinity };
}

function keyGroup(typed: string): FoundGroup {
  const found = ranked(useMirror.getState().keys.values(), ({ name, prefix }) =>
    Math.min(rankOf(folded(name), typed), rankOf(folded(prefix), typed)),
  );
  const choices = found.slice(0, MOST_IN_GROUP / 2).flatMap(({ item }) => keyChoices(item));
  return {
    name: 'keys',
    choices,
    // Each key is there twice.
    count: found.length * 2,
    best: found[0]?.rank ?? NO_MATCH,
  };
}

function keyChoices({ id, name, prefix }: Key): readonly Choice[] {
  const detail = `${prefix}…`;
  return [
    {
      id: `calls ${id}`,
      label: t('palette.callsWithKey', { name }),
      detail,
      run: () => showLogWith({ keyId: id }),
    },
    {
      id: `key ${id}`,
      label: t('palette.keyInList', { name }),
      detail,
      run: () => useUi.setState({ screen: 'keys', selectedKeyId: id }),
    },
  ];
}

/** Finds ranges by label and text, and those around, inside or beside a typed one, the narrowest around it first. */
function rangeGroup(typed: string, meaning: RangeMeaning | null, nowMs: number): FoundGroup {
  const relation = (range: Range): number => {
    const cidr = meaning === null ? undefined : cidrOfRange(range);
    if (cidr === undefined || meaning === null) return NO_MATCH;
    if (meaning.cidrs.every((wanted) => cidrContainsCidr(cidr, wanted))) return -cidr.prefixLength;
    return meaning.cidrs.some((wanted) => cidrsOverlap(wanted, cidr)) ? INSIDE + cidr.prefixLength : NO_MATCH;
  };
  const inText = meaning === null ? 0 : IN_TEXT;
  const found = ranked(useMirror.getState().ranges.values(), (range) =>
    Math.min(
      relation(range),
      rankOf(folded(range.label), typed) + inText,
      rankOf(range.cidr, typed) + inText,
    ),
  );
  return {
    name: 'ranges',
    choices: found.slice(0, MOST_IN_GROUP).map(({ item }) => rangeChoice(item, nowMs)),
    count: found.length,
    best: found[0]?.rank ?? NO_MATCH,
  };
}

function rangeChoice(range: Range, nowMs: number): Choice {
  return {
    id: `range ${range.id}`,
    label: rangeName(range),
    detail: stateWords(range, nowMs),
    run: () => showRange(range),
  };
}

function stateWords(range: Range, nowMs: number): string {
  if (isExpired(range, nowMs)) return t('palette.rangeExpired');
  if (range.effect === 'authorize') return t('palette.rangeAuthorized');
  return t(range.effect === 'deny' ? 'palette.rangeDenied' : 'palette.rangeNew');
}

import type { Key } from '#shared/domain/entities';
import type { Source } from '#shared/domain/source';
import { fillsList, subjectOf } from '#shared/domain/source-spec';
import { sentencesInWords } from '#shared/domain/sentence';
import { sourceName } from '#shared/domain/source-words';
import { widthOf } from '#shared/domain/source-width';
import { UNRECOGNISED } from '#shared/domain/told';
import { t } from '#shared/i18n/t';
import { refusalWords } from '#shared/ipc/refusal-words';
import { formatAgo, formatMoment, formatUntil } from '../../../ui/format';

/** Sorts sources by name; those that need somebody come first. */
export function sortSources(sources: Iterable<Source>): readonly Source[] {
  return [...sources].sort(
    (a, b) => rankOf(a) - rankOf(b) || sourceName(a).localeCompare(sourceName(b)) || (a.id < b.id ? -1 : 1),
  );
}

function rankOf({ status }: Source): number {
  return status === 'failing' || status === 'shrunk' ? 0 : 1;
}

function isOver({ rangeExpiresAt }: Source, nowMs: number): boolean {
  return rangeExpiresAt !== null && Date.parse(rangeExpiresAt) <= nowMs;
}

/** Says what the source does to whose calls. */
export function effectWords(source: Source, keys: ReadonlyMap<string, Key>, nowMs: number): string {
  const { kind, effect, keyId, rangeCount, rangeExpiresAt } = source;
  if (isOver(source, nowMs)) return t('sources.over');
  const parts = [
    kind !== UNRECOGNISED && fillsList(kind)
      ? t(`sources.keeps_${effect}`, { count: rangeCount })
      : t(`sources.asks_${effect}`),
  ];
  if (keyId !== null) {
    parts.push(t('sources.forKey', { name: keys.get(keyId)?.name ?? t('ranges.removedKey') }));
  }
  if (rangeExpiresAt !== null) {
    parts.push(t('sources.until', { moment: formatMoment(rangeExpiresAt, nowMs) }));
  }
  return parts.join(' · ');
}

export type Tone = 'well' | 'trouble' | 'quiet';

export interface StateWords {
  readonly tone: Tone;
  readonly state: string;
  /** The times at which it was read and is read again. */
  readonly times: string;
  /** The fault; in the service's English words if this console has none for it. */
  readonly problem: string | null;
  /** The consequence for the ranges. */
  readonly consequence: string | null;
}

export function stateWords(source: Source, nowMs: number): StateWords {
  const { status, lastTriedAt, lastOkAt, nextAt } = source;
  const next = nextAt === null || status === 'paused' ? null : nextWords(nextAt, nowMs);
  const join = (parts: readonly (string | null)[]): string =>
    parts.filter((part) => part !== null).join(' · ');
  if (status === 'paused') {
    const read = lastOkAt === null ? null : t('sources.readAt', { ago: formatAgo(lastOkAt, nowMs) });
    const consequence = t('sources.pausedHelp');
    return {
      tone: 'quiet',
      state: t('sources.state_paused'),
      times: join([read]),
      problem: null,
      consequence,
    };
  }
  if (lastTriedAt === null) {
    return {
      tone: 'quiet',
      state: t('sources.state_waiting'),
      times: join([next]),
      problem: null,
      consequence: null,
    };
  }
  if (status === 'ok') {
    const read = t('sources.readAt', { ago: formatAgo(lastOkAt ?? lastTriedAt, nowMs) });
    return {
      tone: 'well',
      state: t('sources.state_ok'),
      times: join([read, next]),
      problem: null,
      consequence: null,
    };
  }
  return {
    tone: 'trouble',
    state: t(`sources.state_${status}`),
    times: join([t('sources.triedAt', { ago: formatAgo(lastTriedAt, nowMs) }), next]),
    problem: problemWords(source),
    consequence:
      lastOkAt === null
        ? t('sources.nothingKept')
        : t('sources.keptRanges', { moment: formatMoment(lastOkAt, nowMs) }),
  };
}

function problemWords({ status, lastError, lastErrorWords, lastErrorCode }: Source): string | null {
  const code = status === 'shrunk' ? status : (lastErrorCode ?? '');
  return lastError === null ? null : (sentencesInWords(lastErrorWords) ?? refusalWords(code, lastError));
}

function nextWords(nextAt: string, nowMs: number): string {
  return Date.parse(nextAt) <= nowMs
    ? t('sources.nextNow')
    : t('sources.nextAt', { moment: formatUntil(nextAt, nowMs) });
}

/** Says what the last answer that differed added and dropped. */
export function changeWords({ kind, lastOkAt, lastChange }: Source, nowMs: number): string | null {
  // A source that was never read cannot have changed anything.
  if (kind === UNRECOGNISED || !fillsList(kind) || lastOkAt === null) return null;
  if (lastChange === null) return t('sources.noChange');
  const { at, added, dropped, addedExamples, droppedExamples } = lastChange;
  const parts = [
    added > 0 ? t('sources.added', { count: added, examples: exampleWords(addedExamples, added) }) : '',
    dropped > 0
      ? t('sources.dropped', { count: dropped, examples: exampleWords(droppedExamples, dropped) })
      : '',
  ].filter((part) => part !== '');
  return `${t('sources.lastChange', { ago: formatAgo(at, nowMs) })} ${parts.join(', ')}`;
}

function exampleWords(examples: readonly string[], count: number): string {
  const text = examples.slice(0, 3).join(', ');
  return count > 3 ? t('sources.more', { examples: text }) : text;
}

/** Returns the warning about a source that lets in a whole cloud or country. */
export function widthWords({ kind, spec, effect }: Pick<Source, 'kind' | 'spec' | 'effect'>): string | null {
  const subject = subjectOf({ kind, spec });
  const width = subject === undefined || effect === UNRECOGNISED ? undefined : widthOf(subject, effect);
  return width === undefined ? null : t(`sources.wide_${width}`);
}

import {
  type Icon,
  IconAlertTriangle,
  IconArrowsDiff,
  IconHourglassLow,
  IconInbox,
  IconShieldOff,
  IconShieldQuestion,
  IconShieldSearch,
  IconRefreshAlert,
  IconUserQuestion,
} from '@tabler/icons-react';
import type { Account, Review } from '#shared/domain/entities';
import type { Source } from '#shared/domain/source';
import { learningDueMs } from '#shared/domain/learning-end';
import { sourceName } from '#shared/domain/source-words';
import { UNRECOGNISED } from '#shared/domain/told';
import { SECOND_MS } from '#shared/durations';
import { isReporting } from '#shared/domain/reporting';
import { t } from '#shared/i18n/t';
import type { SyncStatus } from '#shared/ipc/outbox';
import { leaksToShow } from '../../domain/leaked-keys';
import type { LeakSteps } from '../../stores/leaks';
import { pendingReviews } from '../../stores/mirror-model';
import { showScreen, showSources, useUi } from '../../stores/ui';
import { formatAgo, formatMoment, formatUntil } from '../../ui/format';

/** Something that waits for a person, and where it is answered. */
export interface Need {
  readonly id: string;
  readonly icon: Icon;
  /** `alarm` is urgent, `warn` can wait. */
  readonly tone: 'alarm' | 'warn';
  readonly title: string;
  readonly text: string;
  readonly open: () => void;
}

interface State {
  readonly account: Account | null;
  readonly reviews: ReadonlyMap<string, Review>;
  readonly sync: SyncStatus;
  readonly sources: ReadonlyMap<string, Source>;
  readonly leaks: ReadonlyMap<string, LeakSteps>;
  readonly nowMs: number;
}

/** Returns all that waits for a person, the most urgent first. */
export function needsOf({ account, reviews, sync, sources, leaks, nowMs }: State): readonly Need[] {
  const pending = pendingReviews(reviews);
  return [
    ...unprotected(account),
    ...reporting(account),
    ...leaksToShow(pending, leaks).map((leak): Need => ({
      id: `leak ${leak.keyId}`,
      icon: IconAlertTriangle,
      tone: 'alarm',
      title: t('overview.leaked', { name: leak.keyName }),
      text: t('overview.leakedSince', {
        count: leak.addresses,
        moment: formatMoment(leak.since, nowMs),
      }),
      open: () => showScreen('pending'),
    })),
    ...changes(sync),
    ...openReviews(pending, nowMs),
    ...troubledSources(sources),
    ...learning(account, nowMs),
  ];
}

function unprotected(account: Account | null): readonly Need[] {
  const mode = account?.mode;
  if (mode !== 'deactivated' && mode !== UNRECOGNISED) return [];
  return [
    {
      id: 'mode',
      icon: mode === 'deactivated' ? IconShieldOff : IconShieldQuestion,
      tone: 'alarm',
      title: t(mode === 'deactivated' ? 'overview.protectionOff' : 'overview.modeNotKnown'),
      text: t(`words.modeShort_${mode}`),
      open: () => showScreen('protection'),
    },
  ];
}

function reporting(account: Account | null): readonly Need[] {
  if (account === null || !isReporting(account)) return [];
  return [
    {
      id: 'reporting',
      icon: IconShieldSearch,
      tone: 'warn',
      title: t('overview.onlyReports'),
      text: t('overview.seeEnforced'),
      open: () => showScreen('protection'),
    },
  ];
}

function openReviews(pending: readonly Review[], nowMs: number): readonly Need[] {
  const [newest] = pending;
  if (newest === undefined) return [];
  return [
    {
      id: 'reviews',
      icon: IconInbox,
      tone: 'warn',
      title: t('words.openReviews', { count: pending.length }),
      text: t('overview.newestReview', { address: newest.ip, ago: formatAgo(newest.firstAt, nowMs) }),
      open: () => showScreen('pending'),
    },
  ];
}

function changes({ conflicts, needsConfirmation, others }: SyncStatus): readonly Need[] {
  const open = (): void => useUi.setState({ operationsListed: true });
  const asking = conflicts + needsConfirmation;
  return [
    ...(asking === 0
      ? []
      : [
          {
            id: 'changes',
            icon: IconArrowsDiff,
            tone: 'warn',
            title: t('frame.changesAsk', { count: asking }),
            text:
              conflicts === 0
                ? t('frame.askAgain', { count: needsConfirmation })
                : t('frame.conflicts', { count: conflicts }),
            open,
          } as const,
        ]),
    ...(others === 0
      ? []
      : [
          {
            id: 'others',
            icon: IconUserQuestion,
            tone: 'warn',
            title: t('overview.othersChanges', { count: others }),
            text: t('overview.adoptOrDiscard'),
            open,
          } as const,
        ]),
  ];
}

function troubledSources(sources: ReadonlyMap<string, Source>): readonly Need[] {
  return [...sources.values()]
    .filter(({ status }) => status === 'failing' || status === 'shrunk')
    .map((source) => ({
      id: `source ${source.id}`,
      icon: IconRefreshAlert,
      tone: 'warn',
      title: t(source.status === 'shrunk' ? 'overview.sourceShrunk' : 'overview.sourceFails', {
        name: sourceName(source),
      }),
      text: t(source.lastOkAt === null ? 'overview.sourceGaveNothing' : 'overview.sourceKeeps'),
      open: showSources,
    }));
}

function learning(account: Account | null, nowMs: number): readonly Need[] {
  if (account?.mode !== 'learning' || account.learning === null) return [];
  const { endsAt, windowSeconds } = account.learning;
  if (endsAt === null) return [];
  const endsAtMs = Date.parse(endsAt);
  if (nowMs < learningDueMs({ endsAtMs, windowMs: windowSeconds * SECOND_MS })) return [];
  return [
    {
      id: 'learning',
      icon: IconHourglassLow,
      tone: 'warn',
      title: t('overview.learningEnds', { moment: formatUntil(endsAt, nowMs) }),
      text: t('overview.thenAutomatic'),
      open: () => showScreen('protection'),
    },
  ];
}

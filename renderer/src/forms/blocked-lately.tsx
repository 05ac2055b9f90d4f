import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { t } from '#shared/i18n/t';
import type { CallResponse } from '#shared/ipc/derive';
import type { Outcome } from '#shared/ipc/failure';
import { bridge } from '../bridge/bridge';
import { settle } from '../bridge/call';
import { blockedAddresses, type LetsIn, namesSentence, type WantedRange } from '../domain/lets-in';
import { followRows } from '../stores/log-figures';
import { useMirror } from '../stores/mirror';
import { useNow } from '../ui/clock';
import { formatMoment } from '../ui/format';

type Found = CallResponse<'log', 'blockedLately'>;

const MOST_CALLERS = 200;

/** Reads who was blocked there lately, again when the log changes; undefined while that is not known. */
function useBlockedCallers({ text, keyId }: WantedRange): Outcome<Found> | undefined {
  const isOnline = useMirror(({ connection }) => connection.kind === 'online');
  const [found, setFound] = useState<{ readonly of: string; readonly outcome: Outcome<Found> }>();
  const asked = `${text} ${keyId ?? ''}`;
  useEffect(() => {
    let isOver = false;
    const request = { ip: text, limit: MOST_CALLERS, ...(keyId === null ? {} : { keyId }) };
    const rows = followRows(async () => {
      const outcome = await settle(() => bridge().calls.log.blockedLately(request));
      if (!isOver) setFound({ of: asked, outcome });
    });
    return () => {
      isOver = true;
      rows.stop();
    };
    // A reading that failed is repeated when the service answers.
  }, [text, keyId, asked, isOnline]);
  return found?.of === asked ? found.outcome : undefined;
}

interface BlockedLatelyProps {
  readonly wanted: WantedRange;
  readonly letsIn: LetsIn;
  /** Addresses that are named already. */
  readonly known: ReadonlySet<string>;
  readonly children: (text: string, tone: 'info' | 'warning') => ReactNode;
}

/** Says who was blocked lately and would be let in, from the log on this computer. */
export function BlockedLately({ wanted, letsIn, known, children }: BlockedLatelyProps) {
  const outcome = useBlockedCallers(wanted);
  const reviews = useMirror((mirror) => mirror.reviews);
  const nowMs = useNow();
  const names = useMemo(() => {
    const callers = outcome?.ok === true ? outcome.value.callers : [];
    const denied = new Set(
      [...reviews.values()].flatMap(({ status, ip }) => (status === 'denied' ? [ip] : [])),
    );
    return blockedAddresses(callers, letsIn, known).map(({ ip, calls }) =>
      t(denied.has(ip) ? 'forms.blockedCallerDenied' : 'forms.blockedCaller', { ip, count: calls }),
    );
  }, [outcome, reviews, letsIn, known]);
  if (outcome === undefined) return children(t('forms.blockedLoading'), 'info');
  if (!outcome.ok) return children(t('forms.blockedNotKnown'), 'info');
  const { from, completeFrom, isMore } = outcome.value;
  const span =
    completeFrom !== null && completeFrom > from
      ? t('forms.blockedSince', { moment: formatMoment(completeFrom, nowMs) })
      : t('forms.blockedWithin');
  return names.length === 0
    ? children(t(known.size === 0 ? 'forms.blockedNobody' : 'forms.blockedNobodyElse', { span }), 'info')
    : children(t('forms.blockedLately', { span, names: namesSentence(names, isMore) }), 'warning');
}

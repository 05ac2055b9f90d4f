import { useEffect, useId, useState } from 'react';
import { isNetworkRow, type Attempt } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import type { CallResponse } from '#shared/ipc/derive';
import type { Outcome } from '#shared/ipc/failure';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { geolocationWords } from '../../domain/geolocation-words';
import { whySentence } from '../../domain/reasons';
import { EvidenceList } from '../../forms/evidence-list';
import { FailureMessage } from '../../forms/failure-message';
import { useMirror } from '../../stores/mirror';
import { VerdictBadge } from '../../ui/verdict-badge';
import classes from './details.module.css';

type Explained = Outcome<CallResponse<'log', 'explain'>>;

const LONGEST_AGENT = 500;

/** Shows what the same call would get now, and why. Only the service can say it. */
export function WhyNow({ attempt }: { readonly attempt: Attempt }) {
  const titleId = useId();
  const explained = useExplained(attempt);
  // A network stands for many addresses, which each have their own verdict.
  if (isNetworkRow(attempt)) return null;
  return (
    <section className={classes.section} aria-labelledby={titleId}>
      <h3 id={titleId} className={classes.sectionTitle}>
        {t('log.now')}
      </h3>
      <div aria-live="polite">
        {explained === null ? (
          <p className={classes.asking}>{t('log.asking')}</p>
        ) : explained.ok ? (
          <Verdict attempt={attempt} now={explained.value} />
        ) : explained.failure.kind === 'unreachable' ? (
          <p className={classes.asking}>{explained.failure.message}</p>
        ) : (
          <FailureMessage failure={explained.failure} />
        )}
      </div>
    </section>
  );
}

interface VerdictProps {
  readonly attempt: Attempt;
  readonly now: CallResponse<'log', 'explain'>;
}

function Verdict({ attempt, now }: VerdictProps) {
  const { verdict, reason, range, grant, trust, region } = now;
  return (
    <>
      <VerdictBadge verdict={verdict} />
      <p className={classes.why}>
        {whySentence({ ...attempt, verdict, reason, rangeId: range?.id ?? null }, range)}
      </p>
      {/* The row's own facts have the rest of the place. */}
      {region !== null && (
        <p className={classes.why}>{t('log.placeNow', { place: geolocationWords(now) ?? '' })}</p>
      )}
      {grant !== null && <p className={classes.why}>{t('log.wouldGrant', { range: grant })}</p>}
      {trust !== null && <EvidenceList evidence={trust.evidence} />}
    </>
  );
}

/** Asks again when ranges, the mode or the review of the row change. Null until the service has answered. */
function useExplained(attempt: Attempt): Explained | null {
  const { ip, keyId, userAgent, reviewId } = attempt;
  const isNetwork = isNetworkRow(attempt);
  const ranges = useMirror((mirror) => mirror.ranges);
  const mode = useMirror((mirror) => mirror.account?.mode);
  const review = useMirror((mirror) =>
    reviewId === null ? undefined : mirror.reviews.get(reviewId)?.version,
  );
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  const [found, setFound] = useState<{ readonly of: string; readonly explained: Explained } | null>(null);
  const asked = `${ip} ${keyId} ${userAgent ?? ''}`;
  useEffect(() => {
    if (isNetwork) return;
    let isCurrent = true;
    const agent = userAgent === null ? {} : { userAgent: userAgent.slice(0, LONGEST_AGENT) };
    void settle(() => bridge().calls.log.explain({ ip, keyId, ...agent })).then((explained) => {
      if (isCurrent) setFound({ of: asked, explained });
    });
    return () => {
      isCurrent = false;
    };
  }, [asked, ip, keyId, userAgent, isNetwork, ranges, mode, review, isOnline]);
  return found?.of === asked ? found.explained : null;
}

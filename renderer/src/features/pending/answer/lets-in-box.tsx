import { useMemo } from 'react';
import type { Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import type { ScopeReading } from '../../../domain/answer';
import { useMirror } from '../../../stores/mirror';
import classes from './answer.module.css';
import { blockedAddresses, letsInSentence, namesSentence } from './lets-in';
import { useAttempts } from '../facts/use-attempts';
import { type LetsInReading, useLetsIn } from './use-lets-in';

interface LetsInBoxProps {
  readonly review: Review;
  readonly reading: ScopeReading;
  readonly thisKeyOnly: boolean;
}

export function LetsInBox({ review, reading, thisKeyOnly }: LetsInBoxProps) {
  const found = useLetsIn(review, reading, thisKeyOnly);
  return (
    <div className={classes.letsIn} role="status" aria-label={t('answer.letsIn')}>
      {found === null ? (
        <p>{t('answer.writeRange')}</p>
      ) : (
        <>
          <p>{foundWords(found, review)}</p>
          <BlockedLately review={review} found={found} />
        </>
      )}
    </div>
  );
}

function foundWords({ wanted, others }: LetsInReading, review: Review): string {
  const sentence = letsInSentence(wanted, others.length);
  return others.length === 0
    ? sentence
    : t('answer.withNames', { sentence, names: namesSentence(namesOf(others, review)) });
}

function namesOf(others: readonly Review[], { ip }: Review): readonly string[] {
  return others.map((other) =>
    other.ip === ip ? t('answer.ipWithKey', { ip, key: other.keyName }) : other.ip,
  );
}

function BlockedLately({ review, found }: { readonly review: Review; readonly found: LetsInReading }) {
  const { wanted, letsIn, others } = found;
  const isOneAddress = wanted.cidr.prefixLength === (wanted.cidr.family === 4 ? 32 : 128);
  const { rows, status, isMore } = useAttempts(
    isOneAddress
      ? null
      : {
          ip: wanted.text,
          verdict: 'blocked',
          ...(wanted.keyId === null ? {} : { keyId: wanted.keyId }),
        },
  );
  const denied = useMirror((mirror) => mirror.reviews);
  const names = useMemo(() => {
    const known = new Set([review.ip, ...others.map(({ ip }) => ip)]);
    const deniedBefore = new Set([...denied.values()].filter(isDenied).map(({ ip }) => ip));
    return blockedAddresses(rows, letsIn, known).map(({ ip }) =>
      deniedBefore.has(ip) ? t('answer.deniedBefore', { ip }) : ip,
    );
  }, [rows, letsIn, review.ip, others, denied]);
  if (isOneAddress) return null;
  if (status === 'failed') return <p>{t('answer.blockedNotKnown')}</p>;
  if (status === 'loading' && names.length === 0) return <p>{t('answer.blockedLoading')}</p>;
  return names.length === 0 ? (
    <p>{t('answer.blockedNobody')}</p>
  ) : (
    <p data-tone="warning">{t('answer.blockedLately', { names: namesSentence(names, isMore) })}</p>
  );
}

function isDenied({ status }: Review): boolean {
  return status === 'denied';
}

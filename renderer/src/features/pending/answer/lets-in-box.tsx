import { useMemo } from 'react';
import type { Review } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { addressBits } from '#shared/ip/index';
import type { ScopeReading } from '../../../domain/answer';
import { letsInSentence, namesSentence } from '../../../domain/lets-in';
import { BlockedLately } from '../../../forms/blocked-lately';
import classes from './answer.module.css';
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
          <OthersBlockedLately review={review} found={found} />
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

function OthersBlockedLately({ review, found }: { readonly review: Review; readonly found: LetsInReading }) {
  const { wanted, letsIn, others } = found;
  const known = useMemo(() => new Set([review.ip, ...others.map(({ ip }) => ip)]), [review.ip, others]);
  if (wanted.cidrs.every(({ family, prefixLength }) => prefixLength === addressBits(family))) return null;
  return (
    <BlockedLately wanted={wanted} letsIn={letsIn} known={known}>
      {(text, tone) => <p data-tone={tone}>{text}</p>}
    </BlockedLately>
  );
}

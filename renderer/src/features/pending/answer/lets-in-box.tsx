import { useMemo } from 'react';
import type { Review } from '#shared/domain/entities';
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
    <div className={classes.letsIn} role="status" aria-label="What this lets in">
      {found === null ? (
        <p>Write the range to let in.</p>
      ) : (
        <>
          <p>
            {letsInSentence(found.wanted, found.others.length)}
            {found.others.length > 0 && `: ${namesSentence(namesOf(found.others, review))}`}
          </p>
          <BlockedLately review={review} found={found} />
        </>
      )}
    </div>
  );
}

function namesOf(others: readonly Review[], { ip }: Review): readonly string[] {
  return others.map((other) => (other.ip === ip ? `${ip} with “${other.keyName}”` : other.ip));
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
      deniedBefore.has(ip) ? `${ip} (denied before)` : ip,
    );
  }, [rows, letsIn, review.ip, others, denied]);
  if (isOneAddress) return null;
  if (status === 'failed')
    return <p>Who was blocked there lately is not known: the log cannot be reached.</p>;
  if (status === 'loading' && names.length === 0) return <p>Looking for who was blocked there lately…</p>;
  return names.length === 0 ? (
    <p>Nobody else was blocked there lately.</p>
  ) : (
    <p data-tone="warning">Blocked there lately, and let in then: {namesSentence(names, isMore)}</p>
  );
}

function isDenied({ status }: Review): boolean {
  return status === 'denied';
}

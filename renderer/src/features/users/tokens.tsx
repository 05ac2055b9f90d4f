import { Button } from '@mantine/core';
import { IconLock, IconTicket } from '@tabler/icons-react';
import { useCallback, useEffect, useId, useState } from 'react';
import type { Token, User } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { Unread, useServiceReading } from '../../forms/service-reading';
import { useNow } from '../../ui/clock';
import { formatAgo, formatUntil } from '../../ui/format';
import { SmallButton } from '../../ui/small-button';
import { AddTokenDialog } from './add-token-dialog';
import { EndTokenDialog } from './end-token-dialog';
import { onPeople } from './on-people';
import classes from './users.module.css';

interface TokensProps {
  readonly user: User;
  readonly isSelf: boolean;
  /** False for somebody else's, unless one is an owner. */
  readonly maySee: boolean;
}

export function Tokens({ user, isSelf, maySee }: TokensProps) {
  const titleId = useId();
  const [isAdding, setAdding] = useState(false);
  return (
    <section className={classes.section} aria-labelledby={titleId}>
      <div className={classes.sectionHead}>
        <h3 id={titleId} className={classes.sectionTitle}>
          {t('users.tokens')}
        </h3>
        {maySee && (
          <Button variant="default" onClick={() => setAdding(true)}>
            {t('users.createToken')}
          </Button>
        )}
      </div>
      {maySee ? (
        <>
          <p className={classes.quiet}>{t('users.tokensHelp')}</p>
          <TokenList user={user} isSelf={isSelf} />
        </>
      ) : (
        <p className={classes.refused}>
          <IconLock size={15} aria-hidden />
          {t('users.tokensOfOthers')}
        </p>
      )}
      <AddTokenDialog user={user} isOpen={isAdding} onClose={() => setAdding(false)} />
    </section>
  );
}

function TokenList({ user, isSelf }: { readonly user: User; readonly isSelf: boolean }) {
  const { id: userId, email } = user;
  const read = useCallback(() => bridge().calls.users.tokens({ userId }), [userId]);
  const reading = useServiceReading(read);
  const { value: tokens, readAgain } = reading;
  const [ending, setEnding] = useState<Token | null>(null);
  useEffect(() => onPeople(readAgain), [readAgain]);
  if (tokens === null) {
    return (
      <Unread
        reading={reading}
        icon={<IconTicket size={26} stroke={1.6} />}
        loadingLabel={t('users.loadingTokens')}
        failedTitle={t('users.tokensFailed')}
      />
    );
  }
  if (tokens.length === 0) return <p className={classes.none}>{t('users.noTokens')}</p>;
  return (
    <>
      <ul className={classes.tokens} aria-label={t('users.tokensOf', { email })}>
        {tokens.map((token) => (
          <li key={token.id} className={classes.token}>
            <div className={classes.twoLines}>
              <div title={token.name}>{token.name}</div>
              <TokenFacts token={token} />
            </div>
            <SmallButton
              aria-label={t('users.endToken', { name: token.name })}
              onClick={() => setEnding(token)}
            >
              {t('users.end')}
            </SmallButton>
          </li>
        ))}
      </ul>
      <EndTokenDialog target={ending} isOwn={isSelf} onClose={() => setEnding(null)} />
    </>
  );
}

function TokenFacts({ token: { createdAt, expiresAt, lastUsedAt } }: { readonly token: Token }) {
  const nowMs = useNow();
  const isOver = expiresAt !== null && Date.parse(expiresAt) <= nowMs;
  const used =
    lastUsedAt === null
      ? t('users.neverUsed')
      : t('users.lastUsed', { moment: formatAgo(lastUsedAt, nowMs) });
  const expiry =
    expiresAt === null
      ? t('users.neverExpires')
      : isOver
        ? t('users.expired', { moment: formatAgo(expiresAt, nowMs) })
        : t('users.expires', { when: formatUntil(expiresAt, nowMs) });
  return (
    <div className={classes.facts}>
      <span>{used}</span> <span data-over={isOver ? '' : undefined}>{expiry}</span>{' '}
      <span>{t('users.created', { moment: formatAgo(createdAt, nowMs) })}</span>
    </div>
  );
}

import { useState } from 'react';
import type { ListedOperation } from '#shared/ipc/outbox';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { operationWords } from '../../domain/operation-words';
import { FailureMessage } from '../../forms/failure-message';
import { useNow } from '../../ui/clock';
import { SmallButton } from '../../ui/small-button';
import { othersWords } from './operations-model';
import classes from './operations.module.css';

type Choice = 'adopt' | 'discard';

function decide(choice: Choice, items: readonly ListedOperation[]) {
  return bridge().calls.outbox[choice]({ ids: items.map(({ id }) => id) });
}

/** Lists operations of other people on this computer. They are sent in another name only if somebody takes them over. */
export function OthersOperations({ items }: { readonly items: readonly ListedOperation[] }) {
  return (
    <section className={classes.body} aria-labelledby="others-operations">
      <div>
        <h3 id="others-operations" className={classes.heading}>
          {t('operations.others')}
        </h3>
        <p className={classes.quiet}>{t('operations.othersWhy')}</p>
      </div>
      {items.length > 1 && <AllOfThem items={items} />}
      <ul className={classes.list} aria-label={t('operations.othersList')}>
        {items.map((item) => (
          <OthersOperation key={item.id} item={item} />
        ))}
      </ul>
    </section>
  );
}

function OthersOperation({ item }: { readonly item: ListedOperation }) {
  const deciding = useCall(decide);
  const nowMs = useNow();
  const words = operationWords(item.operation, item.base);
  const button = (text: string, choice: Choice) => (
    <SmallButton
      disabled={deciding.pending}
      aria-label={t('operations.buttonFor', { button: text, change: words })}
      onClick={() => void deciding.run(choice, [item])}
    >
      {text}
    </SmallButton>
  );
  return (
    <li className={classes.item} data-brief>
      <strong>{words}</strong>
      <p className={classes.quiet}>{othersWords(item, nowMs)}</p>
      <div className={classes.buttons}>
        {button(t('operations.adopt'), 'adopt')}
        {button(t('operations.discard'), 'discard')}
      </div>
      <FailureMessage failure={deciding.failure} />
    </li>
  );
}

/** Asks before discarding many at once, because that cannot be undone. */
function AllOfThem({ items }: { readonly items: readonly ListedOperation[] }) {
  const deciding = useCall(decide);
  const [asks, setAsks] = useState(false);
  const button = (text: string, onClick: () => void) => (
    <SmallButton disabled={deciding.pending} onClick={onClick}>
      {text}
    </SmallButton>
  );
  return (
    <div>
      <div className={classes.buttons}>
        {asks ? (
          <>
            <span role="status">{t('operations.discardForGood', { count: items.length })}</span>
            {button(t('operations.discardThem'), () => void deciding.run('discard', items))}
            {button(t('operations.keepThem'), () => setAsks(false))}
          </>
        ) : (
          <>
            {button(
              t('operations.adoptAll', { number: items.length }),
              () => void deciding.run('adopt', items),
            )}
            {button(t('operations.discardAll', { number: items.length }), () => setAsks(true))}
          </>
        )}
      </div>
      <FailureMessage failure={deciding.failure} />
    </div>
  );
}

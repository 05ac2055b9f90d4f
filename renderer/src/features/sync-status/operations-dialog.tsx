import { isUndecided } from '#shared/domain/outbox';
import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { ListedOperation } from '#shared/ipc/outbox';
import type { Outcome } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { entityWords, operationWords } from '../../domain/operation-words';
import { FailureMessage } from '../../forms/failure-message';
import { ImpactList } from '../../forms/impact-list';
import { useUi } from '../../stores/ui';
import { useNow } from '../../ui/clock';
import { SmallButton } from '../../ui/small-button';
import { ConnectionLine } from './connection-line';
import { ReplacementForm } from './replacement-form';
import { replacementSubject } from './replacement-subject';
import classes from './operations.module.css';
import { asksAgain, isConflict, stateWords } from './operations-model';
import { OthersOperations } from './others-operations';
import { useOutbox } from './use-outbox';

function close(): void {
  useUi.setState({ operationsListed: false });
}

/** Lists the operations that the service does not have yet, with the state of the connection and the ways to resolve them. */
export function OperationsDialog() {
  const opened = useUi((ui) => ui.operationsListed);
  /** Id of the held operation whose form is open; at most one. */
  const [editing, setEditing] = useState<string | null>(null);
  return (
    <Modal
      opened={opened}
      onClose={close}
      onExitTransitionEnd={() => setEditing(null)}
      title={t('operations.title')}
      size={640}
      // A click beside the dialog must not discard what was typed.
      closeOnClickOutside={editing === null}
    >
      {opened && (
        <div className={classes.body}>
          <ConnectionLine onLeave={close} />
          <OperationsList editing={editing} onEdit={setEditing} />
        </div>
      )}
    </Modal>
  );
}

interface EditingProps {
  readonly editing: string | null;
  readonly onEdit: (id: string | null) => void;
}

function OperationsList({ editing, onEdit }: EditingProps) {
  const { items, failure } = useOutbox();
  if (failure === null && items === null) return <p role="status">{t('operations.loading')}</p>;
  const own = items?.filter(({ by }) => by === null) ?? [];
  const others = items?.filter(({ by }) => by !== null) ?? [];
  return (
    <>
      <FailureMessage failure={failure} />
      {items?.length === 0 && <p className={classes.quiet}>{t('operations.nothing')}</p>}
      {others.length > 0 && <OthersOperations items={others} />}
      {others.length > 0 && own.length > 0 && <h3 className={classes.heading}>{t('operations.own')}</h3>}
      {own.length > 0 && (
        <ul className={classes.list} aria-label={t('operations.waiting')}>
          {own.map((item) => (
            <OperationRow key={item.id} item={item} editing={editing} onEdit={onEdit} />
          ))}
        </ul>
      )}
    </>
  );
}

function act(call: () => Promise<Outcome<undefined>>) {
  return call();
}

function OperationRow({ item, editing, onEdit }: { readonly item: ListedOperation } & EditingProps) {
  const { id, operation, base, mine, state } = item;
  const acting = useCall(act);
  const nowMs = useNow();
  const { outbox } = bridge().calls;
  const words = operationWords(operation, base);
  const subject = replacementSubject(item);
  const impact = isUndecided(state) ? state.impact : undefined;
  const button = (text: string, onClick: () => void, disabled = acting.pending) => (
    <SmallButton
      disabled={disabled}
      aria-label={t('operations.buttonFor', { button: text, change: words })}
      onClick={onClick}
    >
      {text}
    </SmallButton>
  );
  const call = (text: string, make: () => Promise<Outcome<undefined>>) =>
    button(text, () => void acting.run(make));
  const isBrief = !isUndecided(state) && editing !== id;
  return (
    <li className={classes.item} data-brief={isBrief || undefined}>
      <strong>{words}</strong>
      <p className={classes.quiet}>{stateWords(item, nowMs)}</p>
      {impact !== undefined && <ImpactList impact={impact} />}
      {isConflict(item) && isUndecided(state) && impact === undefined && (
        <dl className={classes.sides}>
          <dt>{t('operations.before')}</dt>
          <dd>{entityWords(base)}</dd>
          <dt>{t('operations.mine')}</dt>
          <dd>{entityWords(mine)}</dd>
          <dt>{t('operations.theirs')}</dt>
          <dd>{entityWords(state.current)}</dd>
        </dl>
      )}
      {editing === id && subject !== null ? (
        <ReplacementForm id={id} words={words} subject={subject} onClose={() => onEdit(null)} />
      ) : (
        <div className={classes.buttons}>
          {isConflict(item) && (
            <>
              {call(t(impact === undefined ? 'operations.keepMine' : 'operations.applyAnyway'), () =>
                outbox.resolve({ id, resolution: { choice: 'keep_mine' } }),
              )}
              {call(t(impact === undefined ? 'operations.takeTheirs' : 'operations.leaveIt'), () =>
                outbox.resolve({ id, resolution: { choice: 'take_theirs' } }),
              )}
            </>
          )}
          {asksAgain(item) && (
            <>
              {call(t('operations.stillMeant'), () => outbox.confirm({ id }))}
              {call(t('operations.drop'), () =>
                outbox.resolve({ id, resolution: { choice: 'take_theirs' } }),
              )}
            </>
          )}
          {subject !== null &&
            button(t('operations.edit'), () => onEdit(id), acting.pending || editing !== null)}
          {item.undoable && call(t('operations.undo'), () => outbox.undo({ id }))}
        </div>
      )}
      <FailureMessage failure={acting.failure} />
    </li>
  );
}

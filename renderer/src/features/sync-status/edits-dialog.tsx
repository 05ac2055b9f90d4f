import { Button, Modal } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { OutboxItem } from '#shared/ipc/contract';
import type { Outcome } from '#shared/ipc/failure';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { useCall } from '../../bridge/use-call';
import { explainFailure } from '../../domain/failures';
import { entityWords, operationWords } from '../../domain/operation-words';
import { useNow } from '../../ui/clock';
import { FormError } from '../../ui/form-error';
import classes from './edits.module.css';
import { asksAgain, isConflict, stateWords } from './edits-model';

interface EditsDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Every edit that the service does not have yet, and what can be done about it. */
export function EditsDialog({ opened, onClose }: EditsDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Edits that the service does not have yet" size={640}>
      {opened && <EditsList />}
    </Modal>
  );
}

function EditsList() {
  const items = useOutbox();
  if (items === null) return <p role="status">Loading…</p>;
  if (items.length === 0) return <p>Everything is with the service.</p>;
  return (
    <ul className={classes.list}>
      {items.map((item) => (
        <EditRow key={item.id} item={item} />
      ))}
    </ul>
  );
}

/** The list as main has it, asked for again with each change; null before the first answer. */
function useOutbox(): readonly OutboxItem[] | null {
  const [items, setItems] = useState<readonly OutboxItem[] | null>(null);
  useEffect(() => {
    let stopped = false;
    const load = async (): Promise<void> => {
      const outcome = await settle(() => bridge().calls.outbox.list());
      if (outcome.ok && !stopped) setItems(outcome.value);
    };
    const unsubscribe = bridge().events.outbox.changed(() => void load());
    void load();
    return () => {
      stopped = true;
      unsubscribe();
    };
  }, []);
  return items;
}

const act = (call: () => Promise<Outcome<undefined>>) => call();

function EditRow({ item }: { readonly item: OutboxItem }) {
  const { id, operation, base, mine, state } = item;
  const acting = useCall(act);
  const nowMs = useNow();
  const { outbox } = bridge().calls;
  const words = operationWords(operation, base);
  const button = (text: string, call: () => Promise<Outcome<undefined>>) => (
    <Button
      size="compact-xs"
      variant="default"
      disabled={acting.pending}
      aria-label={`${text}: ${words}`}
      onClick={() => void acting.run(call)}
    >
      {text}
    </Button>
  );
  return (
    <li className={classes.item}>
      <strong>{words}</strong>
      <p className={classes.quiet}>{stateWords(item, nowMs)}</p>
      {isConflict(item) && state.kind === 'parked' && (
        <dl className={classes.sides}>
          <dt>Before</dt>
          <dd>{entityWords(base)}</dd>
          <dt>Mine</dt>
          <dd>{entityWords(mine)}</dd>
          <dt>Theirs</dt>
          <dd>{entityWords(state.current)}</dd>
        </dl>
      )}
      <div className={classes.buttons}>
        {isConflict(item) && (
          <>
            {button('Keep mine', () => outbox.resolve({ id, resolution: { choice: 'keep_mine' } }))}
            {button('Take theirs', () => outbox.resolve({ id, resolution: { choice: 'take_theirs' } }))}
          </>
        )}
        {asksAgain(item) && (
          <>
            {button('Still meant', () => outbox.confirm({ id }))}
            {button('Drop', () => outbox.resolve({ id, resolution: { choice: 'take_theirs' } }))}
          </>
        )}
        {item.undoable && button('Undo', () => outbox.undo({ id }))}
      </div>
      <FormError message={acting.failure === null ? null : explainFailure(acting.failure, nowMs).message} />
    </li>
  );
}

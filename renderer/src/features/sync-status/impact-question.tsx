import { useEffect, useState } from 'react';
import { decodeTime } from 'ulid';
import type { Impact } from '#shared/api/impact';
import type { ListedOperation, Resolution, Settled } from '#shared/ipc/outbox';
import { MINUTE_MS } from '#shared/durations';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { operationWords } from '../../domain/operation-words';
import { useFailureText } from '../../forms/failure-message';
import { ImpactList } from '../../forms/impact-list';
import { ConfirmModal } from '../../ui/confirm-modal';
import { useLastShown } from '../../ui/use-last-shown';

interface Question {
  readonly id: string;
  readonly impact: Impact;
}

/** Whoever made the edit longer ago may have gone on to something else, and finds it among the changes that wait. */
const ASKED_WITHIN_MS = MINUTE_MS;

function questionIn(settled: Settled): Question | undefined {
  if (settled.outcome !== 'undecided' || settled.impact === undefined) return undefined;
  const { id, impact } = settled;
  // The time of the id is that of this computer.
  return Date.now() - decodeTime(id) < ASKED_WITHIN_MS ? { id, impact } : undefined;
}

/** Asks at once about an edit of just now that would block somebody; older ones wait in the list of changes. */
export function ImpactQuestion() {
  const [question, setQuestion] = useState<Question | null>(null);
  const [item, setItem] = useState<ListedOperation | null>(null);
  const shown = useLastShown(question);
  const deciding = useCall((id: string, choice: Exclude<Resolution['choice'], 'replace'>) =>
    bridge().calls.outbox.resolve({ id, resolution: { choice } }),
  );
  const failureText = useFailureText(deciding.failure);
  useEffect(
    () =>
      bridge().events.outbox.settled(({ items }) => {
        const asked = items.flatMap((settled) => questionIn(settled) ?? []).at(-1);
        if (asked !== undefined) setQuestion(asked);
      }),
    [],
  );
  useEffect(() => {
    if (question === null) return undefined;
    let isOver = false;
    void bridge()
      .calls.outbox.list()
      .then((outcome) => {
        if (isOver || !outcome.ok) return;
        setItem(outcome.value.find(({ id }) => id === question.id) ?? null);
      });
    return () => {
      isOver = true;
    };
  }, [question]);
  if (shown === null) return null;
  const { id, impact } = shown;
  const close = (): void => {
    deciding.reset();
    setQuestion(null);
  };
  const decide = (choice: 'keep_mine' | 'take_theirs'): void => {
    void deciding.run(id, choice).then((outcome) => {
      if (outcome?.ok === true) close();
    });
  };
  return (
    <ConfirmModal
      opened={question !== null}
      title={t('operations.wouldBlockTitle', { count: impact.addresses })}
      confirm={t('operations.applyAnyway')}
      danger
      cancel={t('operations.leaveIt')}
      pending={deciding.pending}
      error={failureText?.message ?? null}
      onConfirm={() => decide('keep_mine')}
      onCancel={() => decide('take_theirs')}
      onClose={close}
    >
      {item?.id === id && (
        <p>{t('operations.wouldBlockWhat', { change: operationWords(item.operation, item.base) })}</p>
      )}
      <ImpactList impact={impact} />
    </ConfirmModal>
  );
}

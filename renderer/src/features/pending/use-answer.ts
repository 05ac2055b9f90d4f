import { useRef, useState } from 'react';
import type { Review } from '#shared/domain/entities';
import type { Failure } from '#shared/ipc/failure';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { type AnswerDraft, useUi } from '../../stores/ui';
import { authorizeRequest, type Ending } from './model';

type Step = 'authorize' | 'deny' | 'deny-and-update';

export interface Answering {
  /** The answer that is on its way; no other can be given meanwhile. */
  readonly step: Step | null;
  readonly failure: Failure | null;
  readonly authorize: (draft: AnswerDraft) => Promise<void>;
  readonly deny: (draft: AnswerDraft) => Promise<void>;
  /** True when it was done. */
  readonly denyAndUpdate: (draft: AnswerDraft) => Promise<boolean>;
}

/** Answering one question, once at a time. An answer that somebody else gave first is an ending too. */
export function useAnswer(review: Review, onEnd: (ending: Ending) => void): Answering {
  // Beside the state, because a second press can come before the first one is rendered.
  const inFlight = useRef(false);
  const [step, setStep] = useState<Step | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);

  const begin = (next: Step): boolean => {
    if (inFlight.current) return false;
    inFlight.current = true;
    setStep(next);
    setFailure(null);
    return true;
  };
  const finish = (): void => {
    inFlight.current = false;
    setStep(null);
  };
  const fail = (why: Failure): void => {
    const current = why.kind === 'conflict' && why.code === 'already_decided' ? why.current : null;
    if (current !== null && 'decidedAt' in current) onEnd({ kind: 'elsewhere', review: current });
    else setFailure(why);
  };

  const authorize = async (draft: AnswerDraft): Promise<void> => {
    if (!begin('authorize')) return;
    const outcome = await settle(() => bridge().calls.reviews.authorize(authorizeRequest(review, draft)));
    finish();
    if (outcome.ok) {
      const { range, operationId } = outcome.value;
      onEnd({ kind: 'authorized', range, progress: { operationId } });
    } else fail(outcome.failure);
  };

  const sendDeny = async (draft: AnswerDraft, rotateKey: boolean): Promise<boolean> => {
    if (!begin(rotateKey ? 'deny-and-update' : 'deny')) return false;
    const { addDenyRange } = draft;
    const outcome = await settle(() =>
      bridge().calls.reviews.deny({ reviewId: review.id, rotateKey, addDenyRange }),
    );
    finish();
    if (!outcome.ok) {
      fail(outcome.failure);
      return false;
    }
    if (outcome.value.kind === 'queued') {
      const { operationId } = outcome.value;
      onEnd({ kind: 'denied', keptOut: addDenyRange, keyUpdated: false, progress: { operationId } });
      return true;
    }
    const { secret, enforcedAt } = outcome.value;
    if (secret !== null) {
      useUi.setState({ newSecret: { keyName: review.keyName, secret, why: 'updated' } });
    }
    onEnd({ kind: 'denied', keptOut: addDenyRange, keyUpdated: secret !== null, progress: { enforcedAt } });
    return true;
  };

  return {
    step,
    failure,
    authorize,
    deny: async (draft) => {
      await sendDeny(draft, false);
    },
    denyAndUpdate: (draft) => sendDeny(draft, true),
  };
}

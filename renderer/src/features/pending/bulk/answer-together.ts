import type { AnswerForMany } from '#shared/ipc/policy';
import { bridge } from '../../../bridge/bridge';
import { settle } from '../../../bridge/call';
import { secondsOf } from '../../../domain/durations';
import { forgetAnswers, notAnswering, setAnswers } from '../../../stores/answers';
import { type Batch, isStillShown, sendBatch, useBatch } from '../../../stores/batch';
import { useMirror } from '../../../stores/mirror';
import type { Choices } from '../model';

/** Authorizes each review for its own address or subnet. */
export function authorizeTogether(reviewIds: readonly string[], choices: Choices): Promise<boolean> {
  const seconds = secondsOf(choices.duration);
  return answerTogether(reviewIds, {
    kind: 'authorize',
    scope: choices.scope,
    thisKeyOnly: choices.thisKeyOnly,
    ...(seconds === null ? {} : { durationSeconds: seconds }),
  });
}

export function denyTogether(reviewIds: readonly string[]): Promise<boolean> {
  return answerTogether(reviewIds, { kind: 'deny', addDenyRange: false });
}

/** Resolves with true if the reviews were answered, except for those that are named in the batch. */
async function answerTogether(
  reviewIds: readonly string[],
  answer: Exclude<AnswerForMany, { kind: 'reopen' }>,
): Promise<boolean> {
  const { kind } = answer;
  const { reviews } = useMirror.getState();
  const sent = await send(reviewIds, answer, kind);
  if (sent === null) return false;
  const isRefused = new Set(sent.refused.map(({ id }) => id));
  const answered = reviewIds.filter((id) => !isRefused.has(id));
  const endedAtMs = Date.now();
  const ending = { kind: 'together', answer: kind } as const;
  setAnswers(
    new Map(
      answered.map((id) => {
        const version = (reviews.get(id)?.version ?? 0) + 1;
        return [id, { ...notAnswering, ending, endedAtMs, version }];
      }),
    ),
  );
  useBatch.setState({
    last: { ids: answered, ...sent, endedAtMs, isTakenBack: false, stopped: 0 },
  });
  return true;
}

/** Takes back the last answer that was given to many. */
export async function undoTogether(batch: Batch): Promise<void> {
  if ((await send(batch.ids, { kind: 'reopen' }, 'undo')) === null) return;
  forgetAnswers(new Set(batch.ids));
  useBatch.setState({ last: { ...batch, isTakenBack: true } });
}

/** Takes back what was not sent yet of an answer to many. */
export async function stopTogether(batch: Batch): Promise<void> {
  if (useBatch.getState().step !== null) return;
  const isShown = isStillShown();
  useBatch.setState({ step: 'stop', failure: null });
  const { ids: reviewIds, operationIds } = batch;
  const outcome = await settle(() =>
    bridge().calls.reviews.stopMany({ reviewIds: [...reviewIds], operationIds: [...operationIds] }),
  );
  if (!isShown()) return;
  if (!outcome.ok) {
    useBatch.setState({ step: null, failure: outcome.failure });
    return;
  }
  const reopened = new Set(outcome.value.reopenedIds);
  forgetAnswers(reopened);
  const kept = reviewIds.filter((id) => !reopened.has(id));
  const stopped = batch.stopped + reopened.size;
  useBatch.setState({ step: null, last: { ...batch, ids: kept, stopped } });
}

function send(reviewIds: readonly string[], answer: AnswerForMany, step: 'authorize' | 'deny' | 'undo') {
  return sendBatch(useBatch, step, reviewIds, (part) =>
    bridge().calls.reviews.answerMany({ reviewIds: part, answer }),
  );
}

import { type AnswerForMany, MOST_ANSWERED_TOGETHER } from '#shared/ipc/policy';
import type { Failure } from '#shared/ipc/failure';
import { bridge } from '../../../bridge/bridge';
import { settle } from '../../../bridge/call';
import { secondsOf } from '../../../domain/durations';
import { forgetAnswers, notAnswering, setAnswers } from '../../../stores/answers';
import { type Batch, useBatch } from '../../../stores/batch';
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
  const isRefused = new Set(sent.refused.map(({ reviewId }) => reviewId));
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
    last: { reviewIds: answered, ...sent, endedAtMs, isTakenBack: false, stopped: 0 },
  });
  return true;
}

/** Takes back the last answer that was given to many. */
export async function undoTogether(batch: Batch): Promise<void> {
  if ((await send(batch.reviewIds, { kind: 'reopen' }, 'undo')) === null) return;
  forgetAnswers(new Set(batch.reviewIds));
  useBatch.setState({ last: { ...batch, isTakenBack: true } });
}

/** Takes back what was not sent yet of an answer to many. */
export async function stopTogether(batch: Batch): Promise<void> {
  if (useBatch.getState().step !== null) return;
  const isShown = isStillShown();
  useBatch.setState({ step: 'stop', failure: null });
  const { reviewIds, operationIds } = batch;
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
  useBatch.setState({ step: null, last: { ...batch, reviewIds: kept, stopped } });
}

/** Returns a function that tells if the account that is shown now is still shown. */
function isStillShown(): () => boolean {
  const { shownId } = useMirror.getState();
  return () => useMirror.getState().shownId === shownId;
}

type Sent = Pick<Batch, 'refused' | 'operationIds'>;

/**
 * Sends one answer at a time. Returns the refused reviews, or null if another is under way, the call failed, or another account
 * is shown by now: what was answered in one account is not told in another.
 */
async function send(
  reviewIds: readonly string[],
  answer: AnswerForMany,
  step: 'authorize' | 'deny' | 'undo',
): Promise<Sent | null> {
  if (useBatch.getState().step !== null) return null;
  const isShown = isStillShown();
  useBatch.setState({ step, failure: null });
  const refused: Batch['refused'][number][] = [];
  const operationIds: string[] = [];
  let failure: Failure | null = null;
  for (
    let start = 0;
    start < reviewIds.length && failure === null && isShown();
    start += MOST_ANSWERED_TOGETHER
  ) {
    const part = reviewIds.slice(start, start + MOST_ANSWERED_TOGETHER);
    const outcome = await settle(() => bridge().calls.reviews.answerMany({ reviewIds: part, answer }));
    if (outcome.ok) {
      refused.push(...outcome.value.refused);
      operationIds.push(...outcome.value.operationIds);
    } else ({ failure } = outcome);
  }
  if (!isShown()) return null;
  useBatch.setState({ step: null, failure });
  return failure === null ? { refused, operationIds } : null;
}

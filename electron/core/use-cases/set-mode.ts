import type { Account, Mode } from '#shared/domain/entities';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { planMode } from '../outbox/plan-edit';
import type { EditContext } from './context';
import { deskFor, queue } from './queue-edit';

/** Chooses how the service handles unknown addresses. */
export function setMode(
  core: EditContext,
  request: { readonly mode: Mode },
): Outcome<{ readonly operationId: string | null; readonly account: Account }> {
  const desk = deskFor(core);
  if (!desk.ok) return desk;
  const [operationId = null] = queue(core, desk.value, planMode(desk.value.planning, request.mode));
  const { account } = core.replica.view;
  return account === null
    ? failed({ kind: 'internal', message: 'The account is gone.' })
    : succeeded({ operationId, account });
}

import { z } from 'zod';
import { type Account, type AuditEvent, modeSchema } from '#shared/domain/entities';
import { told, UNRECOGNISED } from '#shared/domain/told';
import type { ModeChange } from './facts';

/** The action of the audit trail that {@link modeChangeOf} reads. */
export const MODE_ACTION = 'mode.set';

const sideSchema = z.object({ mode: told(modeSchema) });

/** Returns the change of the mode in an event; null if the event is another one, or the signed-in user's own. */
export function modeChangeOf(event: AuditEvent, me: Account['me']): ModeChange | null {
  if (event.action !== MODE_ACTION || isBy(event, me)) return null;
  const [before, after] = [sideSchema.safeParse(event.before), sideSchema.safeParse(event.after)];
  if (!before.success || !after.success) return null;
  return {
    id: event.id,
    atMs: Date.parse(event.at),
    by: nameOf(event),
    from: before.data.mode,
    to: after.data.mode,
  };
}

const isBy = ({ actor }: AuditEvent, me: Account['me']): boolean =>
  actor.kind !== 'system' && (actor.id === me.userId || actor.name === me.email);

function nameOf({ actor }: AuditEvent): string | null {
  switch (actor.kind) {
    case 'system':
      return null;
    case 'email':
      return `${actor.name} (by e-mail)`;
    case 'user':
    case UNRECOGNISED:
      return actor.name;
  }
}

import type { Operation } from '#shared/api/routes-operations';
import type { PolicyEntity } from '#shared/domain/outbox';
import { formatDateTime } from '../ui/format';
import { spokenCidr } from './range-words';
import { modeName, SOMETHING_NEW } from './reasons';

/** Describes an operation. `base` is the entity that it changes, as its author saw it. */
export function operationWords(operation: Operation, base: PolicyEntity | null): string {
  switch (operation.type) {
    case 'range.add': {
      const verb = operation.effect === 'authorize' ? 'Authorize' : 'Deny';
      const label = operation.label === '' ? '' : ` (${operation.label})`;
      return `${verb} ${spokenCidr(operation.cidr)}${label}`;
    }
    case 'range.update':
      return `Change ${nameOf(base)}: ${changeWords(operation.changes)}`;
    case 'range.remove':
      return `Remove ${nameOf(base)}`;
    case 'review.authorize': {
      const { scope } = operation;
      if (typeof scope === 'object') return `Authorize ${spokenCidr(scope.cidr)} for ${nameOf(base)}`;
      return scope === 'address' ? `Authorize ${nameOf(base)}` : `Authorize the subnet of ${nameOf(base)}`;
    }
    case 'review.deny':
      return `Deny ${nameOf(base)}`;
    case 'review.reopen':
      return `Take back the answer about ${nameOf(base)}`;
    case 'mode.set':
      return `Switch protection to ${modeName(operation.mode)}`;
  }
}

type Changes = Extract<Operation, { type: 'range.update' }>['changes'];

export function changeWords({ label, effect, keyId, expiresAt }: Changes): string {
  const words: string[] = [];
  if (label !== undefined) words.push(label === '' ? 'no label' : `label “${label}”`);
  if (effect !== undefined) words.push(effect === 'authorize' ? 'authorize' : 'deny');
  if (keyId !== undefined) words.push(keyId === null ? 'for all keys' : 'for one key');
  if (expiresAt !== undefined)
    words.push(expiresAt === null ? 'no expiry' : `until ${formatDateTime(expiresAt)}`);
  return words.join(', ');
}

/** Describes the state of an entity; null means that it is gone. */
export function entityWords(entity: PolicyEntity | null): string {
  if (entity === null) return 'Not there';
  if ('mode' in entity) return modeName(entity.mode);
  if ('evidence' in entity) {
    const by = entity.decidedBy === null ? '' : ` by ${entity.decidedBy}`;
    const note = entity.note === null ? '' : `: “${entity.note}”`;
    return entity.status === 'pending' ? 'Not answered' : `${STATUS_WORDS[entity.status]}${by}${note}`;
  }
  return [
    EFFECT_WORDS[entity.effect],
    entity.label === '' ? 'no label' : `label “${entity.label}”`,
    entity.expiresAt === null ? 'no expiry' : `until ${formatDateTime(entity.expiresAt)}`,
    entity.keyId === null ? 'all keys' : 'one key',
  ].join(', ');
}

const EFFECT_WORDS = { authorize: 'Authorized', deny: 'Denied', unrecognised: SOMETHING_NEW } as const;

const STATUS_WORDS = {
  unrecognised: SOMETHING_NEW,
  authorized: 'Authorized',
  denied: 'Denied',
  superseded: 'Answered by another range',
  expired: 'Expired',
} as const;

function nameOf(base: PolicyEntity | null): string {
  if (base === null) return 'something that is gone';
  if ('cidr' in base) return spokenCidr(base.cidr);
  return 'ip' in base ? base.ip : base.name;
}

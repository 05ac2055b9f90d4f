import type { Operation } from '#shared/api/routes-operations';
import type { Review } from '#shared/domain/entities';
import type { PolicyEntity } from '#shared/domain/outbox';
import { t } from '#shared/i18n/t';
import { formatDateTime } from '../ui/format';
import { spokenCidr } from './range-words';
import { choiceWords } from './protection-words';

/** Describes an operation. `base` is the entity that it changes, as its author saw it. */
export function operationWords(operation: Operation, base: PolicyEntity | null): string {
  switch (operation.type) {
    case 'range.add': {
      const { effect, label } = operation;
      const what = spokenCidr(operation.cidr);
      if (label === '') return t(`operations.add_${effect}`, { what });
      return t(`operations.addLabelled_${effect}`, { what, label });
    }
    case 'range.update':
      return t('operations.change', { what: nameOf(base), changes: changeWords(operation.changes) });
    case 'range.remove':
      return t('operations.remove', { what: nameOf(base) });
    case 'review.authorize': {
      const { scope } = operation;
      const what = nameOf(base);
      if (typeof scope === 'object') {
        return t('operations.authorizeRangeFor', { range: spokenCidr(scope.cidr), what });
      }
      return t(scope === 'address' ? 'operations.add_authorize' : 'operations.authorizeSubnet', { what });
    }
    case 'review.deny':
      return t('operations.add_deny', { what: nameOf(base) });
    case 'review.reopen':
      return t('operations.takeBack', { what: nameOf(base) });
    case 'mode.set':
      return setModeWords(operation);
  }
}

function setModeWords({ mode, reportOnly = false }: Extract<Operation, { type: 'mode.set' }>): string {
  return t('operations.setMode', { mode: choiceWords({ mode, reportOnly }) });
}

type Changes = Extract<Operation, { type: 'range.update' }>['changes'];

export function changeWords({ label, effect, keyId, expiresAt }: Changes): string {
  return [
    ...(label === undefined ? [] : [labelWords(label)]),
    ...(effect === undefined ? [] : [t(`operations.change_${effect === 'authorize' ? effect : 'deny'}`)]),
    ...(keyId === undefined ? [] : [t(keyId === null ? 'operations.forAllKeys' : 'operations.forOneKey')]),
    ...(expiresAt === undefined ? [] : [expiryWords(expiresAt)]),
  ].join(', ');
}

/** Describes the state of an entity; null means that it is gone. */
export function entityWords(entity: PolicyEntity | null): string {
  if (entity === null) return t('operations.notThere');
  if ('mode' in entity) return choiceWords(entity);
  if ('evidence' in entity) {
    const answer = answerWords(entity);
    return entity.note === null ? answer : t('operations.withNote', { answer, note: entity.note });
  }
  return [
    t(`operations.effect_${entity.effect}`),
    labelWords(entity.label),
    expiryWords(entity.expiresAt),
    t(entity.keyId === null ? 'operations.allKeys' : 'operations.oneKey'),
  ].join(', ');
}

function answerWords({ status, decidedBy: by }: Review): string {
  return by !== null && (status === 'authorized' || status === 'denied')
    ? t(`operations.statusBy_${status}`, { by })
    : t(`operations.status_${status}`);
}

function labelWords(label: string): string {
  return label === '' ? t('operations.noLabel') : t('operations.label', { label });
}

function expiryWords(expiresAt: string | null): string {
  return expiresAt === null
    ? t('operations.noExpiry')
    : t('operations.until', { time: formatDateTime(expiresAt) });
}

function nameOf(base: PolicyEntity | null): string {
  if (base === null) return t('operations.gone');
  if ('cidr' in base) return spokenCidr(base.cidr);
  return 'ip' in base ? base.ip : base.name;
}

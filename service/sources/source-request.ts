import { reasonOf } from '#shared/domain/field-reason';
import { limitsRefusal } from '#shared/domain/change-ranges';
import { BOT_URLS, SOURCE_PRESETS } from '#shared/domain/source-presets';
import { SOURCE_SPECS, type SourceSubject } from '#shared/domain/source-spec';
import { orRefuse } from '../policy/apply-change';
import { fieldRefusal } from '../policy/field-refusal';
import type { PolicyWrite } from '../policy/policy-write';
import type { SourceRow } from '../storage/repositories/sources';

/** The policy before a change is written. */
export type View = Pick<PolicyWrite, 'policy' | 'now'>;

/** @throws Refusal naming the field. */
export function requireLimits(
  { policy, now }: View,
  limits: { readonly keyId?: string | null | undefined; readonly rangeExpiresAt?: string | null | undefined },
): void {
  const view = { hasKey: (id: string) => policy.keys.has(id) };
  const { keyId = null, rangeExpiresAt: expiresAt = null } = limits;
  const refusal = limitsRefusal(view, { keyId, expiresAt }, now);
  if (refusal === undefined) return;
  const { field } = refusal.refusal;
  orRefuse({
    refusal: { ...refusal.refusal, ...(field === 'expiresAt' && { field: 'rangeExpiresAt' }) },
  });
}

/** @throws Refusal if the preset cannot be read with this filter. */
function requireFilter(subject: SourceSubject): void {
  if (subject.kind !== 'preset') return;
  const { preset, services, url } = subject.spec;
  const field = 'spec.services';
  if (SOURCE_PRESETS[preset].needsService === true && services.length === 0) {
    throw fieldRefusal(field, { reason: 'noServiceTag' });
  }
  const unknown =
    preset === 'bots' && url === undefined
      ? services.find((name) => !Object.hasOwn(BOT_URLS, name))
      : undefined;
  if (unknown !== undefined) {
    throw fieldRefusal(field, { reason: 'noBot', bot: unknown });
  }
}

/** Returns what a request says that the source is to read. @throws Refusal naming the field of the specification. */
export function readSubject(kind: SourceRow['kind'], spec: unknown): SourceSubject {
  const read = SOURCE_SPECS[kind].safeParse(spec);
  if (read.success) {
    const subject = { kind, spec: read.data } as SourceSubject;
    requireFilter(subject);
    return subject;
  }
  const [issue] = read.error.issues;
  const field = ['spec', ...(issue?.path ?? [])].join('.');
  throw fieldRefusal(field, issue === undefined ? { reason: 'notKnown' } : reasonOf(issue));
}

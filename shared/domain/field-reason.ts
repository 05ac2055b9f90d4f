import type { z } from 'zod';
import { reasonNamed, type ReasonValues } from './sentence';

/** Returns what is wrong with a field, as an issue of its schema says it. */
export function reasonOf(issue: z.core.$ZodIssue): ReasonValues {
  // Schemas may have the name of a reason in place of a message.
  const named = reasonNamed(issue.message);
  if (named !== undefined) return named;
  switch (issue.code) {
    case 'invalid_type':
      return { reason: 'wrongKind', expected: issue.expected };
    case 'invalid_value':
      return { reason: 'notOneOf', options: issue.values.map(String).join(', ') };
    case 'invalid_format':
      return { reason: 'badFormat', format: issue.format };
    case 'unrecognized_keys':
      return { reason: 'notKnown' };
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'custom':
      return (issue.params as ReasonValues | undefined) ?? { reason: 'asSaid', problem: issue.message };
    default:
      return { reason: 'asSaid', problem: issue.message };
  }
}

function tooSmall({ origin, minimum }: z.core.$ZodIssueTooSmall): ReasonValues {
  if (origin === 'string') {
    return minimum === 1 ? { reason: 'empty' } : { reason: 'tooShort', minimum: Number(minimum) };
  }
  return { reason: origin === 'array' ? 'tooFew' : 'tooSmall', minimum: Number(minimum) };
}

function tooBig({ origin, maximum }: z.core.$ZodIssueTooBig): ReasonValues {
  const reason = origin === 'string' ? 'tooLong' : origin === 'array' ? 'tooMany' : 'tooGreat';
  return { reason, maximum: Number(maximum) };
}

import type { Announcement } from '#electron/core/ports';
import { ulid } from 'ulid';
import type { Change } from '#shared/api/contract';
import type { Account, Attempt, AuditEvent, Key, Range, Review } from '#shared/domain/entities';
import type { Source } from '#shared/domain/source';

/** Entities as the service would send them; a test names only what matters to it. */

const AT = '2026-01-15T12:00:00.000Z';
const AT_MS = Date.parse(AT);

/** The beginning of an id tells its time. */
const TIME_OF_ID = ulid(AT_MS).slice(0, 10);

let made = 0;

/** Ids ascend in the order of their creation, and are all of one moment, however many ids other tests have made. */
export function newId(): string {
  made += 1;
  return `${TIME_OF_ID}${String(made).padStart(16, '0')}`;
}

export function makeAccount(fields: Partial<Account> = {}): Account {
  return {
    id: newId(),
    name: 'owner@example.com',
    mode: 'manual',
    reportOnly: false,
    learning: null,
    revision: 1,
    service: { state: 'ready', why: null },
    grants: { ipv4PrefixLength: 24, ipv6PrefixLength: 64 },
    me: {
      userId: newId(),
      email: 'owner@example.com',
      role: 'owner',
      permissions: ['authorized_ips', 'api_keys'],
    },
    ...fields,
  };
}

export function makeRange(fields: Partial<Range> = {}): Range {
  return {
    id: newId(),
    cidr: '203.0.113.9/32',
    effect: 'authorize',
    label: '',
    source: 'manual',
    sourceId: null,
    keyId: null,
    createdAt: AT,
    createdBy: 'owner@example.com',
    expiresAt: null,
    version: 1,
    lastUsedAt: null,
    uses: 0,
    ...fields,
  };
}

export function makeKey(fields: Partial<Key> = {}): Key {
  return {
    id: newId(),
    name: 'Production',
    prefix: 'gk_AbCdEfG',
    status: 'active',
    reportOnly: false,
    createdAt: AT,
    lastUsedAt: null,
    rotatedAt: null,
    ...fields,
  };
}

export function makeReview(fields: Partial<Review> = {}): Review {
  return {
    id: newId(),
    ip: '203.0.113.9',
    addressCount: 1,
    callers: [],
    keyId: newId(),
    keyName: 'Production',
    status: 'pending',
    reason: 'unknown',
    firstAt: AT,
    lastAt: AT,
    count: 1,
    score: null,
    evidence: [],
    suggestedCidr: '203.0.113.0/24',
    proposal: null,
    country: null,
    region: null,
    asn: null,
    asName: null,
    decidedBy: null,
    decidedAt: null,
    note: null,
    rangeId: null,
    version: 1,
    ...fields,
  };
}

export function makeAttempt(fields: Partial<Attempt> = {}): Attempt {
  return {
    id: newId(),
    seq: made,
    ip: '203.0.113.9',
    keyId: newId(),
    keyName: 'Production',
    verdict: 'blocked',
    reason: 'unknown',
    wouldBe: null,
    rangeId: null,
    reviewId: null,
    firstAt: AT,
    lastAt: AT,
    count: 1,
    method: 'GET',
    path: '/orders',
    userAgent: 'curl/8',
    country: null,
    asn: null,
    asName: null,
    ...fields,
  };
}

export function makeAuditEvent(fields: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: newId(),
    at: AT,
    actor: { kind: 'user', name: 'anna@example.com' },
    via: 'console',
    action: 'range.add',
    target: newId(),
    before: null,
    after: null,
    operationId: null,
    ...fields,
  };
}

interface Values {
  readonly account: Account;
  readonly range: Range;
  readonly review: Review;
  readonly key: Key;
  readonly attempt: Attempt;
  readonly audit: AuditEvent;
  readonly source: Source;
}

export function makeSource(fields: Partial<Source> = {}): Source {
  return {
    id: newId(),
    kind: 'url',
    spec: { url: 'https://partner.example/list' },
    effect: 'authorize',
    keyId: null,
    label: 'Partner',
    intervalSeconds: 3_600,
    rangeExpiresAt: null,
    allowWide: false,
    minSharePercent: 50,
    status: 'ok',
    lastTriedAt: AT,
    lastOkAt: AT,
    lastError: null,
    lastErrorCode: null,
    rangeCount: 3,
    lastChange: null,
    nextAt: AT,
    createdAt: AT,
    createdBy: 'owner@example.com',
    version: 1,
    ...fields,
  };
}

export function upsert<K extends keyof Values>(kind: K, value: Values[K]): Change {
  return { kind, op: 'upsert', id: value.id, value } as Change;
}

export function removal(kind: keyof Values, id: string): Change {
  return { kind, op: 'delete', id, value: null };
}

/** A review's notification as a desktop gets it. */
export function makeAnnouncement(changes: Partial<Announcement> = {}): Announcement {
  return {
    title: 'Blocked: 203.0.113.9',
    body: 'Key “shop”',
    buttons: [
      { id: 'authorize', label: 'Authorize for 1 hour' },
      { id: 'deny', label: 'Deny' },
    ],
    urgency: 'normal',
    group: 'reviews',
    stays: true,
    ...changes,
  };
}

import type { Actor, Permission, Role, ServiceState, User, Via } from '#shared/domain/entities';
import type { Cidr } from '#shared/ip/index';
import type { Clock } from '../runtime/clock';
import type { FeedHub } from '../storage/feed-hub';
import type { Storage } from '../storage/storage';
import type { Writer } from '../storage/writer';
import type { PolicyDirectory } from './policy-directory';

/** Dependencies of every use case. */
export interface ServiceContext {
  readonly storage: Storage;
  readonly writer: Writer;
  readonly directory: PolicyDirectory;
  readonly hub: FeedHub;
  readonly clock: Clock;
  readonly learningWindowMs: number;
  /** Networks of the proxies. Nothing is ever granted to them, because their addresses may stand for anybody. */
  readonly trustedProxies: readonly Cidr[];
  /** Returns whether calls to the protected API get verdicts now (docs/behaviour.md 7.1). */
  readonly state: () => ServiceState;
}

/** The author of a change, as the audit trail names it. */
export interface Author {
  readonly accountId: string;
  readonly actor: Actor;
  readonly via: Via;
  /** Id of the operation that asks for the change. */
  readonly operationId?: string;
}

/** A user who is signed in with an access token. */
export interface Principal extends Author {
  readonly userId: string;
  readonly email: string;
  readonly role: Role;
  readonly permissions: readonly Permission[];
  /** Milliseconds since the epoch; null if the token does not expire. */
  readonly tokenExpiresAt: number | null;
}

/** Returns true if the user holds the permission; owners hold all. */
export function isPermitted(
  principal: { readonly role: User['role']; readonly permissions: readonly User['permissions'][number][] },
  permission: Permission,
): boolean {
  return principal.role === 'owner' || principal.permissions.includes(permission);
}

/** Returns the author of changes that an account makes by itself: learning, the trust review, expiry. */
export function systemAuthor(accountId: string): Author {
  return {
    accountId,
    actor: { kind: 'system', name: 'system' },
    via: 'system',
  };
}

import type { Actor, Permission, Role, ServiceState, User, Via } from '#shared/domain/entities';
import type { Cidr } from '#shared/ip/index';
import type { Clock } from '../runtime/clock';
import type { FeedHub } from '../storage/feed-hub';
import type { Storage } from '../storage/storage';
import type { Writer } from '../storage/writer';
import type { PolicyDirectory } from './policy';

/** What every use case works with. */
export interface ServiceContext {
  readonly storage: Storage;
  readonly writer: Writer;
  readonly directory: PolicyDirectory;
  readonly hub: FeedHub;
  readonly clock: Clock;
  readonly learningWindowMs: number;
  /** Whose addresses may stand for anybody, so that nothing is ever granted to them. */
  readonly trustedProxies: readonly Cidr[];
  /** What calls to the protected API get from the service at this moment. */
  readonly state: () => ServiceState;
}

/** Who changes something, and through what: the trail of each change names both. */
export interface Author {
  readonly accountId: string;
  readonly actor: Actor;
  readonly via: Via;
  /** The operation that asks for the change, where one does. */
  readonly operationId?: string;
}

/** A user who has shown an access token. */
export interface Principal extends Author {
  readonly userId: string;
  readonly email: string;
  readonly role: Role;
  readonly permissions: readonly Permission[];
  /** When the token ends that was shown; milliseconds since the epoch, null for one that does not. */
  readonly tokenExpiresAt: number | null;
}

/** Whether the user holds the permission; owners hold all. */
export const isPermitted = (
  principal: { readonly role: User['role']; readonly permissions: readonly User['permissions'][number][] },
  permission: Permission,
): boolean => principal.role === 'owner' || principal.permissions.includes(permission);

/** What an account does by itself: learning, the trust review, what time brings. */
export const systemAuthor = (accountId: string): Author => ({
  accountId,
  actor: { kind: 'system', name: 'system' },
  via: 'system',
});

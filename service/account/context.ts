import type { Actor, Permission, Role, Via } from '#shared/domain/entities';
import type { Clock } from '../clock';
import type { FeedHub } from '../feed/hub';
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
}

/** Who asks for something, and through what. */
export interface Principal {
  readonly accountId: string;
  readonly userId: string;
  readonly email: string;
  readonly role: Role;
  readonly permissions: readonly Permission[];
  readonly via: Via;
}

export const actorOf = (principal: Principal): Actor => ({
  kind: 'user',
  id: principal.userId,
  name: principal.email,
});

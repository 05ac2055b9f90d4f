import { MAX_USERS } from '#shared/api/routes-users';
import type { RouteRequest } from '#shared/api/route-types';
import { permissionSchema, type Permission, type Role, type User } from '#shared/domain/entities';
import { permissionsOf, userOf, type UserRow } from '../storage/repositories/users';
import type { Author, ServiceContext } from '../policy/context';
import { writeAudited, type PolicyWrite } from '../policy/policy-write';
import { Refusal } from '../policy/refusal';

type NewUser = RouteRequest<'createUser'>['body'];
type UserChanges = RouteRequest<'updateUser'>['body'];

/** Returns the permissions as JSON: each once, in one order; owners hold all. */
function storedPermissions(role: Role, named: readonly Permission[]): string {
  return JSON.stringify(permissionSchema.options.filter((one) => role === 'owner' || named.includes(one)));
}

/** @throws Refusal `not_found`. */
export async function requireUser(
  { tx, policy }: Pick<PolicyWrite, 'tx' | 'policy'>,
  userId: string,
): Promise<UserRow> {
  const row = await tx.users.get(policy.id, userId);
  if (row === undefined) throw new Refusal('not_found', 'There is no user with this id.', { field: 'id' });
  return row;
}

async function requireFreeEmail(write: PolicyWrite, email: string, ownId?: string): Promise<void> {
  const holder = await write.tx.users.byEmail(write.policy.id, email);
  if (holder === undefined || holder.id === ownId) return;
  throw new Refusal('email_taken', `${holder.email} is a user of this account already.`, { field: 'email' });
}

/** An account without an owner could never get one again. */
async function requireAnotherOwner(write: PolicyWrite, row: UserRow, field: string): Promise<void> {
  if (row.role !== 'owner' || (await write.tx.users.count(write.policy.id, 'owner')) > 1) return;
  throw new Refusal('last_owner', `${row.email} is the only owner; make somebody else an owner first.`, {
    field,
  });
}

/** Adds a user. @throws Refusal `email_taken` or `limit_reached`. */
export function createUser(context: ServiceContext, author: Author, fields: NewUser): Promise<User> {
  return writeAudited(context, author, async (write) => {
    const { users } = write.tx;
    await requireFreeEmail(write, fields.email);
    if ((await users.count(write.policy.id)) >= MAX_USERS) {
      throw new Refusal('limit_reached', `An account has at most ${MAX_USERS} users; remove one first.`);
    }
    const row: UserRow = {
      id: write.newId(),
      account_id: write.policy.id,
      email: fields.email,
      role: fields.role,
      permissions: storedPermissions(fields.role, fields.permissions),
      created_at: write.now,
    };
    await users.insert(row);
    const user = userOf(row);
    await write.audit({ action: 'user.create', target: row.id, before: null, after: user });
    return user;
  });
}

/**
 * Changes e-mail, role or permissions from the user's next call on.
 * @throws Refusal `not_found`, `email_taken` or `last_owner`.
 */
export function updateUser(
  context: ServiceContext,
  author: Author,
  userId: string,
  changes: UserChanges,
): Promise<User> {
  return writeAudited(context, author, async (write) => {
    const row = await requireUser(write, userId);
    const before = userOf(row);
    const { email = row.email, role = row.role } = changes;
    await requireFreeEmail(write, email, userId);
    if (role !== 'owner') await requireAnotherOwner(write, row, 'role');
    // An owner's stored permissions are all of them, so a former owner keeps none that is not named.
    const kept = row.role === 'owner' ? [] : permissionsOf(row);
    const permissions = storedPermissions(role, changes.permissions ?? kept);
    const after = userOf(await write.tx.users.update(write.policy.id, userId, { email, role, permissions }));
    if (JSON.stringify(after) !== JSON.stringify(before)) {
      await write.audit({ action: 'user.update', target: userId, before, after });
    }
    return after;
  });
}

/** Removes a user and their tokens. @throws Refusal `not_found` or `last_owner`. */
export function removeUser(context: ServiceContext, author: Author, userId: string): Promise<void> {
  return writeAudited(context, author, async (write) => {
    const row = await requireUser(write, userId);
    await requireAnotherOwner(write, row, 'id');
    await write.tx.users.delete(write.policy.id, userId);
    await write.audit({ action: 'user.remove', target: userId, before: userOf(row), after: null });
  });
}

import type { RouteRequest } from '#shared/api/route-types';
import type { Key } from '#shared/domain/entities';
import { SECOND_MS } from '#shared/durations';
import { keyOf, type KeyRow } from '../storage/repositories/keys';
import type { Principal, ServiceContext } from '../policy/context';
import type { ChangeContext } from '../policy/impact';
import { writePolicy, type PolicyWrite } from '../policy/policy-write';
import { Refusal } from '../policy/refusal';
import { hashSecret, newApiKeySecret, visiblePrefix } from '../policy/secrets';

async function insertSecret(write: PolicyWrite, keyId: string, secret: string): Promise<void> {
  await write.tx.keys.insertSecret({
    hash: hashSecret(secret),
    account_id: write.policy.id,
    key_id: keyId,
    created_at: write.now,
    valid_until: null,
  });
}

/** Loads a key and its secrets into memory after the commit. */
async function publishKey(context: ServiceContext, write: PolicyWrite, row: KeyRow): Promise<void> {
  const secrets = await write.tx.keys.secretsOf(write.policy.id, row.id);
  write.afterCommit(() => {
    write.policy.setKey(row);
    for (const secret of secrets) context.directory.setSecret(secret);
  });
}

/** Makes a key. The secret is returned here and stored nowhere. */
export function createKey(
  context: ServiceContext,
  principal: Principal,
  name: string,
): Promise<{ key: Key; secret: string }> {
  return writePolicy(context, principal, async (write) => {
    const secret = newApiKeySecret();
    const row: KeyRow = {
      id: write.newId(),
      account_id: write.policy.id,
      name,
      prefix: visiblePrefix(secret),
      status: 'active',
      report_only: 0,
      created_at: write.now,
      last_used_at: null,
      rotated_at: null,
      changed_seq: await write.seq(),
    };
    await write.tx.keys.insert(row);
    await insertSecret(write, row.id, secret);
    await write.audit({ action: 'key.create', target: row.id, before: null, after: keyOf(row) });
    await publishKey(context, write, row);
    return { key: keyOf(row), secret };
  });
}

async function requireActive(write: PolicyWrite, keyId: string): Promise<KeyRow> {
  const row = await write.tx.keys.get(write.policy.id, keyId);
  if (row === undefined) throw new Refusal('not_found', 'There is no API key with this id.', { field: 'id' });
  if (row.status === 'revoked') {
    throw new Refusal('not_found', 'This API key was revoked; make a new one instead.', { field: 'id' });
  }
  return row;
}

/** Gives the key a new secret. The old ones end in `graceSeconds`, or earlier if they would have. */
export async function rotateKeyWithin(
  context: ServiceContext,
  write: PolicyWrite,
  keyId: string,
  graceSeconds: number,
): Promise<{ row: KeyRow; secret: string }> {
  const { tx, policy } = write;
  const before = await requireActive(write, keyId);
  const secret = newApiKeySecret();
  await tx.keys.endSecrets(policy.id, keyId, write.now + graceSeconds * SECOND_MS);
  await insertSecret(write, keyId, secret);
  const row = await tx.keys.update(
    policy.id,
    keyId,
    { prefix: visiblePrefix(secret), rotated_at: write.now },
    await write.seq(),
  );
  await write.audit({ action: 'key.rotate', target: keyId, before: keyOf(before), after: keyOf(row) });
  await publishKey(context, write, row);
  return { row, secret };
}

export function rotateKey(
  context: ServiceContext,
  principal: Principal,
  keyId: string,
  graceSeconds: number,
): Promise<{ key: Key; secret: string }> {
  return writePolicy(context, principal, async (write) => {
    const { row, secret } = await rotateKeyWithin(context, write, keyId, graceSeconds);
    return { key: keyOf(row), secret };
  });
}

async function lookAtKey(
  { directory, guard }: ServiceContext & ChangeContext,
  keyId: string,
  { accountId }: Principal,
  change: Partial<KeyRow>,
  confirmImpact: boolean | undefined,
): Promise<void> {
  const key = directory.account(accountId).keys.get(keyId);
  if (key?.status !== 'active' || confirmImpact === true) return;
  await guard(accountId, { key: { ...key, ...change } });
}

/** Chooses whether calls with the key are reported instead of blocked. */
export async function updateKey(
  context: ServiceContext & ChangeContext,
  principal: Principal,
  keyId: string,
  { reportOnly, confirmImpact }: RouteRequest<'updateKey'>['body'],
): Promise<Key> {
  if (reportOnly === false) await lookAtKey(context, keyId, principal, { report_only: 0 }, confirmImpact);
  return writePolicy(context, principal, async (write) => {
    const before = await requireActive(write, keyId);
    const reports = reportOnly === true ? 1 : 0;
    if (reportOnly === undefined || before.report_only === reports) return keyOf(before);
    const row = await write.tx.keys.update(
      write.policy.id,
      keyId,
      { report_only: reports },
      await write.seq(),
    );
    await write.audit({ action: 'key.update', target: keyId, before: keyOf(before), after: keyOf(row) });
    await publishKey(context, write, row);
    return keyOf(row);
  });
}

/** Ends a key for good. It stays known, so that calls with it are logged as `revoked_key`. */
export async function revokeKey(
  context: ServiceContext & ChangeContext,
  principal: Principal,
  keyId: string,
  { confirmImpact }: RouteRequest<'revokeKey'>['query'],
): Promise<void> {
  await lookAtKey(context, keyId, principal, { status: 'revoked' }, confirmImpact);
  return writePolicy(context, principal, async (write) => {
    const { tx, policy } = write;
    const before = await requireActive(write, keyId);
    await tx.keys.endSecrets(policy.id, keyId, write.now);
    const row = await tx.keys.update(policy.id, keyId, { status: 'revoked' }, await write.seq());
    await write.audit({ action: 'key.revoke', target: keyId, before: keyOf(before), after: keyOf(row) });
    await publishKey(context, write, row);
  });
}

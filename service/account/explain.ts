import type { RouteRequest, RouteResponse } from '#shared/api/route-types';
import { formatAddress, formatCidr, parseAddress, sortableAddress, type IpAddress } from '#shared/ip/index';
import { modeAt } from '../enforcement/learning';
import { grantSourceOf } from '../enforcement/verdict';
import type { EvaluationContext } from '../gate/evaluate';
import { rangeOf } from '../storage/repositories/ranges';
import { sourceOf } from '../storage/repositories/sources';
import type { ServiceContext } from '../policy/context';
import { grantAround } from '../policy/grants';
import { Refusal } from '../policy/refusal';

function readAddress(text: string): IpAddress {
  const parsed = parseAddress(text);
  if (parsed.ok) return parsed.address;
  throw new Refusal('invalid_request', `ip: ${parsed.error.message}`, { field: 'ip' });
}

/**
 * Returns the verdict that a call would get now, and why (docs/behaviour.md 4.11). It changes nothing.
 * @throws Refusal `not_found` for an unknown key, `invalid_request` for text that is no address.
 */
export async function explain(
  context: ServiceContext & { readonly evaluation: EvaluationContext },
  accountId: string,
  { ip: text, keyId, method, path, userAgent, fingerprint }: RouteRequest<'explain'>['query'],
): Promise<RouteResponse<'explain'>> {
  const { clock, directory, evaluation, learningWindowMs, storage, trustedProxies } = context;
  const address = readAddress(text);
  const policy = directory.account(accountId);
  const key = policy.keys.get(keyId);
  if (key === undefined) {
    throw new Refusal('not_found', 'There is no API key with this id.', { field: 'keyId' });
  }
  const ip = formatAddress(address);
  const mode = modeAt(policy.mode, policy.learning, learningWindowMs, clock.now());
  // Consoles name no request; they ask about a row of the log.
  const request =
    method === undefined && path === undefined
      ? await storage.read.replay.lastRequest(accountId, sortableAddress(address), keyId)
      : { method: method ?? null, path: path ?? null };
  const { verdict, reason, wouldBe, range, source, trust } = await evaluation.evaluate(
    {
      policy,
      keyId,
      key: { kind: key.status === 'revoked' ? 'ended' : 'valid' },
      mode,
      address,
      ip,
      ...request,
      userAgent: userAgent ?? null,
      fingerprint: fingerprint ?? null,
    },
    'always',
  );
  const row = range === undefined ? undefined : await storage.read.ranges.get(accountId, range.id);
  const sourceRow =
    source === undefined ? undefined : await storage.read.sources.get(accountId, source.sourceId);
  const grant =
    grantSourceOf(reason) === undefined ? undefined : grantAround(address, policy.grants, trustedProxies);
  const geolocation = evaluation.geolocations.lookup(ip);
  return {
    ip,
    keyId,
    mode,
    verdict,
    reason,
    wouldBe,
    range: row === undefined ? null : rangeOf(row),
    source: sourceRow === undefined ? null : sourceOf(sourceRow),
    reviewId: policy.countingReview(ip, keyId)?.id ?? null,
    grant: grant === undefined ? null : formatCidr(grant),
    trust:
      trust === undefined
        ? null
        : { trusted: trust.trusted, score: trust.score, evidence: [...trust.evidence] },
    country: geolocation.country,
    region: geolocation.region ?? null,
    asn: geolocation.asn,
    asName: geolocation.asName,
  };
}

import { useEffect, useState } from 'react';
import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import type { LogGroup } from '#shared/ipc/log';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { type CountryCalls, countryCallsOf } from '../../stores/country-calls';
import { followRows } from '../../stores/log-figures';

/** From where a key is used, by the rows of the log on this computer. */
export interface KeyUse {
  readonly countries: readonly CountryCalls[];
  /** The networks with the most calls. */
  readonly networks: readonly LogGroup[];
  /** Number of known networks from which it was let in. */
  readonly networkCount: number;
  /** Calls with secrets that have ended. */
  readonly endedCalls: number;
  /** The log on this computer has all rows since then; null if it has all there are. */
  readonly completeFrom: string | null;
}

const SHOWN_NETWORKS = 6;
/** A key that was used from more networks counts as used from many. */
const MOST_COUNTED = 200;

/** Follows the log. Null as long as nothing is known of this key. */
export function useKeyUse(keyId: string): Outcome<KeyUse> | null {
  const [found, setFound] = useState<{ readonly of: string; readonly outcome: Outcome<KeyUse> } | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const rows = followRows(async () => {
      const outcome = await readKeyUse(keyId);
      if (isCurrent) setFound({ of: keyId, outcome });
    });
    return () => {
      isCurrent = false;
      rows.stop();
    };
  }, [keyId]);
  return found?.of === keyId ? found.outcome : null;
}

async function readKeyUse(keyId: string): Promise<Outcome<KeyUse>> {
  const { log } = bridge().calls;
  const networks = await settle(() =>
    log.groups({ filter: { keyId }, by: 'asn', offset: 0, limit: SHOWN_NETWORKS }),
  );
  if (!networks.ok) return networks;
  const letIn = await settle(() =>
    log.groups({ filter: { keyId, verdict: 'allowed' }, by: 'asn', offset: 0, limit: MOST_COUNTED }),
  );
  if (!letIn.ok) return failed(letIn.failure);
  const ended = await settle(() =>
    log.groups({ filter: { keyId, reason: 'revoked_key' }, by: 'keyId', offset: 0, limit: 1 }),
  );
  if (!ended.ok) return failed(ended.failure);
  const countries = await countryCallsOf({ keyId });
  if (!countries.ok) return countries;
  return succeeded({
    countries: countries.value,
    networks: networks.value.groups,
    networkCount: letIn.value.groups.filter(({ newest }) => newest.asn !== null).length,
    endedCalls: ended.value.groups[0]?.calls ?? 0,
    completeFrom: networks.value.completeFrom,
  });
}

/** Returns the calls with secrets that have ended, by key, for the list of all. */
export function useEndedCalls(): ReadonlyMap<string, number> {
  const [calls, setCalls] = useState<ReadonlyMap<string, number>>(new Map());
  useEffect(() => {
    let isCurrent = true;
    const rows = followRows(async () => {
      const request = {
        filter: { reason: 'revoked_key' },
        by: 'keyId',
        offset: 0,
        limit: MOST_COUNTED,
      } as const;
      const outcome = await settle(() => bridge().calls.log.groups(request));
      if (!isCurrent || !outcome.ok) return;
      setCalls(new Map(outcome.value.groups.map(({ newest, calls }) => [newest.keyId, calls])));
    });
    return () => {
      isCurrent = false;
      rows.stop();
    };
  }, []);
  return calls;
}

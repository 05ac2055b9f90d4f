import { useEffect, useState } from 'react';
import type { Verdict } from '#shared/domain/entities';
import type { Failure, Outcome } from '#shared/ipc/failure';
import { succeeded } from '#shared/ipc/failure';
import type { LogFilter } from '#shared/ipc/log';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { followLog } from '../../stores/log-figures';

export interface CountryCalls {
  /** ISO 3166 alpha-2; null if the country is not known. */
  readonly country: string | null;
  readonly allowed: number;
  readonly blocked: number;
}

type Found =
  | { readonly countries: readonly CountryCalls[]; readonly failure: null }
  | { readonly countries: null; readonly failure: Failure };

const PAGE = 200;

/** Loads the calls of the filtered log by country, also of those that the filter leaves out. Null as long as they are not known. */
export function useLogCountries(): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    let asked = 0;
    const stop = followLog(async (filter) => {
      asked += 1;
      const current = asked;
      const outcome = await countriesOf(filter);
      if (current !== asked) return;
      setFound(
        outcome.ok
          ? { countries: outcome.value, failure: null }
          : { countries: null, failure: outcome.failure },
      );
    });
    return () => {
      asked += 1;
      stop();
    };
  }, []);
  return found;
}

async function countriesOf({
  country: _,
  verdict,
  ...filter
}: LogFilter): Promise<Outcome<readonly CountryCalls[]>> {
  const byCountry = new Map<string | null, { allowed: number; blocked: number }>();
  for (const one of verdict === undefined ? (['allowed', 'blocked'] as const) : [verdict]) {
    const outcome = await callsByCountry({ ...filter, verdict: one });
    if (!outcome.ok) return outcome;
    for (const [country, calls] of outcome.value) {
      const known = byCountry.get(country) ?? { allowed: 0, blocked: 0 };
      byCountry.set(country, { ...known, [one]: calls });
    }
  }
  return succeeded([...byCountry].map(([country, calls]) => ({ country, ...calls })));
}

async function callsByCountry(
  filter: LogFilter & { readonly verdict: Verdict },
): Promise<Outcome<ReadonlyMap<string | null, number>>> {
  const calls = new Map<string | null, number>();
  for (let isMore = true; isMore;) {
    const request = { filter, by: 'country', offset: calls.size, limit: PAGE } as const;
    const outcome = await settle(() => bridge().calls.log.groups(request));
    if (!outcome.ok) return outcome;
    for (const group of outcome.value.groups) calls.set(group.newest.country, group.calls);
    isMore = outcome.value.isMore && outcome.value.groups.length > 0;
  }
  return succeeded(calls);
}

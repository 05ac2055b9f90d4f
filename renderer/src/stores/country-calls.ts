import { type Outcome, succeeded } from '#shared/ipc/failure';
import type { LogFilter } from '#shared/ipc/log';
import { bridge } from '../bridge/bridge';
import { settle } from '../bridge/call';

export interface CountryCalls {
  /** ISO 3166 alpha-2; null if the country is not known. */
  readonly country: string | null;
  readonly allowed: number;
  readonly blocked: number;
}

const PAGE = 200;

/** Resolves with the calls of all countries, those with the most calls first. */
export async function countryCallsOf(filter: LogFilter): Promise<Outcome<readonly CountryCalls[]>> {
  const countries: CountryCalls[] = [];
  for (let isMore = true; isMore;) {
    const request = { filter, by: 'country', offset: countries.length, limit: PAGE } as const;
    const outcome = await settle(() => bridge().calls.log.groups(request));
    if (!outcome.ok) return outcome;
    for (const { newest, calls, blocked } of outcome.value.groups) {
      countries.push({ country: newest.country, allowed: calls - blocked, blocked });
    }
    isMore = outcome.value.isMore && outcome.value.groups.length > 0;
  }
  return succeeded(countries);
}

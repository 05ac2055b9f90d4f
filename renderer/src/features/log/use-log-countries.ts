import { useEffect, useState } from 'react';
import type { Failure } from '#shared/ipc/failure';
import { type CountryCalls, countryCallsOf } from '../../stores/country-calls';
import { followLog } from '../../stores/log-figures';

type Found =
  | { readonly countries: readonly CountryCalls[]; readonly failure: null }
  | { readonly countries: null; readonly failure: Failure };

/** Loads the calls of the filtered log by country, also of those that the filter leaves out. Null as long as they are not known. */
export function useLogCountries(): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    let asked = 0;
    const stop = followLog(async ({ country: _, ...filter }) => {
      asked += 1;
      const current = asked;
      const outcome = await countryCallsOf(filter);
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

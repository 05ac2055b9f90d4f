import { useEffect, useState } from 'react';
import type { Outcome } from '#shared/ipc/failure';
import { type CountryCalls, countryCallsOf } from '../../stores/country-calls';
import { followLog } from '../../stores/log-figures';

/** Loads the calls of the filtered log by country, also of those that the filter leaves out. Null as long as they are not known. */
export function useLogCountries(): Outcome<readonly CountryCalls[]> | null {
  const [found, setFound] = useState<Outcome<readonly CountryCalls[]> | null>(null);
  useEffect(() => followLog(({ country: _, ...filter }) => countryCallsOf(filter), setFound), []);
  return found;
}

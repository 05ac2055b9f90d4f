import { Suspense } from 'react';
import { t } from '#shared/i18n/t';
import { countryName } from '#shared/words';
import type { CountryCalls } from '../../stores/country-calls';
import { changeLogDraft, useUi } from '../../stores/ui';
import { SmallButton } from '../../ui/small-button';
import { LazyWorldMap } from '../../ui/world-map/lazy-world-map';
import { LogSkeleton } from './log-skeleton';
import { NothingToShow } from './nothing-to-show';
import classes from './log.module.css';
import { useLogCountries } from './use-log-countries';

interface LogMapProps {
  /** Called when a country has become the filter. */
  readonly onFiltered: () => void;
}

/** Shows where the calls of the filtered log come from. Opening a country filters by it. */
export function LogMap({ onFiltered }: LogMapProps) {
  const found = useLogCountries();
  const selected = useUi((ui) => ui.logDraft.country);
  if (found === null) return <LogSkeleton />;
  if (!found.ok) return <NothingToShow failure={found.failure} />;
  const countries = found.value;
  if (countries.length === 0) return <NothingToShow failure={null} />;
  const unknown = countries.find(({ country }) => country === null);
  const marks = countries.flatMap(({ country, ...calls }) =>
    country === null ? [] : [{ country, ...calls, label: callWords({ country, ...calls }) }],
  );
  const open = (country: string): void => {
    changeLogDraft({ country });
    onFiltered();
  };
  return (
    <div className={classes.map}>
      <Suspense fallback={<LogSkeleton />}>
        <LazyWorldMap
          label={t('log.map')}
          marks={marks}
          selected={selected}
          onOpen={open}
          note={
            unknown !== undefined && <SmallButton onClick={() => open('')}>{callWords(unknown)}</SmallButton>
          }
        />
      </Suspense>
    </div>
  );
}

function callWords({ country, allowed, blocked }: CountryCalls): string {
  return t('log.countryCalls', {
    country: country === null ? t('log.countryNotKnown') : countryName(country),
    count: allowed + blocked,
    blocked: t('log.blockedCalls', { count: blocked }),
  });
}

import { Suspense } from 'react';
import { t } from '#shared/i18n/t';
import { countryName } from '#shared/words';
import type { CountryCalls } from '../../stores/country-calls';
import { showLogWith } from '../../stores/ui';
import { LazyWorldMap } from '../../ui/world-map/lazy-world-map';
import classes from './overview.module.css';

interface MapPanelProps {
  readonly fromMs: number;
  readonly countries: readonly CountryCalls[] | null;
}

/** Where the calls came from. A country leads to its calls in the log. */
export function MapPanel({ fromMs, countries }: MapPanelProps) {
  const unknown = countries?.find(({ country }) => country === null);
  const marks = countries?.flatMap(({ country, ...calls }) =>
    country === null
      ? []
      : [
          {
            country,
            ...calls,
            label: t('overview.callsOf', { name: countryName(country), ...wordsOf(calls) }),
          },
        ],
  );
  return (
    <section className={classes.map} aria-label={t('overview.whereFrom')}>
      <h2 className={classes.heading}>{t('overview.whereFrom')}</h2>
      <div className={classes.mapBox}>
        {marks !== undefined && (
          <Suspense>
            <LazyWorldMap
              label={t('pictures.callsByCountry')}
              marks={marks}
              onOpen={(country) => showLogWith({ fromMs, country })}
              note={unknown !== undefined && <span>{t('overview.countryNotKnown', wordsOf(unknown))}</span>}
            />
          </Suspense>
        )}
      </div>
    </section>
  );
}

function wordsOf({ allowed, blocked }: Omit<CountryCalls, 'country'>) {
  return { count: allowed + blocked, blocked };
}

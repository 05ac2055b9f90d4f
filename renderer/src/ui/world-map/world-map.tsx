import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { t } from '#shared/i18n/t';
import { SmallButton } from '../small-button';
import { BORDERS_PATH, COUNTRY_POINTS, LAND_PATH, WORLD_VIEW_BOX } from './world';
import classes from './world-map.module.css';

export interface WorldMark {
  /** ISO 3166 alpha-2, in capitals. */
  readonly country: string;
  readonly allowed: number;
  readonly blocked: number;
  /** The mark in words, such as `Germany: 1,234 calls, 12 blocked`. */
  readonly label: string;
}

interface WorldMapProps {
  /** Accessible name. */
  readonly label: string;
  readonly marks: readonly WorldMark[];
  /** The country that is marked as chosen; left out if none can be. */
  readonly selected?: string | null;
  readonly onOpen: (country: string) => void;
  /** Stands below the map, for example for calls whose country is not known. */
  readonly note?: ReactNode;
}

/**
 * Shows calls by country. The area of a mark is the number of calls, and the filled circle in it is the part that was blocked.
 * Countries that are too small for the map stand below it.
 */
export function WorldMap({ label, marks, selected, onOpen, note = null }: WorldMapProps) {
  const counted = marks.map((mark) => ({
    ...mark,
    calls: mark.allowed + mark.blocked,
    point: COUNTRY_POINTS[mark.country],
  }));
  const most = Math.max(1, ...counted.map(({ calls }) => calls));
  // Small marks lie over large ones, and the focus goes from the largest to the smallest.
  counted.sort((a, b) => b.calls - a.calls);
  return (
    <div className={classes.world} role="group" aria-label={label}>
      <div className={classes.frame}>
        <div className={classes.map}>
          <svg viewBox={WORLD_VIEW_BOX} className={classes.ground} aria-hidden>
            <path className={classes.land} d={LAND_PATH} />
            <path className={classes.borders} d={BORDERS_PATH} />
          </svg>
          {counted.map(({ country, label: words, allowed, blocked, calls, point }) =>
            point === undefined ? null : (
              <Tooltip key={country} label={words} openDelay={80}>
                <button
                  type="button"
                  className={classes.mark}
                  aria-label={words}
                  aria-pressed={selected === undefined ? undefined : selected === country}
                  data-all-blocked={allowed === 0 ? '' : undefined}
                  style={{
                    left: `${point.left}%`,
                    top: `${point.top}%`,
                    width: `max(12px, clamp(30px, 6cqw, 76px) * ${Math.sqrt(calls / most)})`,
                  }}
                  onClick={() => onOpen(country)}
                >
                  <span
                    className={classes.blocked}
                    style={{ width: `${Math.sqrt(blocked / calls) * 100}%` }}
                  />
                </button>
              </Tooltip>
            ),
          )}
        </div>
      </div>
      <div className={classes.below}>
        <span className={classes.legend} aria-hidden>
          <span className={classes.sample} /> {t('pictures.allowed')}
        </span>
        <span className={classes.legend} aria-hidden>
          <span className={classes.sample} data-all-blocked="" /> {t('pictures.blocked')}
        </span>
        <span aria-hidden>{t('pictures.mapScale')}</span>
        {counted.map(({ country, label: words, point }) =>
          point === undefined ? (
            <SmallButton key={country} variant="default" onClick={() => onOpen(country)}>
              {words}
            </SmallButton>
          ) : null,
        )}
        {note}
      </div>
    </div>
  );
}

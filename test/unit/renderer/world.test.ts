import { geoNaturalEarth1 } from 'd3-geo';
import { describe, expect, it } from 'vitest';
import { COUNTRY_POINTS } from '../../../renderer/src/ui/world-map/world';

const WIDTH = 1_000;
const HEIGHT = 444;
const project = geoNaturalEarth1().fitWidth(WIDTH, { type: 'Sphere' });

describe('a country on the map', () => {
  it.each([
    ['DE', 10.4, 51.1],
    ['FR', 2.5, 46.5],
    ['NO', 14, 64.5],
    ['AU', 134.4, -25.6],
    ['SG', 103.8, 1.35],
    ['XK', 20.9, 42.6],
  ])('%s is where it is', (country, longitude, latitude) => {
    const [x = 0, y = 0] = project([longitude, latitude]) ?? [];
    const { left = 0, top = 0 } = COUNTRY_POINTS[country] ?? {};
    expect(Math.hypot((left * WIDTH) / 100 - x, (top * HEIGHT) / 100 - y)).toBeLessThan(8);
  });

  it('is missing if it is too small, or no country', () => {
    expect(COUNTRY_POINTS['GI']).toBeUndefined();
    expect(COUNTRY_POINTS['ZZ']).toBeUndefined();
  });
});

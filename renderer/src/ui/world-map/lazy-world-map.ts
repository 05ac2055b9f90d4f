import { lazy } from 'react';

/** The shapes of the world are larger than the rest of the window, so they are loaded when a map is first shown. */
export const LazyWorldMap = lazy(async () => ({ default: (await import('./world-map')).WorldMap }));

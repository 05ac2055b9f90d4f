/** The build puts what this module exports in its place, so a window holds no more of the world than that. */
import { geoNaturalEarth1, geoPath } from 'd3-geo';
import codes from 'i18n-iso-countries/codes.json';
import { feature, mesh } from 'topojson-client';
// The smaller map lacks Singapore, Hong Kong, Malta and other small countries.
import topology from 'world-atlas/countries-50m.json';

const WIDTH = 1_000;
/** Nobody calls from the Antarctic, so the map ends above it. */
const HEIGHT = 444;

export const WORLD_VIEW_BOX = `0 0 ${WIDTH} ${HEIGHT}`;

const { countries, land } = topology.objects;
const projection = geoNaturalEarth1().fitWidth(WIDTH, { type: 'Sphere' });
const path = geoPath(projection).digits(1);

export const LAND_PATH = path(feature(topology, land)) ?? '';
export const BORDERS_PATH = path(mesh(topology, countries, (a, b) => a !== b)) ?? '';

const alpha2ByNumber = new Map(codes.map(([alpha2 = '', , number = '']) => [number, alpha2]));

const shapes = feature(topology, countries).features;
type Shape = (typeof shapes)[number];

/** Kosovo has no number in ISO 3166. */
function alpha2Of({ id, properties }: Shape): string | undefined {
  return properties.name === 'Kosovo' ? 'XK' : alpha2ByNumber.get(String(id));
}

interface WorldPoint {
  /** Shares of the map's width and height, in per cent. */
  readonly left: number;
  readonly top: number;
}

function middleOf(shape: Shape): WorldPoint {
  const [x, y] = path.centroid(largestPart(shape.geometry));
  return { left: (x / WIDTH) * 100, top: (y / HEIGHT) * 100 };
}

/** With all their islands, France and Norway would have their middle in the sea. */
function largestPart(geometry: Shape['geometry']): Shape['geometry'] {
  if (geometry.type !== 'MultiPolygon') return geometry;
  const parts = geometry.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }) as const);
  const areas = parts.map((part) => path.area(part));
  return parts[areas.indexOf(Math.max(...areas))] ?? geometry;
}

// Australia stands before one of its reefs, which has the same number.
const placed = shapes.toReversed().map((shape) => [alpha2Of(shape) ?? '', middleOf(shape)] as const);

/** The middle of the largest part of each country that is on the map. */
export const COUNTRY_POINTS: Readonly<Record<string, WorldPoint>> = Object.fromEntries(placed);

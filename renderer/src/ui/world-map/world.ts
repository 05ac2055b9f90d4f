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

// Australia stands before one of its reefs, which has the same number.
const shapeByAlpha2 = new Map(shapes.toReversed().map((shape) => [alpha2Of(shape), shape]));

interface WorldPoint {
  /** Shares of the map's width and height, in per cent. */
  readonly left: number;
  readonly top: number;
}

const points = new Map<string, WorldPoint>();

/** Returns the middle of the country's largest part; undefined if the country is not on the map. */
export function pointOf(alpha2: string): WorldPoint | undefined {
  const shape = shapeByAlpha2.get(alpha2);
  if (shape === undefined) return undefined;
  const point = points.get(alpha2) ?? middleOf(shape);
  points.set(alpha2, point);
  return point;
}

function middleOf(shape: Shape): WorldPoint {
  const [x, y] = path.centroid(largestPart(shape.geometry));
  return { left: (x / WIDTH) * 100, top: (y / HEIGHT) * 100 };
}

/** With all their islands, France and Norway would have their middle in the sea. */
function largestPart(geometry: Shape['geometry']): Shape['geometry'] {
  if (geometry.type !== 'MultiPolygon') return geometry;
  const parts = geometry.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }) as const);
  return parts.reduce((largest, part) => (path.area(part) > path.area(largest) ? part : largest));
}

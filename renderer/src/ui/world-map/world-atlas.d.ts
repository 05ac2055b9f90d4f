/** Spares the compiler from working out the type of a large file. */
declare module 'world-atlas/countries-50m.json' {
  import type { GeometryCollection, Topology } from 'topojson-specification';

  const topology: Topology<{
    readonly countries: GeometryCollection<{ readonly name: string }>;
    readonly land: GeometryCollection;
  }>;
  export = topology;
}

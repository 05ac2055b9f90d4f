import { z } from 'zod';

/** The formats of lists of ranges, which are told apart by what is in them. */
export const rangeFormatSchema = z.enum([
  'lines',
  'csv',
  'geofeed',
  'dshield',
  'tor',
  'haproxy',
  'ipset',
  'mikrotik',
  'nginx',
  'apache',
  'json',
  'json-lines',
  'gatehouse',
  'aws',
  'google',
  'azure',
  'github',
  'oracle',
  'fastly',
  'atlas',
]);
export type RangeFormat = z.infer<typeof rangeFormatSchema>;

/** The meaning of a column, or of a field of a structure. `length` is a prefix length or a mask. */
export const columnRoleSchema = z.enum([
  'range',
  'length',
  'last',
  'label',
  'expiresAt',
  'key',
  'effect',
  'ignored',
]);
export type ColumnRole = z.infer<typeof columnRoleSchema>;

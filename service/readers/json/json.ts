import type { ColumnRole } from '#shared/domain/range-format';
import type { RangeColumn, RangeRow } from '../document';
import { row, type Reader } from '../line-reader';
import { atlasReader } from './atlas';
import { awsReader } from './aws';
import { azureReader } from './azure';
import { fastlyReader } from './fastly';
import { gatehouseReader } from './gatehouse';
import { githubReader } from './github';
import { googleReader } from './google';
import { oracleReader } from './oracle';
import type { JsonReader } from './reader';
import { anyRecords, readRecord } from './record';

/** An IPv6 address in brackets and the heading of a section are not JSON. */
const JSON_BEGINNING = /^\s*(?:\{|\[(?![0-9a-f]*[.:][0-9a-f.:]*\])\s*["{[\]\d-])/i;

const PUBLISHERS: readonly JsonReader[] = [
  awsReader,
  googleReader,
  azureReader,
  githubReader,
  oracleReader,
  fastlyReader,
  atlasReader,
  gatehouseReader,
];

const ANY: JsonReader = {
  format: 'json',
  fields: {},
  recognizes: () => true,
  records: (root) => anyRecords(root),
};

function columnsOf({ fields }: JsonReader): RangeColumn[] {
  return Object.entries(fields).flatMap(([role, names]) =>
    names.map((name) => ({ number: null, name, role: role as ColumnRole })),
  );
}

export const jsonReader: Reader = {
  recognizes: ({ text }) => JSON_BEGINNING.test(text),
  open: (text, _head, options) => {
    let root: unknown;
    try {
      root = JSON.parse(text);
    } catch {
      return { refused: { reason: 'badJson' } };
    }
    const reader = PUBLISHERS.find((each) => each.recognizes(root)) ?? ANY;
    function* rows(): Generator<RangeRow, void, undefined> {
      let number = 0;
      for (const record of reader.records(root)) {
        number += 1;
        yield row(number, record.text, () => readRecord(record, options));
      }
    }
    return { format: reader.format, unit: 'entry', columns: columnsOf(reader), mayDeny: true, rows };
  },
};

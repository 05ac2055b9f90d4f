import { useMemo } from 'react';
import type { ImportResult, Recognized } from '#shared/api/routes-import';
import { t } from '#shared/i18n/t';
import { useMirror } from '../../../stores/mirror';
import { type Column, DataGrid } from '../../../ui/data-grid';
import { TwoLines } from '../list/two-lines';
import { keyWords } from '../list/range-facts';
import { meaningWords, outcomeWords, remarksOf, termsWords } from './import-words';
import classes from '../ranges.module.css';

const ROW_HEIGHT = 64;

function columnsWhere(
  isDone: boolean,
  unit: Recognized['unit'],
  keyName: (id: string) => string,
): readonly Column<ImportResult>[] {
  return [
    {
      id: 'line',
      header: t(unit === 'entry' ? 'imports.entry' : 'ranges.line'),
      width: '56px',
      align: 'end',
      render: ({ line }) => line,
    },
    {
      id: 'text',
      header: t('ranges.text'),
      width: 'minmax(140px, 1fr)',
      render: ({ text }) => <code title={text}>{text}</code>,
    },
    {
      id: 'meaning',
      header: t('ranges.rangeAndLabel'),
      width: 'minmax(130px, 0.8fr)',
      render: (result) => (
        <TwoLines
          first={<span title={result.cidrs.slice(0, 20).join(', ')}>{meaningWords(result)}</span>}
          second={<span title={result.label}>{termsWords(result, keyName)}</span>}
        />
      ),
    },
    {
      id: 'outcome',
      header: t('ranges.outcome'),
      width: 'minmax(220px, 1.6fr)',
      render: (result) => {
        const remarks = remarksOf(result);
        return (
          <div className={classes.outcome} data-outcome={result.status} data-noted={result.notes.length > 0}>
            <div>{outcomeWords(result, isDone)}</div>
            <div className={classes.remarks} title={remarks}>
              {remarks}
            </div>
          </div>
        );
      },
    },
  ];
}

function keyOf({ line }: ImportResult): string {
  return String(line);
}

interface ImportLinesProps {
  readonly lines: readonly ImportResult[];
  readonly unit: Recognized['unit'];
  readonly isDone?: boolean;
  readonly hasMore?: boolean;
  readonly onNearEnd?: () => void;
}

export function ImportLines({ lines, unit, isDone = false, hasMore = false, onNearEnd }: ImportLinesProps) {
  const keys = useMirror((mirror) => mirror.keys);
  const columns = useMemo(() => columnsWhere(isDone, unit, (id) => keyWords(keys, id)), [isDone, unit, keys]);
  return (
    <div className={classes.importLines}>
      <DataGrid
        label={t('ranges.lines')}
        columns={columns}
        rows={lines}
        keyOf={keyOf}
        rowHeight={ROW_HEIGHT}
        hasMore={hasMore}
        {...(onNearEnd !== undefined && { onNearEnd })}
      />
    </div>
  );
}

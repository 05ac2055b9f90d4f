import type { ImportResult } from '#shared/api/routes-policy';
import { type Column, DataGrid } from '../../ui/data-grid';
import { TwoLines } from './columns';
import { meaningWords, outcomeWords, remarksOf, termsWords } from './import-words';
import classes from './ranges.module.css';

const ROW_HEIGHT = 64;

function columnsWhere(isDone: boolean): readonly Column<ImportResult>[] {
  return [
    { id: 'line', header: 'Line', width: '56px', align: 'end', render: ({ line }) => line },
    {
      id: 'text',
      header: 'Text',
      width: 'minmax(140px, 1fr)',
      render: ({ text }) => <code title={text}>{text}</code>,
    },
    {
      id: 'meaning',
      header: 'Range and label',
      width: 'minmax(130px, 0.8fr)',
      render: (result) => (
        <TwoLines
          first={<span title={result.cidrs.slice(0, 20).join(', ')}>{meaningWords(result)}</span>}
          second={<span title={result.label}>{termsWords(result)}</span>}
        />
      ),
    },
    {
      id: 'outcome',
      header: 'What becomes of it',
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

const BEFORE = columnsWhere(false);
const AFTER = columnsWhere(true);
function keyOf({ line }: ImportResult): string {
  return String(line);
}

interface ImportLinesProps {
  readonly lines: readonly ImportResult[];
  readonly isDone?: boolean;
  readonly hasMore?: boolean;
  readonly onNearEnd?: () => void;
}

export function ImportLines({ lines, isDone = false, hasMore = false, onNearEnd }: ImportLinesProps) {
  return (
    <div className={classes.importLines}>
      <DataGrid
        label="Lines of the import"
        columns={isDone ? AFTER : BEFORE}
        rows={lines}
        keyOf={keyOf}
        rowHeight={ROW_HEIGHT}
        hasMore={hasMore}
        {...(onNearEnd !== undefined && { onNearEnd })}
      />
    </div>
  );
}

import type { Recognized } from '#shared/api/routes-import';
import { t } from '#shared/i18n/t';
import classes from './import.module.css';

const MOST_NAMES = 6;

/** Returns one phrase for each role that columns have. */
function columnWords(columns: Recognized['columns']): string[] {
  const roles = [...new Set(columns.map(({ role }) => role))];
  return roles.map((role) => {
    const names = columns
      .filter((column) => column.role === role)
      .map(({ name, number }) => name ?? t('imports.column', { number: number ?? 0 }));
    const shown = names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES), '…'] : names;
    return t(`imports.role_${role}`, { names: shown.join(', ') });
  });
}

/** Says what the list was recognized as, and which column is which. */
export function RecognizedLine({ recognized: { format, columns } }: { readonly recognized: Recognized }) {
  return (
    <div className={classes.recognized}>
      <p>{t('imports.recognized', { format: t(`imports.format_${format}`) })}</p>
      {columns.length > 0 && (
        <ul>
          {columnWords(columns).map((words) => (
            <li key={words}>{words}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

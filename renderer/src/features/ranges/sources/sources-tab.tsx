import { IconWorldDownload } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { Source } from '#shared/domain/source';
import { t } from '#shared/i18n/t';
import { useMirror } from '../../../stores/mirror';
import { EmptyState } from '../../../ui/empty-state';
import { SourceDialog } from './source-dialog';
import { RemoveSourceDialog } from './remove-source-dialog';
import { sortSources } from './source-facts';
import { SourceItem } from './source-item';
import classes from './sources.module.css';
import { useSourceRefusal } from './use-source-refusal';

/** Lists the sources of ranges, with their states. */
export function SourcesTab() {
  const sources = useMirror((mirror) => mirror.sources);
  const isOnline = useMirror((mirror) => mirror.connection.kind === 'online');
  const [removing, setRemoving] = useState<Source | null>(null);
  const sorted = useMemo(() => sortSources(sources.values()), [sources]);
  const refusal = useSourceRefusal();

  return (
    <>
      <p className={classes.head}>{isOnline ? t('sources.description') : t('sources.needsService')}</p>
      {sorted.length === 0 ? (
        <EmptyState icon={<IconWorldDownload size={26} stroke={1.6} />} title={t('sources.none')}>
          <p>{t('sources.noneHelp')}</p>
        </EmptyState>
      ) : (
        <ul className={classes.list} aria-label={t('sources.list')}>
          {sorted.map((source) => (
            <SourceItem
              key={source.id}
              source={source}
              mayChange={refusal === undefined}
              onRemove={setRemoving}
            />
          ))}
        </ul>
      )}
      <SourceDialog />
      <RemoveSourceDialog target={removing} onClose={() => setRemoving(null)} />
    </>
  );
}

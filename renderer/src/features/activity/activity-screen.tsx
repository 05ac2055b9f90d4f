import { IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { t } from '#shared/i18n/t';
import { FeedView, MoreFailure } from '../../forms/feed-view';
import { activityList, useActivity } from '../../stores/activity';
import { EmptyState } from '../../ui/empty-state';
import { PageHeader } from '../../ui/page-header';
import classes from './activity.module.css';
import { activityColumns } from './columns';
import { Details } from './details';
import { FilterBar } from './filter-bar';

function newsWords(count: number | null): string {
  return count === null ? t('activity.manyNews') : t('activity.news', { count });
}

export function ActivityScreen() {
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const { actorKind, text } = useActivity(({ filter }) => filter);
  const isFiltered = actorKind !== undefined || text !== undefined;
  return (
    <>
      <PageHeader title={t('frame.screen_activity')} description={t('activity.description')} />
      <FilterBar />
      <FeedView
        list={activityList}
        open={activityList.open}
        label={t('activity.list')}
        loadingLabel={t('activity.loading')}
        failedTitle={t('activity.failed')}
        newsWords={newsWords}
        columns={activityColumns()}
        icon={IconHistory}
        selectedId={selectedId}
        onSelect={setSelectedId}
        opensOnSelect
        details={Details}
        empty={
          <EmptyState
            icon={<IconHistory size={26} stroke={1.6} />}
            title={t(isFiltered ? 'activity.nothingFits' : 'activity.nothingYet')}
          />
        }
        footer={
          <div className={classes.foot}>
            <MoreFailure list={activityList} />
          </div>
        }
      />
    </>
  );
}

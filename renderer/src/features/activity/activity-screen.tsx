import { IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { countOf } from '#shared/words';
import { FeedView, MoreFailure } from '../../forms/feed-view';
import { activityList, useActivity } from '../../stores/activity';
import { EmptyState } from '../../ui/empty-state';
import { PageHeader } from '../../ui/page-header';
import classes from './activity.module.css';
import { ACTIVITY_COLUMNS } from './columns';
import { Details } from './details';
import { FilterBar } from './filter-bar';

function newsWords(count: number | null): string {
  return count === null ? 'Many new events' : countOf(count, 'new event');
}

export function ActivityScreen() {
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const { actorKind, text } = useActivity(({ filter }) => filter);
  const isFiltered = actorKind !== undefined || text !== undefined;
  return (
    <>
      <PageHeader title="Activity" description="Who changed what, when and through what." />
      <FilterBar />
      <FeedView
        list={activityList}
        open={activityList.open}
        label="Activity, newest first"
        loadingLabel="Loading the activity"
        failedTitle="The activity could not be read"
        newsWords={newsWords}
        columns={ACTIVITY_COLUMNS}
        icon={IconHistory}
        selectedId={selectedId}
        onSelect={setSelectedId}
        opensOnSelect
        details={Details}
        empty={
          <EmptyState
            icon={<IconHistory size={26} stroke={1.6} />}
            title={isFiltered ? 'No event fits these filters' : 'Nothing has been changed yet'}
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

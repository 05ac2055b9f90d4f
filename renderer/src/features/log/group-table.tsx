import { perLocale } from '#shared/i18n/language';
import { t } from '#shared/i18n/t';
import type { GroupField, LogGroup } from '#shared/ipc/log';
import { formatCount, networkName } from '#shared/words';
import { geolocationWords } from '../../domain/geolocation-words';
import type { LogDraft } from '../../stores/log-draft';
import { changeLogDraft } from '../../stores/ui';
import { AddressText } from '../../ui/address-text';
import { type Column, DataGrid } from '../../ui/data-grid';
import { LogTime } from '../../ui/relative-time';
import { Quiet } from './columns';
import { LogSkeleton } from './log-skeleton';
import { NothingToShow } from './nothing-to-show';
import { useLogGroups } from './use-log-groups';

type ShownGroup = Exclude<GroupField, 'country'>;

interface Grouping {
  readonly header: 'address' | 'key' | 'network';
  readonly keyOf: (group: LogGroup) => string;
  readonly name: (group: LogGroup) => React.ReactNode;
  /** All its calls come from one country and network. */
  readonly hasPlace?: boolean;
  /** The filter that the group stands for. */
  readonly filter: (group: LogGroup) => Partial<LogDraft>;
}

const GROUPINGS: Readonly<Record<ShownGroup, Grouping>> = {
  address: {
    header: 'address',
    keyOf: ({ newest }) => newest.ip,
    name: ({ newest }) => (
      <span title={newest.ip}>
        <AddressText value={newest.ip} />
      </span>
    ),
    hasPlace: true,
    filter: ({ newest }) => ({ ipText: newest.ip }),
  },
  keyId: {
    header: 'key',
    keyOf: ({ newest }) => newest.keyId,
    name: ({ newest }) => <span title={newest.keyName}>{newest.keyName}</span>,
    filter: ({ newest }) => ({ keyId: newest.keyId }),
  },
  asn: {
    header: 'network',
    keyOf: ({ newest }) => String(newest.asn),
    name: ({ newest }) => networkName(newest.asn, newest.asName) ?? t('log.notKnown'),
    filter: ({ newest: { asn, asName } }) => ({ network: { asn: asn ?? 0, asName } }),
  },
};

function columnsOf({ header, name, hasPlace = false }: Grouping): readonly Column<LogGroup>[] {
  const place: Column<LogGroup> = {
    id: 'place',
    header: t('log.place'),
    width: 'minmax(160px, 3fr)',
    fromWidth: 820,
    render: ({ newest }) => <Quiet text={geolocationWords(newest) ?? t('log.notKnown')} />,
  };
  return [
    { id: 'name', header: t(`log.${header}`), width: 'minmax(180px, 2fr)', render: name },
    ...(hasPlace ? [place] : []),
    {
      id: 'first',
      header: t('log.first'),
      width: 'minmax(104px, 1fr)',
      fromWidth: 620,
      render: ({ firstAt }) => <LogTime at={firstAt} />,
    },
    {
      id: 'last',
      header: t('log.last'),
      width: 'minmax(104px, 1fr)',
      render: ({ newest }) => <LogTime at={newest.lastAt} />,
    },
    {
      id: 'rows',
      header: t('log.rows'),
      width: 'minmax(64px, 0.5fr)',
      fromWidth: 500,
      align: 'end',
      render: ({ rows }) => formatCount(rows),
    },
    {
      id: 'calls',
      header: t('log.calls'),
      width: 'minmax(72px, 0.5fr)',
      align: 'end',
      render: ({ calls }) => formatCount(calls),
    },
  ];
}

const columns = perLocale((): Readonly<Record<ShownGroup, readonly Column<LogGroup>[]>> => ({
  address: columnsOf(GROUPINGS.address),
  keyId: columnsOf(GROUPINGS.keyId),
  asn: columnsOf(GROUPINGS.asn),
}));

interface GroupTableProps {
  readonly by: ShownGroup;
  readonly selected: string | null;
  readonly onSelect: (key: string | null) => void;
  /** Called when a group has become the filter. */
  readonly onFiltered: () => void;
}

/** Shows the filtered log in groups. Opening one filters by it. */
export function GroupTable({ by, selected, onSelect, onFiltered }: GroupTableProps) {
  const { found, loadMore } = useLogGroups(by);
  const { keyOf, filter } = GROUPINGS[by];
  if (found === null) return <LogSkeleton />;
  if (found.failure !== null || found.groups.length === 0) return <NothingToShow failure={found.failure} />;
  const open = (key: string): void => {
    const group = found.groups.find((one) => keyOf(one) === key);
    if (group === undefined) return;
    changeLogDraft(filter(group));
    onFiltered();
  };
  return (
    <DataGrid
      label={t(`log.groups_${by}`)}
      columns={columns()[by]}
      rows={found.groups}
      keyOf={keyOf}
      selection={{ selected, onSelect, onOpen: open }}
      hasMore={found.isMore}
      onNearEnd={loadMore}
    />
  );
}

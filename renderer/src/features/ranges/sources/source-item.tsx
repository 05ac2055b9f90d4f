import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconClock,
  IconCloud,
  IconFileDescription,
  IconMap2,
  IconNetwork,
  IconWorldWww,
} from '@tabler/icons-react';
import type { Source } from '#shared/domain/source';
import { fillsList } from '#shared/domain/source-spec';
import { sourceName, subjectWords } from '#shared/domain/source-words';
import { UNRECOGNISED } from '#shared/domain/told';
import { t } from '#shared/i18n/t';
import { bridge } from '../../../bridge/bridge';
import { useCall } from '../../../bridge/use-call';
import { useFailureText } from '../../../forms/failure-message';
import { useMirror } from '../../../stores/mirror';
import { useUi } from '../../../stores/ui';
import { useNow } from '../../../ui/clock';
import { FormError } from '../../../ui/form-error';
import { SmallButton } from '../../../ui/small-button';
import { changeWords, effectWords, stateWords, type Tone, widthWords } from './source-facts';
import classes from './sources.module.css';
import { valuesOf } from './source-values';

const KIND_ICONS: Readonly<Record<Source['kind'], Icon>> = {
  dns: IconWorldWww,
  url: IconFileDescription,
  preset: IconCloud,
  asn: IconNetwork,
  country: IconMap2,
  unrecognised: IconFileDescription,
};
const TONE_ICONS: Readonly<Record<Tone, Icon>> = {
  well: IconCircleCheck,
  trouble: IconAlertTriangle,
  quiet: IconClock,
};

interface SourceItemProps {
  readonly source: Source;
  /** True if the service answers and the token may change sources. */
  readonly mayChange: boolean;
  readonly onRemove: (source: Source) => void;
}

export function SourceItem({ source, mayChange, onRemove }: SourceItemProps) {
  const keys = useMirror((mirror) => mirror.keys);
  const nowMs = useNow();
  const name = sourceName(source);
  const subject = subjectWords(source);
  const { tone, state, times, problem, consequence } = stateWords(source, nowMs);
  const KindIcon = KIND_ICONS[source.kind];
  const StateIcon = TONE_ICONS[tone];
  const change = changeWords(source, nowMs);
  const width = widthWords(source);
  const effect = effectWords(source, keys, nowMs);
  return (
    <li className={classes.item} aria-label={name}>
      <KindIcon className={classes.kind} size={18} stroke={1.6} aria-hidden />
      <div className={classes.facts}>
        <p className={classes.name}>{name}</p>
        <p className={classes.second}>{name === subject ? effect : `${subject} · ${effect}`}</p>
        <p className={classes.state} data-tone={tone}>
          <StateIcon size={15} aria-hidden />
          <span>
            <strong>{state}</strong>
            {times !== '' && <span className={classes.times}> · {times}</span>}
          </span>
        </p>
        {problem !== null && <p lang={problem === source.lastError ? 'en' : undefined}>{problem}</p>}
        {consequence !== null && <p className={classes.second}>{consequence}</p>}
        {change !== null && <p className={classes.second}>{change}</p>}
        {width !== null && <p className={classes.wide}>{width}</p>}
      </div>
      {mayChange && <SourceButtons source={source} name={name} onRemove={onRemove} />}
    </li>
  );
}

interface SourceButtonsProps {
  readonly source: Source;
  readonly name: string;
  readonly onRemove: (source: Source) => void;
}

function SourceButtons({ source, name, onRemove }: SourceButtonsProps) {
  const { id: sourceId, status, kind } = source;
  const updating = useCall((changes: { paused?: boolean; allowWide?: boolean }) =>
    bridge().calls.sources.update({ sourceId, changes }),
  );
  const refreshing = useCall((acceptShrunk: boolean) =>
    bridge().calls.sources.refresh({ sourceId, acceptShrunk }),
  );
  const failureText = useFailureText(updating.failure ?? refreshing.failure);
  const isRead = kind !== UNRECOGNISED && fillsList(kind);
  const isPaused = status === 'paused';
  const isTooWide = status === 'failing' && !source.allowWide && source.lastErrorCode === 'too_wide';
  return (
    <div className={classes.buttons}>
      {status === 'shrunk' && (
        <SmallButton
          variant="filled"
          loading={refreshing.pending}
          aria-label={t('sources.takeSmallerNamed', { name })}
          onClick={() => void refreshing.run(true)}
        >
          {t('sources.takeSmaller')}
        </SmallButton>
      )}
      {isTooWide && (
        <SmallButton
          loading={updating.pending}
          aria-label={t('sources.allowWideNamed', { name })}
          onClick={() => void updating.run({ allowWide: true })}
        >
          {t('sources.allowWide')}
        </SmallButton>
      )}
      {isRead && !isPaused && (
        <SmallButton
          loading={refreshing.pending}
          aria-label={t('sources.refreshNamed', { name })}
          onClick={() => void refreshing.run(false)}
        >
          {t('sources.refresh')}
        </SmallButton>
      )}
      {isRead && (
        <SmallButton
          loading={updating.pending}
          aria-label={t(isPaused ? 'sources.resumeNamed' : 'sources.pauseNamed', { name })}
          onClick={() => void updating.run({ paused: !isPaused })}
        >
          {t(isPaused ? 'sources.resume' : 'sources.pause')}
        </SmallButton>
      )}
      {valuesOf(source) !== undefined && (
        <SmallButton
          aria-label={t('sources.editNamed', { name })}
          onClick={() => useUi.setState({ sourceForm: source })}
        >
          {t('sources.edit')}
        </SmallButton>
      )}
      <SmallButton
        variant="subtle"
        color="gray"
        aria-label={t('sources.removeNamed', { name })}
        onClick={() => onRemove(source)}
      >
        {t('sources.remove')}
      </SmallButton>
      <FormError message={failureText?.message ?? null} />
    </div>
  );
}

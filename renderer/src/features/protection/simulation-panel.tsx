import { ActionIcon, Tabs, Tooltip, UnstyledButton } from '@mantine/core';
import { IconFlask2, IconRefresh } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { t } from '#shared/i18n/t';
import { formatCount } from '#shared/words';
import type { Reading } from '../../bridge/use-reading';
import { type Choice, choiceWords } from '../../domain/protection-words';
import { Unread } from '../../forms/service-reading';
import { showLogWith } from '../../stores/ui';
import { DataGrid } from '../../ui/data-grid';
import {
  type Effect,
  type EffectName,
  effectsOf,
  keysOf,
  type Simulated,
  type SimulatedChange,
} from './effects';
import { isSameChoice } from './model';
import classes from './simulation.module.css';
import { changeColumns } from './simulation-columns';

interface SimulationPanelProps {
  readonly chosen: Choice;
  readonly current: Choice;
  readonly reading: Reading<Simulated>;
}

/** Shows, before a choice is made, what it would have made of the calls of the last days. */
export function SimulationPanel({ chosen, current, reading }: SimulationPanelProps) {
  const titleId = useId();
  const { value, readAgain } = reading;
  return (
    <section className={classes.panel} aria-labelledby={titleId}>
      <div className={classes.head}>
        <h2 id={titleId} className={classes.title}>
          {isSameChoice(chosen, current)
            ? t('protection.asItIs', { choice: choiceWords(current) })
            : t('protection.ifChosen', { choice: choiceWords(chosen) })}
        </h2>
        {value !== null && (
          <Tooltip label={t('protection.simulateAgain')}>
            <ActionIcon aria-label={t('protection.simulateAgain')} onClick={readAgain}>
              <IconRefresh size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      {value === null ? (
        <Unread
          reading={reading}
          icon={<IconFlask2 size={26} stroke={1.6} />}
          loadingLabel={t('protection.simulating')}
          failedTitle={t('protection.simulationFailed')}
        />
      ) : (
        <>
          <p className={classes.quiet}>{t('protection.triedOn')}</p>
          <Effects
            effects={effectsOf(value)}
            pairs={value.chosen.pairs.after}
            unjudged={value.chosen.unjudged}
            fromMs={Date.parse(value.chosen.from)}
          />
        </>
      )}
    </section>
  );
}

interface EffectsProps {
  readonly effects: readonly Effect[];
  readonly pairs: { readonly allowed: number; readonly blocked: number };
  readonly unjudged: number;
  readonly fromMs: number;
}

function Effects({ effects, pairs: { allowed, blocked }, unjudged, fromMs }: EffectsProps) {
  const [wanted, setWanted] = useState<EffectName | null>(null);
  const shown = effects.find(({ name }) => name === wanted) ?? effects[0];
  if (allowed + blocked === 0) return <p className={classes.none}>{t('protection.noCalls')}</p>;
  return (
    <>
      <p className={classes.quiet}>
        {t('protection.verdicts', { allowed, blocked })}
        {unjudged > 0 && ` ${t('protection.unjudged', { count: unjudged })}`}
      </p>
      {shown === undefined ? (
        <p className={classes.none}>{t('protection.sameVerdicts')}</p>
      ) : (
        <Tabs
          value={shown.name}
          onChange={(value) => setWanted(effects.find(({ name }) => name === value)?.name ?? null)}
          className={classes.tabs}
          variant="none"
        >
          <Tabs.List className={classes.effects}>
            {effects.map(({ name, addresses, changes, pairs }) => (
              <Tabs.Tab
                key={name}
                value={name}
                classNames={{ tab: classes.effect ?? '', tabLabel: classes.effectLabel ?? '' }}
                data-effect={name}
              >
                <span className={classes.number}>
                  {formatCount(addresses)}
                  {pairs > changes.length && '+'}
                </span>{' '}
                <span>{t(`protection.would_${name}`, { count: addresses })}</span>
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={shown.name} className={classes.changes}>
            <Changes key={shown.name} effect={shown} fromMs={fromMs} />
          </Tabs.Panel>
        </Tabs>
      )}
    </>
  );
}

/** Keys beyond this number are in the list only. */
const MOST_KEYS = 8;

function idOf({ ip, keyId }: SimulatedChange): string {
  return `${ip} ${keyId}`;
}

interface ChangesProps {
  readonly effect: Effect;
  /** The beginning of the time that was tried. */
  readonly fromMs: number;
}

/** Lists the addresses and their keys. Each leads to its calls in the log. */
function Changes({ effect, fromMs }: ChangesProps) {
  const { name, changes, pairs } = effect;
  const [keyId, setKeyId] = useState<string | null>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const keys = keysOf(effect);
  const rows = keyId === null ? changes : changes.filter((change) => change.keyId === keyId);
  const open = (id: string): void => {
    const change = rows.find((row) => idOf(row) === id);
    if (change !== undefined) showLogWith({ fromMs, ipText: change.ip, keyId: change.keyId });
  };
  return (
    <>
      {keys.length > 1 && (
        <div className={classes.keys} role="group" aria-label={t('protection.whoseKeys')}>
          {keys.slice(0, MOST_KEYS).map((key) => (
            <UnstyledButton
              key={key.keyId}
              className={classes.key}
              aria-pressed={key.keyId === keyId}
              aria-label={t('protection.onlyKey', { name: key.name, count: key.addresses })}
              onClick={() => setKeyId(key.keyId === keyId ? null : key.keyId)}
            >
              {key.name} <b>{formatCount(key.addresses)}</b>
            </UnstyledButton>
          ))}
        </div>
      )}
      <div className={classes.grid}>
        <DataGrid
          label={t(`protection.list_${name}`)}
          columns={changeColumns()}
          rows={rows}
          keyOf={idOf}
          selection={{ selected, onSelect: setSelected, onOpen: open }}
        />
      </div>
      {pairs > changes.length && (
        <p className={classes.quiet}>
          {t('protection.someListed', { shown: changes.length, number: pairs })}
        </p>
      )}
    </>
  );
}

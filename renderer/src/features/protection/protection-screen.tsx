import { Button, Tooltip } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { Account, Mode } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { permissionName } from '../../domain/failures';
import { modeName } from '../../domain/reasons';
import { useFailureText } from '../../forms/failure-message';
import { useMirror } from '../../stores/mirror';
import { may } from '../../stores/mirror-model';
import { useNow } from '../../ui/clock';
import { ConfirmModal } from '../../ui/confirm-modal';
import { FormError } from '../../ui/form-error';
import { formatDateTime, formatUntil } from '../../ui/format';
import { PageHeader } from '../../ui/page-header';
import { type ModeOption, optionsFor, warningOf } from './model';
import classes from './protection.module.css';

export function ProtectionScreen() {
  const current = useMirror((mirror) => mirror.account?.mode ?? 'manual');
  const mayChange = useMirror((mirror) => may(mirror.account, 'authorized_ips'));
  const denied = useMirror((mirror) =>
    [...mirror.ranges.values()].reduce((sum, { effect }) => sum + (effect === 'deny' ? 1 : 0), 0),
  );
  const [chosen, setChosen] = useState<Mode | null>(null);
  const [confirming, setConfirming] = useState(false);
  const setting = useCall((mode: Mode) => bridge().calls.mode.set({ mode }));

  const selected = chosen ?? current;
  const warning = warningOf(selected, denied);
  const error = useFailureText(setting.failure)?.message ?? null;
  const apply = (mode: Mode): void => {
    void setting.run(mode).then((outcome) => {
      if (outcome?.ok !== true) return;
      setChosen(null);
      setConfirming(false);
    });
  };
  return (
    <>
      <PageHeader title={t('frame.screen_protection')} description={t('protection.description')} />
      <div className={classes.scroller}>
        {current === UNRECOGNISED && <FormError message={t('protection.modeNotKnown')} />}
        <fieldset
          role="radiogroup"
          aria-label={t('protection.mode')}
          className={classes.cards}
          disabled={setting.pending || !mayChange}
        >
          {optionsFor(current).map((option) => (
            <ModeCard
              key={option.mode}
              option={option}
              current={current}
              selected={selected}
              onChoose={(mode) => {
                setting.reset();
                setChosen(mode);
              }}
            >
              {option.mode === selected && selected !== current && (
                <Button
                  color={warning === null ? 'indigo' : 'red'}
                  loading={setting.pending && !confirming}
                  onClick={() => (warning === null ? apply(option.mode) : setConfirming(true))}
                >
                  {warning?.button ?? t('protection.switchTo', { mode: modeName(selected) })}
                </Button>
              )}
            </ModeCard>
          ))}
        </fieldset>
        <FormError message={confirming ? null : error} />
        {!mayChange && (
          <p className={classes.readOnly}>
            {t('protection.mayNotChange', { permission: permissionName('authorized_ips') })}
          </p>
        )}
      </div>
      <ConfirmModal
        opened={confirming}
        title={warning?.title ?? ''}
        confirm={warning?.confirm ?? ''}
        danger
        pending={setting.pending}
        error={error}
        onClose={() => {
          setConfirming(false);
          setting.reset();
        }}
        onConfirm={() => {
          if (chosen !== null) apply(chosen);
        }}
      >
        {warning?.texts.map((text) => (
          <p key={text}>{text}</p>
        ))}
      </ConfirmModal>
    </>
  );
}

interface ModeCardProps {
  readonly option: ModeOption;
  readonly current: Account['mode'];
  readonly selected: Account['mode'];
  readonly onChoose: (mode: Mode) => void;
  readonly children: React.ReactNode;
}

function ModeCard({ option, current, selected, onChoose, children }: ModeCardProps) {
  const textId = useId();
  const currentId = useId();
  const { mode, summary, points, caveat } = option;
  return (
    <div className={classes.card} data-selected={mode === selected ? '' : undefined}>
      <div className={classes.choice}>
        <label className={classes.label}>
          <input
            type="radio"
            name="mode"
            className={classes.radio}
            value={mode}
            checked={mode === selected}
            aria-describedby={mode === current ? `${currentId} ${textId}` : textId}
            onChange={() => onChoose(mode)}
          />
          <span className={classes.name}>{modeName(mode)}</span>
        </label>
        {mode === current && (
          <span id={currentId} className={classes.current}>
            {t('protection.current')}
          </span>
        )}
      </div>
      <div className={classes.text} id={textId}>
        <p className={classes.summary}>{summary}</p>
        <ul className={classes.points}>
          {points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
        {mode === 'learning' && mode === current && <LearningEnd />}
        {caveat !== null && (
          <p className={classes.caveat}>
            <IconInfoCircle size={15} aria-hidden />
            {caveat}
          </p>
        )}
      </div>
      <div className={classes.action}>{children}</div>
    </div>
  );
}

function LearningEnd() {
  const endsAt = useMirror((mirror) => mirror.account?.learning?.endsAt ?? null);
  const nowMs = useNow();
  if (endsAt === null) return <p className={classes.summary}>{t('protection.learningStarts')}</p>;
  return (
    <p className={classes.summary}>
      <Tooltip label={formatDateTime(endsAt)}>
        <span>{t('protection.learningEnds', { when: formatUntil(endsAt, nowMs) })}</span>
      </Tooltip>
    </p>
  );
}

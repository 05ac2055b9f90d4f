import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Account, Mode } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { refusalOf } from '../../domain/permissions';
import { canReport, type Choice, choiceWords } from '../../domain/protection-words';
import { useFailureText } from '../../forms/failure-message';
import { useMirror } from '../../stores/mirror';
import { ConfirmModal } from '../../ui/confirm-modal';
import { FormError } from '../../ui/form-error';
import { NotPermitted } from '../../ui/not-permitted';
import { PageHeader } from '../../ui/page-header';
import { ModeCard } from './mode-card';
import { buttonWords, choiceOf, isSameChoice, optionsFor, warningOf } from './model';
import classes from './protection.module.css';
import { SimulationPanel } from './simulation-panel';
import { useSimulation } from './use-simulation';

export function ProtectionScreen() {
  const account = useMirror((mirror) => mirror.account);
  const refusal = refusalOf(account, 'authorized_ips');
  return (
    <>
      <PageHeader title={t('frame.screen_protection')} description={t('protection.description')} />
      <NotPermitted why={refusal} />
      {/* Another current choice is something else to compare with. */}
      {account !== null && (
        <Choices key={choiceWords(choiceOf(account))} account={account} mayChange={refusal === undefined} />
      )}
    </>
  );
}

interface ChoicesProps {
  readonly account: Account;
  readonly mayChange: boolean;
}

type KnownChoice = Choice & { readonly mode: Mode };

/** The options, and beside them what the chosen one would make of the log. Somebody who may not choose may try all the same. */
function Choices({ account, mayChange }: ChoicesProps) {
  const current = choiceOf(account);
  const denied = useMirror((mirror) =>
    [...mirror.ranges.values()].reduce((sum, { effect }) => sum + (effect === 'deny' ? 1 : 0), 0),
  );
  const [wanted, setWanted] = useState<KnownChoice | null>(null);
  const [confirming, setConfirming] = useState(false);
  const chosen = wanted ?? current;
  const simulation = useSimulation(chosen);
  // A person who sees whom it would block has been asked.
  const confirmImpact = simulation.value === null ? undefined : true;
  const setting = useCall(({ mode, reportOnly }: KnownChoice) =>
    bridge().calls.mode.set({
      mode,
      ...(canReport(mode) && { reportOnly }),
      ...(confirmImpact && { confirmImpact }),
    }),
  );

  const warning = warningOf(chosen, current, denied);
  const error = useFailureText(setting.failure)?.message ?? null;
  const apply = (): void => {
    if (wanted === null) return;
    void setting.run(wanted).then((outcome) => {
      if (outcome?.ok !== true) return;
      setWanted(null);
      setConfirming(false);
    });
  };
  return (
    <div className={classes.scroller}>
      <div className={classes.side}>
        {current.mode === UNRECOGNISED && <FormError message={t('protection.modeNotKnown')} />}
        <div role="radiogroup" aria-label={t('protection.mode')} className={classes.cards}>
          {optionsFor(current.mode).map((option) => (
            <ModeCard
              key={option.mode}
              option={option}
              current={current}
              chosen={chosen}
              isDisabled={setting.pending}
              onChoose={(choice) => {
                setting.reset();
                setWanted(choice);
              }}
            >
              {!isSameChoice(chosen, current) && mayChange && (
                <Button
                  color={warning === null ? 'indigo' : 'red'}
                  loading={setting.pending && !confirming}
                  onClick={() => (warning === null ? apply() : setConfirming(true))}
                >
                  {warning?.button ?? buttonWords(chosen, current)}
                </Button>
              )}
            </ModeCard>
          ))}
        </div>
        <FormError message={confirming ? null : error} />
      </div>
      <SimulationPanel chosen={chosen} current={current} reading={simulation} />
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
        onConfirm={apply}
      >
        {warning?.texts.map((text) => (
          <p key={text}>{text}</p>
        ))}
      </ConfirmModal>
    </div>
  );
}

import { Checkbox } from '@mantine/core';
import type { ChangeEvent } from 'react';
import type { DesktopSettings, DesktopState } from '#shared/ipc/desktop';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useChanges } from '../../bridge/use-changes';
import { FailureMessage } from '../../forms/failure-message';
import { useDesktop } from '../../stores/desktop';
import { Section } from './section';
import classes from './settings.module.css';

export function DesktopSection() {
  const { value: state, failure: unknown } = useDesktop();
  const changes = useChanges((change: Partial<DesktopSettings>) => bridge().calls.desktop.change(change));
  const box = (name: Exclude<keyof DesktopSettings, 'language'>, { settings }: DesktopState) => ({
    checked: settings[name],
    onChange: (event: ChangeEvent<HTMLInputElement>) => changes.send({ [name]: event.currentTarget.checked }),
  });
  return (
    <Section name="thisComputer">
      {state !== null && (
        <div className={classes.choices}>
          <Checkbox
            label={t('settings.startAtLogin')}
            description={state.canStartAtLogin ? undefined : t('settings.cannotStartAtLogin')}
            {...box('startAtLogin', state)}
            disabled={!state.canStartAtLogin}
          />
          <Checkbox
            className={classes.dependent}
            label={t('settings.startHidden')}
            {...box('startHidden', state)}
            disabled={!state.canStartAtLogin || !state.settings.startAtLogin || !state.hasTray}
          />
          <Checkbox
            label={t('settings.closeToTray')}
            description={t(state.hasTray ? 'settings.closeToTrayHelp' : 'settings.noTray')}
            {...box('closeToTray', state)}
            disabled={!state.hasTray}
          />
          {state.canHaveMenuEntry && (
            <Checkbox
              label={t('settings.menuEntry')}
              description={t('settings.menuEntryHelp')}
              {...box('menuEntry', state)}
            />
          )}
        </div>
      )}
      <FailureMessage failure={changes.failure ?? unknown} />
    </Section>
  );
}

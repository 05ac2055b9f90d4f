import { Checkbox } from '@mantine/core';
import type { ChangeEvent } from 'react';
import type { DesktopSettings, DesktopState } from '#shared/ipc/desktop';
import { bridge } from '../../bridge/bridge';
import { useChanges } from '../../bridge/use-changes';
import { FailureMessage } from '../../forms/failure-message';
import { useDesktop } from '../../stores/desktop';
import { Section } from './section';
import classes from './settings.module.css';

export function DesktopSection() {
  const { value: state, failure: unknown } = useDesktop();
  const changes = useChanges((change: Partial<DesktopSettings>) => bridge().calls.desktop.change(change));
  const box = (name: keyof DesktopSettings, { settings }: DesktopState) => ({
    checked: settings[name],
    onChange: (event: ChangeEvent<HTMLInputElement>) => changes.send({ [name]: event.currentTarget.checked }),
  });
  return (
    <Section title="This computer">
      {state !== null && (
        <div className={classes.choices}>
          <Checkbox
            label="Start when I log in"
            description={
              state.canStartAtLogin ? undefined : 'Gatehouse cannot be started at login on this computer.'
            }
            {...box('startAtLogin', state)}
            disabled={!state.canStartAtLogin}
          />
          <Checkbox
            className={classes.dependent}
            label="Then without a window, in the tray only"
            {...box('startHidden', state)}
            disabled={!state.canStartAtLogin || !state.settings.startAtLogin || !state.hasTray}
          />
          <Checkbox
            label="Stay in the tray when the window is closed"
            description={
              state.hasTray
                ? 'Reviews are still announced then.'
                : 'This desktop shows no tray, so closing the window ends Gatehouse.'
            }
            {...box('closeToTray', state)}
            disabled={!state.hasTray}
          />
          {state.canHaveMenuEntry && (
            <Checkbox
              label="In the menu of this desktop"
              description="With its icon on windows and notifications, and opened by gatehouse:// links."
              {...box('menuEntry', state)}
            />
          )}
        </div>
      )}
      <FailureMessage failure={changes.failure ?? unknown} />
    </Section>
  );
}

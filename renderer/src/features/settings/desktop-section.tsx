import { Checkbox } from '@mantine/core';
import type { DesktopSettings } from '#shared/ipc/desktop';
import { bridge } from '../../bridge/bridge';
import { useChanges } from '../../bridge/use-changes';
import { explainFailure } from '../../domain/failures';
import { useDesktop } from '../../stores/desktop';
import { useNow } from '../../ui/clock';
import { FormError } from '../../ui/form-error';
import { Section } from './section';
import classes from './settings.module.css';

function change(changes: Partial<DesktopSettings>) {
  return bridge().calls.desktop.change(changes);
}

export function DesktopSection() {
  const { value: state, failure: unknown } = useDesktop();
  const changes = useChanges(change);
  const nowMs = useNow();
  const failure = changes.failure ?? unknown;
  return (
    <Section title="This computer">
      {state !== null && (
        <div className={classes.choices}>
          <Checkbox
            label="Start when I log in"
            description={
              state.canStartAtLogin ? undefined : 'Gatehouse cannot be started at login on this computer.'
            }
            checked={state.settings.startAtLogin}
            disabled={!state.canStartAtLogin}
            onChange={(event) => changes.send({ startAtLogin: event.currentTarget.checked })}
          />
          <Checkbox
            className={classes.dependent}
            label="Then without a window, in the tray only"
            checked={state.settings.startHidden}
            disabled={!state.canStartAtLogin || !state.settings.startAtLogin || !state.hasTray}
            onChange={(event) => changes.send({ startHidden: event.currentTarget.checked })}
          />
          <Checkbox
            label="Stay in the tray when the window is closed"
            description={
              state.hasTray
                ? 'Reviews are still announced then.'
                : 'This desktop shows no tray, so closing the window ends Gatehouse.'
            }
            checked={state.settings.closeToTray}
            disabled={!state.hasTray}
            onChange={(event) => changes.send({ closeToTray: event.currentTarget.checked })}
          />
          {state.canHaveMenuEntry && (
            <Checkbox
              label="In the menu of this desktop"
              description="With its icon on windows and notifications, and opened by gatehouse:// links."
              checked={state.settings.menuEntry}
              onChange={(event) => changes.send({ menuEntry: event.currentTarget.checked })}
            />
          )}
        </div>
      )}
      <FormError message={failure === null ? null : explainFailure(failure, nowMs).message} />
    </Section>
  );
}

import { Button, Checkbox, NativeSelect } from '@mantine/core';
import type { NotificationChanges, NotificationState, Snooze } from '#shared/ipc/notifications';
import { QUICK_SECONDS } from '#shared/ipc/quick';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { useChanges } from '../../bridge/use-changes';
import { FailureMessage } from '../../forms/failure-message';
import { quietWords } from '../../domain/quiet-words';
import { useMirror } from '../../stores/mirror';
import { useNotifications } from '../../stores/notifications';
import { useNow } from '../../ui/clock';
import { SmallButton } from '../../ui/small-button';
import { CAUSES, desktopWords, HIDE_CHOICES, QUICK_CHOICES } from './notification-words';
import { QuietHoursFields } from './quiet-hours-fields';
import { Section } from './section';
import classes from './settings.module.css';

export function NotificationsSection() {
  const { value: state, failure } = useNotifications();
  return (
    <Section title="Notifications">
      {state === null ? <FailureMessage failure={failure} /> : <Choices state={state} />}
    </Section>
  );
}

function Choices({ state }: { readonly state: NotificationState }) {
  const { preferences, quiet, snoozedUntil, desktop } = state;
  const changes = useChanges((change: NotificationChanges) => bridge().calls.notifications.change(change));
  const snoozing = useCall((until: Snooze) => bridge().calls.notifications.snooze({ for: until }));
  const waking = useCall(() => bridge().calls.notifications.wake());
  const sampling = useCall(() => bridge().calls.notifications.test());
  const nowMs = useNow();
  const failure = changes.failure ?? snoozing.failure ?? waking.failure ?? sampling.failure;
  const off = !preferences.enabled;
  return (
    <div className={classes.choices}>
      <p className={classes.quiet}>{desktopWords(desktop)}</p>
      <Checkbox
        label="Show notifications"
        checked={preferences.enabled}
        onChange={(event) => changes.send({ enabled: event.currentTarget.checked })}
      />
      <fieldset className={classes.group}>
        <legend>When</legend>
        {CAUSES.map(({ cause, words, description }) => (
          <Checkbox
            key={cause}
            label={words}
            description={description}
            checked={preferences.causes[cause]}
            disabled={off}
            onChange={(event) => changes.send({ causes: { [cause]: event.currentTarget.checked } })}
          />
        ))}
      </fieldset>
      <NativeSelect
        label="Authorize in one press for"
        description="On the button of a notification, and in the menu of the tray."
        value={String(preferences.quickSeconds)}
        disabled={off}
        data={QUICK_CHOICES}
        onChange={(event) => {
          const seconds = QUICK_SECONDS.find((each) => String(each) === event.currentTarget.value);
          if (seconds !== undefined) changes.send({ quickSeconds: seconds });
        }}
      />
      <NativeSelect
        label="Hide addresses and keys"
        description="A notification then says that a call was blocked and has no buttons; a click shows the rest. No desktop tells that its screen is shared: choose “Always” for that time."
        value={preferences.hideDetails}
        disabled={off}
        data={HIDE_CHOICES}
        onChange={(event) => {
          const when = HIDE_CHOICES.find(({ value }) => value === event.currentTarget.value);
          if (when !== undefined) changes.send({ hideDetails: when.value });
        }}
      />
      <fieldset className={classes.group}>
        <legend>Not now</legend>
        <QuietHoursFields
          quietHours={preferences.quietHours}
          disabled={off}
          onChange={(quietHours) => changes.send({ quietHours })}
        />
        <Checkbox
          label="Keep to the desktop’s “do not disturb”"
          checked={preferences.followDesktopQuiet}
          disabled={off}
          onChange={(event) => changes.send({ followDesktopQuiet: event.currentTarget.checked })}
        />
        {quiet !== null && quiet.reason !== 'off' && (
          <p className={classes.now} role="status">
            {quietWords(quiet, nowMs)}
          </p>
        )}
        <div className={classes.rowButtons}>
          {snoozedUntil === null ? (
            <>
              <Button
                variant="default"
                disabled={off}
                loading={snoozing.pending}
                onClick={() => void snoozing.run('hour')}
              >
                Pause for 1 hour
              </Button>
              <Button
                variant="default"
                disabled={off || snoozing.pending}
                onClick={() => void snoozing.run('tomorrow')}
              >
                Pause until tomorrow
              </Button>
            </>
          ) : (
            <Button variant="default" loading={waking.pending} onClick={() => void waking.run()}>
              Resume
            </Button>
          )}
          <Button
            variant="default"
            disabled={!desktop.supported}
            loading={sampling.pending}
            onClick={() => void sampling.run()}
          >
            Show a sample
          </Button>
        </div>
      </fieldset>
      <MutedKeys keyIds={state.mutedKeyIds} />
      <FailureMessage failure={failure} />
    </div>
  );
}

function MutedKeys({ keyIds }: { readonly keyIds: readonly string[] }) {
  const keys = useMirror((mirror) => mirror.keys);
  const unmuting = useChanges((keyId: string) =>
    bridge().calls.notifications.muteKey({ keyId, muted: false }),
  );
  return (
    <fieldset className={classes.group}>
      <legend>Muted API keys</legend>
      {keyIds.length === 0 ? (
        <p className={classes.quiet}>None. The menu of a review mutes its key.</p>
      ) : (
        <ul className={classes.muted}>
          {keyIds.map((keyId) => {
            const name = keys.get(keyId)?.name ?? 'A key that is gone';
            return (
              <li key={keyId}>
                <span>{name}</span>
                <SmallButton
                  variant="subtle"
                  aria-label={`Announce ${name} again`}
                  onClick={() => unmuting.send(keyId)}
                >
                  Announce again
                </SmallButton>
              </li>
            );
          })}
        </ul>
      )}
      <FailureMessage failure={unmuting.failure} />
    </fieldset>
  );
}

import { Button, Checkbox, NativeSelect } from '@mantine/core';
import type { NotificationChanges, NotificationState, Snooze } from '#shared/ipc/notifications';
import { QUICK_SECONDS } from '#shared/ipc/quick';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { useChanges } from '../../bridge/use-changes';
import { FailureMessage } from '../../forms/failure-message';
import { quietWords } from '../../domain/quiet-words';
import { useMirror } from '../../stores/mirror';
import { useNotifications } from '../../stores/notifications';
import { useNow } from '../../ui/clock';
import { SmallButton } from '../../ui/small-button';
import { causeHelp, CAUSES, desktopWords, HIDE_CHOICES } from './notification-words';
import { QuietHoursFields } from './quiet-hours-fields';
import { Section } from './section';
import classes from './settings.module.css';

export function NotificationsSection() {
  const { value: state, failure } = useNotifications();
  return (
    <Section name="notifications">
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
        label={t('settings.showNotifications')}
        checked={preferences.enabled}
        onChange={(event) => changes.send({ enabled: event.currentTarget.checked })}
      />
      <fieldset className={classes.group}>
        <legend>{t('settings.when')}</legend>
        {CAUSES.map((cause) => (
          <Checkbox
            key={cause}
            label={t(`settings.cause_${cause}`)}
            description={causeHelp(cause)}
            checked={preferences.causes[cause]}
            disabled={off}
            onChange={(event) => changes.send({ causes: { [cause]: event.currentTarget.checked } })}
          />
        ))}
      </fieldset>
      <NativeSelect
        label={t('settings.quickFor')}
        description={t('settings.quickForHelp')}
        value={String(preferences.quickSeconds)}
        disabled={off}
        data={QUICK_SECONDS.map((seconds) => ({
          value: String(seconds),
          label: t(`words.quick_${seconds}`),
        }))}
        onChange={(event) => {
          const seconds = QUICK_SECONDS.find((each) => String(each) === event.currentTarget.value);
          if (seconds !== undefined) changes.send({ quickSeconds: seconds });
        }}
      />
      <NativeSelect
        label={t('settings.hideDetails')}
        description={t('settings.hideDetailsHelp')}
        value={preferences.hideDetails}
        disabled={off}
        data={HIDE_CHOICES.map((value) => ({ value, label: t(`settings.hide_${value}`) }))}
        onChange={(event) => {
          const when = HIDE_CHOICES.find((each) => each === event.currentTarget.value);
          if (when !== undefined) changes.send({ hideDetails: when });
        }}
      />
      <fieldset className={classes.group}>
        <legend>{t('settings.notNow')}</legend>
        <QuietHoursFields
          quietHours={preferences.quietHours}
          disabled={off}
          onChange={(quietHours) => changes.send({ quietHours })}
        />
        <Checkbox
          label={t('settings.followDesktop')}
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
                {t('settings.pauseHour')}
              </Button>
              <Button
                variant="default"
                disabled={off || snoozing.pending}
                onClick={() => void snoozing.run('tomorrow')}
              >
                {t('settings.pauseTomorrow')}
              </Button>
            </>
          ) : (
            <Button variant="default" loading={waking.pending} onClick={() => void waking.run()}>
              {t('settings.resume')}
            </Button>
          )}
          <Button
            variant="default"
            disabled={!desktop.supported}
            loading={sampling.pending}
            onClick={() => void sampling.run()}
          >
            {t('settings.sample')}
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
      <legend>{t('settings.mutedKeys')}</legend>
      {keyIds.length === 0 ? (
        <p className={classes.quiet}>{t('settings.noMutedKeys')}</p>
      ) : (
        <ul className={classes.muted}>
          {keyIds.map((keyId) => {
            const name = keys.get(keyId)?.name ?? t('settings.goneKey');
            return (
              <li key={keyId}>
                <span>{name}</span>
                <SmallButton
                  variant="subtle"
                  aria-label={t('settings.announceKeyAgain', { name })}
                  onClick={() => unmuting.send(keyId)}
                >
                  {t('settings.announceAgain')}
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

import { Button } from '@mantine/core';
import { bridge } from '../../bridge/bridge';
import { useChanges } from '../../bridge/use-changes';
import { FailureMessage } from '../../forms/failure-message';
import { useMirror } from '../../stores/mirror';
import classes from './settings.module.css';

function unmute(keyId: string) {
  return bridge().calls.notifications.muteKey({ keyId, muted: false });
}

export function MutedKeys({ keyIds }: { readonly keyIds: readonly string[] }) {
  const keys = useMirror((mirror) => mirror.keys);
  const unmuting = useChanges(unmute);
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
                <Button
                  variant="subtle"
                  size="compact-xs"
                  aria-label={`Announce ${name} again`}
                  onClick={() => unmuting.send(keyId)}
                >
                  Announce again
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      <FailureMessage failure={unmuting.failure} />
    </fieldset>
  );
}

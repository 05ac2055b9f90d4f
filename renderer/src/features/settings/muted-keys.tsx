import { Button } from '@mantine/core';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { useMirror } from '../../stores/mirror';
import classes from './settings.module.css';

const unmute = (keyId: string): void =>
  void settle(() => bridge().calls.notifications.muteKey({ keyId, muted: false }));

/** The keys about which nothing is announced. */
export function MutedKeys({ keyIds }: { readonly keyIds: readonly string[] }) {
  const keys = useMirror((mirror) => mirror.keys);
  return (
    <fieldset className={classes.group}>
      <legend>Muted API keys</legend>
      {keyIds.length === 0 ? (
        <p className={classes.quiet}>None. A question’s menu mutes its key.</p>
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
                  onClick={() => unmute(keyId)}
                >
                  Announce again
                </Button>
              </li>
            );
          })}
        </ul>
      )}
    </fieldset>
  );
}

import { Anchor, Button } from '@mantine/core';
import { IconAlertTriangle, IconInbox } from '@tabler/icons-react';
import type { Account } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { serviceWords, toldState } from '#shared/ipc/service-words';
import { copyText } from '../../../bridge/copy-text';
import { SOMETHING_NEW } from '../../../domain/reasons';
import { useMirror } from '../../../stores/mirror';
import { showScreen } from '../../../stores/ui';
import { dismissWelcome, useSession } from '../../../stores/session';
import { CommandLine } from '../../../ui/command-line';
import { CopyButton } from '../../../ui/copy-button';
import { EmptyState } from '../../../ui/empty-state';
import classes from '../pending.module.css';

/** Explains reviews when there is none, and offers a command that causes one on a first try. */
export function NothingPending() {
  const mode = useMirror((mirror) => mirror.account?.mode ?? 'manual');
  const welcome = useSession((session) => session.welcome);
  const connection = useMirror((mirror) => mirror.connection);
  const told = serviceWords(toldState(connection));
  if (mode === UNRECOGNISED) {
    return (
      <EmptyState icon={<IconAlertTriangle size={26} stroke={1.6} />} title={SOMETHING_NEW}>
        <p>The account is in a mode that this console does not know. Update this console.</p>
      </EmptyState>
    );
  }
  if (told !== undefined) {
    return (
      <EmptyState icon={<IconAlertTriangle size={26} stroke={1.6} />} title={told.headline}>
        <p>{told.why}</p>
        <p>No review is open. As long as this lasts, new ones may not come up.</p>
      </EmptyState>
    );
  }
  if (connection.kind !== 'online' && connection.kind !== 'connecting') {
    return (
      <EmptyState icon={<IconInbox size={26} stroke={1.6} />} title="Nothing waited for you at the last sync">
        <p>New reviews appear here once this account is online again.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<IconInbox size={26} stroke={1.6} />} title="Nothing waits for you">
      {mode === 'deactivated' || mode === 'learning' ? (
        <p>
          {mode === 'deactivated'
            ? 'Protection is deactivated: every address is accepted, so no reviews come up.'
            : 'The account is learning: every address is authorized when it is first seen, so no reviews come up.'}
        </p>
      ) : (
        <p>
          When one of your API keys is used from an address that no range authorizes, the call is blocked and
          a review appears here and as a notification. Until you answer it, the address stays blocked.
        </p>
      )}
      {welcome !== null && (
        <div className={classes.welcome}>
          <WelcomeLine mode={mode} keyName={welcome.keyName} />
          <CommandLine
            command={welcome.curl}
            copy={<CopyButton what="command" onCopy={() => copyText(welcome.curl)} />}
          />
          <div className={classes.welcomeEnd}>
            <span>The command contains the key’s secret.</span>
            <Button size="compact-xs" variant="subtle" onClick={() => void dismissWelcome()}>
              Hide it for good
            </Button>
          </div>
        </div>
      )}
    </EmptyState>
  );
}

/** Says what the command will do in the current mode. */
function WelcomeLine({ mode, keyName }: { readonly mode: Account['mode']; readonly keyName: string }) {
  const call = `call the service with your first key, “${keyName}”, from a terminal`;
  if (mode === 'learning' || mode === 'deactivated') {
    return (
      <p>
        To see a call in the log, {call}. To be asked about it instead, choose Manual in{' '}
        <Anchor component="button" type="button" inherit onClick={() => showScreen('protection')}>
          Protection
        </Anchor>{' '}
        first.
      </p>
    );
  }
  return <p>To see one, {call}:</p>;
}

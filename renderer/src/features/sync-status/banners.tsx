import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Notice } from '#shared/ipc/app';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { explainFailure } from '../../domain/failures';
import { useMirror } from '../../stores/mirror';
import { dismissNotice, useSession } from '../../stores/session';
import { useUi } from '../../stores/ui';
import { Banner } from '../../ui/banner';
import { useNow } from '../../ui/clock';
import { operationsBanner } from './operations-model';
import { type BannerText, connectionBanner, newerBanner, programBanners, serviceBanner } from './model';
import { TokenButton, UnlockButtons } from './token-buttons';
import { RetryButton } from './retry-button';

function retry() {
  return bridge().calls.connection.retry();
}
function keepToken() {
  return bridge().calls.connection.keepToken();
}
function addToMenu() {
  return bridge().calls.desktop.change({ menuEntry: true });
}

/** Shows above all screens the state of the connection and main's messages. */
export function Banners() {
  const connection = useMirror((mirror) => mirror.connection);
  const lastSyncAt = useMirror((mirror) => mirror.lastSyncAt);
  const hasData = useMirror((mirror) => mirror.account !== null);
  const bootstrap = useSession((session) => session.bootstrap);
  const notices = useSession((session) => session.notices);
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const nowMs = useNow();
  const retrying = useCall(retry);

  // Without data the screen itself shows the state of the connection.
  const aboutConnection = hasData ? connectionBanner(connection, lastSyncAt, nowMs) : null;
  const aboutService = hasData ? serviceBanner(connection) : null;
  const aboutNewer = newerBanner(connection);
  const aboutProgram = programBanners(bootstrap).filter(({ id }) => !hidden.includes(id));
  const actionOf = ({ action }: BannerText) => {
    if (action === 'retry') {
      return <RetryButton retrying={retrying} label="Try now" />;
    }
    if (action === 'unlock' && connection.kind === 'unauthorized')
      return <UnlockButtons connection={connection} />;
    if (action === 'token' && connection.kind === 'unauthorized')
      return <TokenButton connection={connection} />;
    return null;
  };

  return (
    <div>
      {aboutProgram.map((text) => (
        <Banner
          key={text.id}
          tone={text.tone}
          title={text.title}
          message={text.message}
          onDismiss={text.id === 'vault' ? () => setHidden([...hidden, text.id]) : null}
        />
      ))}
      {aboutConnection !== null && (
        <Banner
          tone={aboutConnection.tone}
          title={aboutConnection.title}
          message={
            retrying.failure === null
              ? aboutConnection.message
              : explainFailure(retrying.failure, nowMs).message
          }
          action={actionOf(aboutConnection)}
        />
      )}
      {aboutService !== null && (
        <Banner tone={aboutService.tone} title={aboutService.title} message={aboutService.message} />
      )}
      {aboutNewer !== null && (
        <Banner tone={aboutNewer.tone} title={aboutNewer.title} message={aboutNewer.message} />
      )}
      <OperationsBanner />
      {notices.map((notice) => (
        <Banner
          key={notice.id}
          tone={notice.severity}
          title={notice.title}
          message={notice.message}
          action={<NoticeAction notice={notice} />}
          onDismiss={() => void dismissNotice(notice.id)}
        />
      ))}
    </div>
  );
}

function NoticeAction({ notice }: { readonly notice: Notice }) {
  const keeping = useCall(keepToken);
  const adding = useCall(addToMenu);
  if (notice.action === undefined) return null;
  const [label, call] = notice.action === 'keep_token' ? ['Try again', keeping] : ['Add it', adding];
  const act = async (): Promise<void> => {
    const outcome = await call.run();
    // The notice about the token disappears when the key store has answered; this one has to be dismissed.
    if (outcome?.ok === true && notice.action === 'add_to_menu') await dismissNotice(notice.id);
  };
  return (
    <Button size="compact-xs" variant="default" loading={call.pending} onClick={() => void act()}>
      {label}
    </Button>
  );
}

/** Shows problems of this console's queued operations. */
function OperationsBanner() {
  const sync = useMirror((mirror) => mirror.sync);
  const connection = useMirror((mirror) => mirror.connection);
  const text = operationsBanner(sync, connection);
  if (text === null) return null;
  return (
    <Banner
      tone={text.tone}
      title={text.title}
      message={text.message}
      action={
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => useUi.setState({ operationsListed: true })}
        >
          Show changes
        </Button>
      }
    />
  );
}

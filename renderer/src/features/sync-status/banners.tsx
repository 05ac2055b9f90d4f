import { useState } from 'react';
import type { Notice } from '#shared/ipc/app';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { useCall } from '../../bridge/use-call';
import { useFailureText } from '../../forms/failure-message';
import { useMirror } from '../../stores/mirror';
import { dismissNotice, useSession } from '../../stores/session';
import { enterToken, useUi } from '../../stores/ui';
import { Banner } from '../../ui/banner';
import { useNow } from '../../ui/clock';
import { SmallButton } from '../../ui/small-button';
import {
  type BannerText,
  connectionBanner,
  newerBanner,
  programBanner,
  remediesOf,
  retryConnection,
  serviceBanner,
} from './model';
import { operationsBanner } from './operations-model';

/** Shows above all screens the state of the connection and main's messages. */
export function Banners() {
  const connection = useMirror((mirror) => mirror.connection);
  const lastSyncAt = useMirror((mirror) => mirror.lastSyncAt);
  const sync = useMirror((mirror) => mirror.sync);
  const hasData = useMirror((mirror) => mirror.account !== null);
  const bootstrap = useSession((session) => session.bootstrap);
  const notices = useSession((session) => session.notices);
  const [isProgramHidden, setProgramHidden] = useState(false);
  const nowMs = useNow();
  const banners = [
    isProgramHidden ? null : programBanner(bootstrap),
    // Without data the screen itself shows the state of the connection.
    ...(hasData ? [connectionBanner(connection, lastSyncAt, nowMs), serviceBanner(connection)] : []),
    newerBanner(connection),
    operationsBanner(sync, connection),
  ].filter((text) => text !== null);

  return (
    <div>
      {banners.map((text) =>
        text.id === 'connection' ? (
          <ConnectionBanner key={text.id} text={text} />
        ) : (
          <Banner
            key={text.id}
            {...text}
            action={
              text.id === 'operations' && (
                <SmallButton onClick={() => useUi.setState({ operationsListed: true })}>
                  {t('frame.showChanges')}
                </SmallButton>
              )
            }
            onDismiss={text.id === 'program' ? () => setProgramHidden(true) : null}
          />
        ),
      )}
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

/** Shows the state of the connection with the ways to repair it. */
function ConnectionBanner({ text }: { readonly text: BannerText }) {
  const connection = useMirror((mirror) => mirror.connection);
  const retrying = useCall(retryConnection);
  const failureText = useFailureText(retrying.failure);
  const { retry, token } = remediesOf(connection);
  return (
    <Banner
      {...text}
      message={failureText?.message ?? text.message}
      action={
        <>
          {retry !== null && (
            <SmallButton loading={retrying.pending} onClick={() => void retrying.run()}>
              {retry}
            </SmallButton>
          )}
          {token !== null && <SmallButton onClick={() => enterToken(token.url)}>{token.label}</SmallButton>}
        </>
      }
    />
  );
}

function NoticeAction({ notice }: { readonly notice: Notice }) {
  const keeping = useCall(() => bridge().calls.connection.keepToken());
  const adding = useCall(() => bridge().calls.desktop.change({ menuEntry: true }));
  if (notice.action === undefined) return null;
  const [label, call] =
    notice.action === 'keep_token' ? [t('frame.tryAgain'), keeping] : [t('frame.addIt'), adding];
  const act = async (): Promise<void> => {
    const outcome = await call.run();
    // The notice about the token disappears when the key store has answered; this one has to be dismissed.
    if (outcome?.ok === true && notice.action === 'add_to_menu') await dismissNotice(notice.id);
  };
  return (
    <SmallButton loading={call.pending} onClick={() => void act()}>
      {label}
    </SmallButton>
  );
}

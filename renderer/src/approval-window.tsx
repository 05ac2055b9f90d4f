import { useEffect, useState } from 'react';
import { bridge } from './bridge/bridge';
import type { AskedReview } from './bridge/page';
import classes from './approval-window.module.css';
import { SecretDialog } from './features/keys/index';
import { AccountLine } from './features/navigation/index';
import { ApprovalView } from './features/pending/index';

/** The small window that a notification opens. It shows one review; main may ask it to show another. */
export function ApprovalWindow({ first }: { readonly first: AskedReview }) {
  const [asked, setAsked] = useState(first);
  useEffect(
    () =>
      bridge().events.app.showReview(({ reviewId, accountId = null }) => setAsked({ reviewId, accountId })),
    [],
  );
  return (
    <div className={classes.window}>
      <AccountLine />
      <div className={classes.view}>
        <ApprovalView asked={asked} onShow={setAsked} />
      </div>
      <SecretDialog />
    </div>
  );
}

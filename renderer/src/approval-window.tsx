import { useEffect, useState } from 'react';
import { bridge } from './bridge/bridge';
import classes from './approval-window.module.css';
import { SecretDialog } from './features/keys/index';
import { AccountLine } from './features/navigation/index';
import { ApprovalView } from './features/pending/index';

/** The small window that a notification opens. It shows one review; main may ask it to show another. */
export function ApprovalWindow({ reviewId }: { readonly reviewId: string | null }) {
  const [shownId, setShownId] = useState(reviewId);
  useEffect(() => bridge().events.app.showReview(({ reviewId: wanted }) => setShownId(wanted)), []);
  return (
    <div className={classes.window}>
      <AccountLine />
      <div className={classes.view}>
        <ApprovalView reviewId={shownId} onShow={setShownId} />
      </div>
      <SecretDialog />
    </div>
  );
}

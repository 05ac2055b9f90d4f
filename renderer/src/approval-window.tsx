import { useEffect, useState } from 'react';
import { bridge } from './bridge/bridge';
import { SecretDialog } from './features/keys/index';
import { ApprovalView } from './features/pending/index';

/** The small window that a notification opens. It shows one review; main may ask it to show another. */
export function ApprovalWindow({ reviewId }: { readonly reviewId: string | null }) {
  const [shownId, setShownId] = useState(reviewId);
  useEffect(() => bridge().events.app.showReview(({ reviewId: wanted }) => setShownId(wanted)), []);
  return (
    <>
      <ApprovalView reviewId={shownId} onShow={setShownId} />
      <SecretDialog />
    </>
  );
}

import { VisuallyHidden } from '@mantine/core';
import { useEffect, useState } from 'react';
import { SECOND_MS } from '#shared/durations';
import { t } from '#shared/i18n/t';
import { useMirror } from '../../stores/mirror';
import { pendingReviews } from '../../stores/mirror-model';

/** Time in which new reviews are gathered, so that a flood is announced in one sentence. */
const GATHER_MS = 3 * SECOND_MS;

/** Announces new reviews to screen readers on every screen, without interrupting. */
export function NewsForReaders() {
  const [text, setText] = useState('');
  useEffect(() => {
    let known: ReadonlySet<string> | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const openIds = (): ReadonlySet<string> =>
      new Set(pendingReviews(useMirror.getState().reviews).map(({ id }) => id));
    const tell = (): void => {
      timer = undefined;
      const open = openIds();
      const fresh = [...open].filter((id) => known?.has(id) !== true).length;
      known = open;
      if (fresh > 0) setText(t('frame.newReviews', { count: fresh, open: open.size }));
    };
    const follow = (): void => {
      if (useMirror.getState().status !== 'ready') return;
      // Reviews that were open before the window are not announced.
      if (known === null) known = openIds();
      else timer ??= setTimeout(tell, GATHER_MS);
    };
    follow();
    const unsubscribe = useMirror.subscribe((state, before) => {
      if (state.reviews !== before.reviews || state.status !== before.status) follow();
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, []);
  return <VisuallyHidden role="status">{text}</VisuallyHidden>;
}

import { failed, type Outcome, succeeded } from '#shared/ipc/failure';
import { t } from '#shared/i18n/t';
import type { CoreContext } from './context';
import { resume } from './resume';

/** Lets the saved connection send its token to its plain address. `url` is the one that the person saw. */
export async function allowPlain(
  core: CoreContext,
  { url }: { readonly url: string },
): Promise<Outcome<undefined>> {
  const { profile, replica } = core;
  if (profile.read().service?.url !== url) {
    const message = t('refusals.otherAddress');
    return failed({ kind: 'invalid', code: 'invalid_url', field: 'url', message });
  }
  profile.update({ plainUrl: url });
  // Only a connection that waits for this answer is resumed; an open one stays as it is.
  if (replica.connection.kind === 'unauthorized') await resume(core);
  return succeeded(undefined);
}

import { z } from 'zod';
import type { CallRequest } from '#shared/ipc/derive';
import { type Outcome, succeeded } from '#shared/ipc/failure';
import { type SavedView, savedViewSchema } from '#shared/ipc/log';
import type { CoreContext } from './context';

const SETTING = 'log.views';
const viewsSchema = z.array(savedViewSchema);

/** Returns the saved views of the account's log. */
export function logViews({ replica }: Pick<CoreContext, 'replica'>): Outcome<SavedView[]> {
  return succeeded(replica.store?.settings.read(SETTING, viewsSchema) ?? []);
}

/** @throws Error of the disk if they could not be stored. */
export function keepLogViews(
  { replica }: Pick<CoreContext, 'replica'>,
  { views }: CallRequest<'log', 'keepViews'>,
): Outcome<undefined> {
  replica.store?.settings.write(SETTING, views);
  return succeeded(undefined);
}

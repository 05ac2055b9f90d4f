import { bridge } from './bridge';
import { settle } from './call';

/** Puts a text on the clipboard through main; the window itself may not. */
export const copyText = async (text: string): Promise<boolean> =>
  (await settle(() => bridge().calls.app.copyText({ text }))).ok;

import { bridge } from './bridge';
import { settle } from './call';

/** Copies through main, because the window may not use the clipboard. Resolves with true if the text was copied. */
export async function copyText(text: string): Promise<boolean> {
  return (await settle(() => bridge().calls.app.copyText({ text }))).ok;
}

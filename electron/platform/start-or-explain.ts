import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app, dialog } from 'electron';
import { t } from '#shared/i18n/t';
import { storageFailureOf } from '../core/store/storage-failure';
import { messageOf } from '../core/text';
import { isUnseen } from './unseen';

/** Runs the app's start. If it fails, names the reason and the folder on the terminal and in a dialog, and ends the app. */
export async function startOrExplain(folder: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const sentence = sentenceOf(error, folder);
    process.stderr.write(`${t('start.cannotStartBecause', { why: sentence })}\n`);
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => app.exit(1));
    if (!isUnseen()) await showDialog(sentence);
    app.exit(1);
  }
}

function sentenceOf(error: unknown, folder: string): string {
  const ofTheDisk = storageFailureOf(error);
  return ofTheDisk === undefined
    ? messageOf(error)
    : t('start.needsToWrite', { why: ofTheDisk.message, folder });
}

async function showDialog(sentence: string): Promise<void> {
  if (!app.isReady()) {
    // Chromium needs a writable folder even for a dialog.
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-'));
    app.setPath('userData', folder);
    app.setPath('sessionData', folder);
    await app.whenReady();
  }
  const title = t('start.cannotStart');
  await dialog.showMessageBox({ type: 'error', title, message: title, detail: sentence });
}

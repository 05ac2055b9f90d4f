import { MAX_IMPORT_BYTES } from '#shared/api/routes-import';
import { t } from '#shared/i18n/t';
import { type ImportOptions, NO_OPTIONS } from './options';

/** A file to import, as it is: the service reads whatever encoding it has. */
export interface ImportFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** In base64. */
  readonly data: string;
}

/** A list to import, and what holds for its lines. */
export interface ImportSource {
  readonly text: string;
  /** A name for a pasted text that is too long to be edited here. */
  readonly textName: string | null;
  readonly file: ImportFile | null;
  readonly options: ImportOptions;
  /** Why the last file was not taken. */
  readonly problem: string | null;
}

export const NO_SOURCE: ImportSource = {
  text: '',
  textName: null,
  file: null,
  options: NO_OPTIONS,
  problem: null,
};

/** Base64 is a third longer. */
const LARGEST_FILE_BYTES = (MAX_IMPORT_BYTES / 4) * 3 - 4_096;

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(file);
  });
}

/** Returns the source with the file in place of what was there. The file names the list, unless a person has named it. */
export async function withFile(source: ImportSource, file: File): Promise<ImportSource> {
  if (file.size > LARGEST_FILE_BYTES) {
    return { ...source, problem: t('ranges.fileTooLarge', { number: Math.floor(LARGEST_FILE_BYTES / 1e6) }) };
  }
  try {
    const { name, size } = file;
    const options = { ...source.options, name: source.options.name || name.slice(0, 100) };
    return { ...NO_SOURCE, options, file: { name, sizeBytes: size, data: await base64Of(file) } };
  } catch {
    return { ...source, problem: t('ranges.fileUnreadable', { name: file.name }) };
  }
}

export function isEmpty({ text, file }: ImportSource): boolean {
  return file === null && text.trim() === '';
}

import { Button, FileButton, Textarea } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { type ClipboardEvent, useState } from 'react';
import { MAX_IMPORT_BYTES } from '#shared/api/routes-import';
import { t } from '#shared/i18n/t';
import { Form, FormButtons } from '../../../ui/form';
import { FormError } from '../../../ui/form-error';
import classes from '../ranges.module.css';

/** A text area with more characters makes each key press slow. */
const MOST_TYPED = 200_000;

/** A list to import, typed or loaded from a file. */
export interface ImportSource {
  readonly text: string;
  /** Name of the file whose text is too long to be edited here; null for an editable text. */
  readonly name: string | null;
}

export const NO_SOURCE: ImportSource = { text: '', name: null };

interface ImportSourceFormProps {
  readonly source: ImportSource;
  readonly onChange: (source: ImportSource) => void;
  readonly onPreview: () => void;
  readonly onCancel: () => void;
  readonly pending: boolean;
  readonly message: string | null;
}

export function ImportSourceForm(props: ImportSourceFormProps) {
  const { source, onChange, onPreview, onCancel, pending, message } = props;
  const [fileProblem, setFileProblem] = useState<string | null>(null);
  const take = (next: ImportSource): void => {
    setFileProblem(null);
    onChange(next);
  };
  const readFile = async (file: File | null): Promise<void> => {
    if (file === null) return;
    if (file.size > MAX_IMPORT_BYTES) {
      setFileProblem(t('ranges.fileTooLarge', { number: MAX_IMPORT_BYTES / 2 ** 20 }));
      return;
    }
    try {
      take({ text: await file.text(), name: file.name });
    } catch {
      setFileProblem(t('ranges.fileUnreadable', { name: file.name }));
    }
  };
  const paste = (event: ClipboardEvent<HTMLTextAreaElement>): void => {
    const text = event.clipboardData.getData('text/plain');
    if (text.length <= MOST_TYPED) return;
    event.preventDefault();
    take({ text, name: t('ranges.pastedText') });
  };
  return (
    <Form onSubmit={onPreview}>
      {source.name === null ? (
        <Textarea
          label={t('ranges.importText')}
          description={t('ranges.importHelp')}
          placeholder={t('ranges.importExample')}
          rows={10}
          spellCheck={false}
          value={source.text}
          onPaste={paste}
          onChange={(event) => take({ text: event.currentTarget.value, name: null })}
          data-autofocus
        />
      ) : (
        <div className={classes.importFile}>
          <IconFileText size={18} aria-hidden />
          <span>{t('ranges.textLength', { name: source.name, number: source.text.length })}</span>
          <Button variant="default" onClick={() => take(NO_SOURCE)}>
            {t('ranges.typeInstead')}
          </Button>
        </div>
      )}
      <FormError message={fileProblem ?? message} />
      <FormButtons
        submit={t('ranges.preview')}
        pending={pending}
        disabled={source.text.trim() === ''}
        onCancel={onCancel}
      >
        <FileButton accept=".csv,.txt,text/csv,text/plain" onChange={(file) => void readFile(file)}>
          {(props) => (
            <Button {...props} variant="default" className={classes.atStart}>
              {t('ranges.chooseFile')}
            </Button>
          )}
        </FileButton>
      </FormButtons>
    </Form>
  );
}

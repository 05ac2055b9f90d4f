import { Button, FileButton, Textarea } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import type { ClipboardEvent } from 'react';
import { t } from '#shared/i18n/t';
import { Form, FormButtons } from '../../../ui/form';
import { FormError } from '../../../ui/form-error';
import classes from '../ranges.module.css';
import { ImportDrop } from './import-drop';
import { isComplete } from './options';
import { OptionsFields } from './options-fields';
import { type ImportSource, isEmpty, NO_SOURCE, withFile } from './source';

/** A text area with more characters makes each key press slow. */
const MOST_TYPED = 200_000;

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
  const { options } = source;
  const readFile = async (file: File | null): Promise<void> => {
    if (file !== null) onChange(await withFile(source, file));
  };
  const paste = (event: ClipboardEvent<HTMLTextAreaElement>): void => {
    const text = event.clipboardData.getData('text/plain');
    if (text.length <= MOST_TYPED) return;
    event.preventDefault();
    onChange({ ...NO_SOURCE, options, text, textName: t('ranges.pastedText') });
  };
  return (
    <Form onSubmit={onPreview}>
      <ImportDrop />
      {source.file === null && source.textName === null ? (
        <Textarea
          label={t('ranges.importText')}
          description={t('ranges.importHelp')}
          placeholder={t('ranges.importExample')}
          rows={6}
          spellCheck={false}
          value={source.text}
          onPaste={paste}
          onChange={(event) => onChange({ ...NO_SOURCE, options, text: event.currentTarget.value })}
          data-autofocus
        />
      ) : (
        <div className={classes.importFile}>
          <IconFileText size={18} aria-hidden />
          <span>{nameWords(source)}</span>
          <Button variant="default" onClick={() => onChange({ ...NO_SOURCE, options })}>
            {t('imports.other')}
          </Button>
        </div>
      )}
      <OptionsFields options={options} onChange={(changed) => onChange({ ...source, options: changed })} />
      <FormError message={source.problem ?? message} />
      <FormButtons
        submit={t('ranges.preview')}
        pending={pending}
        disabled={isEmpty(source) || !isComplete(options)}
        onCancel={onCancel}
      >
        <FileButton onChange={(file) => void readFile(file)}>
          {(button) => (
            <Button {...button} variant="default" className={classes.atStart}>
              {t('ranges.chooseFile')}
            </Button>
          )}
        </FileButton>
      </FormButtons>
    </Form>
  );
}

function nameWords({ file, text, textName }: ImportSource): string {
  if (file === null) return t('ranges.textLength', { name: textName ?? '', number: text.length });
  return t('imports.fileLength', { name: file.name, number: Math.ceil(file.sizeBytes / 1_000) });
}

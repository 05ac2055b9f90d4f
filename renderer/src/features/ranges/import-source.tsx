import { Button, FileButton, Textarea } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { type ClipboardEvent, useState } from 'react';
import { MAX_IMPORT_BYTES } from '#shared/api/routes-policy';
import { formatCount } from '#shared/words';
import { Form, FormButtons } from '../../ui/form';
import { FormError } from '../../ui/form-error';
import { TOO_LARGE } from './import-words';
import classes from './ranges.module.css';

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
      setFileProblem(TOO_LARGE);
      return;
    }
    try {
      take({ text: await file.text(), name: file.name });
    } catch {
      setFileProblem(`${file.name} could not be read.`);
    }
  };
  const paste = (event: ClipboardEvent<HTMLTextAreaElement>): void => {
    const text = event.clipboardData.getData('text/plain');
    if (text.length <= MOST_TYPED) return;
    event.preventDefault();
    take({ text, name: 'The pasted text' });
  };
  return (
    <Form onSubmit={onPreview}>
      {source.name === null ? (
        <Textarea
          label="Ranges to authorize"
          description="A line each: an address or range, then a label and an expiry behind commas if you like."
          placeholder={'198.51.100.7,Office\n203.0.113.0/24,"Partner, Berlin",2030-01-31T00:00:00Z'}
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
          <span>
            {source.name}, {formatCount(source.text.length)} characters
          </span>
          <Button variant="default" onClick={() => take(NO_SOURCE)}>
            Type instead
          </Button>
        </div>
      )}
      <FormError message={fileProblem ?? message} />
      <FormButtons
        submit="Preview"
        pending={pending}
        disabled={source.text.trim() === ''}
        onCancel={onCancel}
      >
        <FileButton accept=".csv,.txt,text/csv,text/plain" onChange={(file) => void readFile(file)}>
          {(props) => (
            <Button {...props} variant="default" className={classes.atStart}>
              Choose a file…
            </Button>
          )}
        </FileButton>
      </FormButtons>
    </Form>
  );
}

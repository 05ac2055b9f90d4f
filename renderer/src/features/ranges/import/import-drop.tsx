import { Portal } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { t } from '#shared/i18n/t';
import { useDrafts } from '../../../stores/drafts';
import { useUi } from '../../../stores/ui';
import classes from './import.module.css';
import { type ImportSource, NO_SOURCE, withFile } from './source';

function hasFile(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

async function open(file: File): Promise<void> {
  const source = (useDrafts.getState().import as ImportSource | undefined) ?? NO_SOURCE;
  useDrafts.setState({ import: await withFile(source, file) });
  useUi.setState({ importOpen: true });
}

/** Takes a file that is dropped anywhere on the screen, and opens the import with it. */
export function ImportDrop() {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setIsOver(true);
    };
    const leave = (event: DragEvent): void => {
      // Between two elements of the window there is a related one.
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent): void => {
      if (!hasFile(event)) return;
      event.preventDefault();
      setIsOver(false);
      const [file] = event.dataTransfer?.files ?? [];
      if (file !== undefined) void open(file);
    };
    const listeners = { dragenter: over, dragover: over, dragleave: leave, drop };
    for (const [name, listener] of Object.entries(listeners)) {
      window.addEventListener(name, listener as EventListener);
    }
    return () => {
      for (const [name, listener] of Object.entries(listeners)) {
        window.removeEventListener(name, listener as EventListener);
      }
    };
  }, []);
  if (!isOver) return null;
  return (
    <Portal>
      <div className={classes.drop}>
        <div>
          <IconFileImport size={28} stroke={1.6} aria-hidden />
          {t('imports.dropHere')}
        </div>
      </div>
    </Portal>
  );
}

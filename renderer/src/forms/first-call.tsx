import { Button } from '@mantine/core';
import { t } from '#shared/i18n/t';
import { copyText } from '../bridge/copy-text';
import { dismissWelcome } from '../stores/session';
import { CommandLine } from '../ui/command-line';
import { CopyButton } from '../ui/copy-button';
import classes from './first-call.module.css';

/** The command of a first try, until a person hides it. */
export function FirstCall({ curl }: { readonly curl: string }) {
  return (
    <>
      <CommandLine
        command={curl}
        copy={<CopyButton what={t('words.command')} onCopy={() => copyText(curl)} />}
      />
      <div className={classes.end}>
        <span>{t('words.commandHasSecret')}</span>
        <Button size="compact-xs" variant="subtle" onClick={() => void dismissWelcome()}>
          {t('words.hideForGood')}
        </Button>
      </div>
    </>
  );
}

import { Modal } from '@mantine/core';
import { t } from '#shared/i18n/t';
import { isMac } from '../../../bridge/page';
import classes from '../pending.module.css';

function keys(): readonly (readonly [key: string, action: string])[] {
  return [
    [t('pending.keyMove'), t('pending.keyMoveMeans')],
    ['⏎', t('pending.keyAuthorizeMeans')],
    ['D', t('pending.keyDenyMeans')],
    ['1 2 3 4', t('pending.keyDurationMeans')],
    ['U', t('pending.keyUndoMeans')],
    ['X', t('pending.keySelectMeans')],
    [t('pending.keySpan'), t('pending.keySpanMeans')],
    [isMac() ? '⌘ A' : t('pending.keyAll'), t('pending.keyAllMeans')],
    ['← →', t('pending.keyFoldMeans')],
    ['N', t('pending.keyNewMeans')],
    [t('pending.keyBack'), t('pending.keyBackMeans')],
  ];
}

interface KeysHelpProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function KeysHelp({ isOpen, onClose }: KeysHelpProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('pending.keysTitle')}>
      <p className={classes.keysIntro}>{t('pending.keysAct')}</p>
      <dl className={classes.keys}>
        {keys().map(([key, action]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{action}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}

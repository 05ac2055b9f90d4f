import { Button, CloseButton, Menu, Progress } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { EXPORT_FORMATS } from '#shared/domain/export-format';
import { t } from '#shared/i18n/t';
import { FailureMessage } from '../../forms/failure-message';
import { useLog } from '../../stores/log';
import { exportLog, putAwayExport, stopExport, useLogExport } from '../../stores/log-export';
import { useNow } from '../../ui/clock';
import { formatMoment } from '../../ui/format';
import { SmallButton } from '../../ui/small-button';
import classes from './log-export.module.css';

/** Writes the filtered rows of this computer to a file. */
export function ExportMenu() {
  const isRunning = useLogExport((state) => state.isRunning);
  return (
    <Menu position="bottom-end" shadow="md" hideDetached={false} transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={14} aria-hidden />} disabled={isRunning}>
          {t('log.exportMenu')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {EXPORT_FORMATS.map((format) => (
          <Menu.Item key={format} onClick={() => void exportLog(useLog.getState().filter, format)}>
            {t(`log.export_${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Says how far the export is, and how it ended. */
export function ExportLine() {
  const { isRunning, progress, ended } = useLogExport();
  const nowMs = useNow();
  if (isRunning) {
    return (
      <div className={classes.line} role="status">
        <span>
          {progress === null
            ? t('log.exportStarts')
            : t('log.exporting', { rows: progress.rows, count: progress.of })}
        </span>
        <Progress
          className={classes.bar ?? ''}
          value={progress === null ? 0 : (progress.rows / Math.max(1, progress.of)) * 100}
          aria-label={t('log.exportMenu')}
        />
        <SmallButton onClick={stopExport}>{t('log.stopExport')}</SmallButton>
      </div>
    );
  }
  if (ended === null) return null;
  return (
    <div className={classes.line} role={ended.ok ? 'status' : undefined}>
      {ended.ok ? (
        <span className={classes.words}>
          {t('log.exported', { count: ended.value.rows, path: ended.value.path })}{' '}
          {ended.value.completeFrom !== null &&
            t('log.exportedSince', { moment: formatMoment(ended.value.completeFrom, nowMs) })}
        </span>
      ) : (
        <span className={classes.words}>
          <FailureMessage failure={ended.failure} />
        </span>
      )}
      <CloseButton size="sm" aria-label={t('log.closeExport')} onClick={putAwayExport} />
    </div>
  );
}

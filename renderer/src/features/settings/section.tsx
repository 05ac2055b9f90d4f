import { type ReactNode, useEffect, useId, useRef } from 'react';
import { t } from '#shared/i18n/t';
import { type SettingsSection, useUi } from '../../stores/ui';
import classes from './settings.module.css';

interface SectionProps {
  readonly name: SettingsSection;
  readonly children: ReactNode;
}

export function Section({ name, children }: SectionProps) {
  const titleId = useId();
  const title = useRef<HTMLHeadingElement>(null);
  const isLedTo = useUi((ui) => ui.settingsSection === name);
  useEffect(() => {
    if (!isLedTo) return;
    title.current?.scrollIntoView();
    title.current?.focus({ preventScroll: true });
    useUi.setState({ settingsSection: null });
  }, [isLedTo]);
  return (
    <section className={classes.section} aria-labelledby={titleId}>
      <h2 ref={title} id={titleId} tabIndex={-1} className={classes.title}>
        {t(`settings.${name}`)}
      </h2>
      {children}
    </section>
  );
}

import { t } from '../i18n/t';
import { countryName } from '../words';
import type { Source } from './source';
import { SOURCE_PRESETS } from './source-presets';
import { subjectOf } from './source-spec';

/** Returns what a source reads, in words: `Amazon Web Services: S3, eu-west-1`. */
export function subjectWords(source: Pick<Source, 'kind' | 'spec'>): string {
  const subject = subjectOf(source);
  switch (subject?.kind) {
    case undefined:
      return t('sources.somethingNew');
    case 'dns':
      return subject.spec.name;
    case 'url':
      return subject.spec.url.replace(/^https?:\/\//, '');
    case 'preset': {
      const { preset, services, regions } = subject.spec;
      const name = preset === 'bots' ? t('sources.bots') : SOURCE_PRESETS[preset].name;
      const chosen = [...services, ...regions];
      return chosen.length === 0 ? name : t('sources.choice', { name, chosen: chosen.join(', ') });
    }
    case 'asn':
      return `AS${subject.spec.asn}`;
    case 'country':
      return countryName(subject.spec.country);
  }
}

/** Returns the label of a source, or what it reads. */
export function sourceName(source: Pick<Source, 'label' | 'kind' | 'spec'>): string {
  return source.label === '' ? subjectWords(source) : source.label;
}

import { Button, PasswordInput, SegmentedControl, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { NetworkChanges, NetworkSettings, NetworkState, ProxyChoice } from '#shared/ipc/network';
import { t } from '#shared/i18n/t';
import { bridge } from '../../bridge/bridge';
import { settle } from '../../bridge/call';
import { useCall } from '../../bridge/use-call';
import { fieldMessage, formMessage } from '../../domain/failures';
import { useFailureText } from '../../forms/failure-message';
import { useMirror } from '../../stores/mirror';
import { Form } from '../../ui/form';
import { FormError } from '../../ui/form-error';
import { Section } from './section';
import classes from './settings.module.css';

const PROXIES: readonly ProxyChoice[] = ['system', 'none', 'own'];

const FIELDS = ['address', 'exceptions', 'userName', 'password', 'authorityFile'];

export function NetworkSection() {
  const [state, setState] = useState<NetworkState | null>(null);
  const connection = useMirror((mirror) => mirror.connection);
  // The sentence about the route depends on the service in use.
  const serviceUrl = connection.kind === 'none' ? null : connection.service.url;
  useEffect(() => {
    let stopped = false;
    void settle(() => bridge().calls.network.state()).then((outcome) => {
      if (outcome.ok && !stopped) setState(outcome.value);
    });
    return () => {
      stopped = true;
    };
  }, [serviceUrl]);
  if (state === null) return null;
  return (
    <Section name="network">
      <div className={classes.choices}>
        <p className={classes.quiet}>
          {t('settings.networkFor')}
          {state.route !== null && ` ${state.route}`}
        </p>
        <NetworkForm state={state} onSaved={setState} />
      </div>
    </Section>
  );
}

interface NetworkFormProps {
  readonly state: NetworkState;
  readonly onSaved: (state: NetworkState) => void;
}

function NetworkForm({ state, onSaved }: NetworkFormProps) {
  const [draft, setDraft] = useState<NetworkSettings>(state.settings);
  const [password, setPassword] = useState('');
  const saving = useCall((changes: NetworkChanges) => bridge().calls.network.change(changes));
  const choosing = useCall(() => bridge().calls.network.chooseFile());
  const failureText = useFailureText(saving.failure ?? choosing.failure);
  const set = (changes: Partial<NetworkSettings>): void =>
    setDraft((current) => ({ ...current, ...changes }));
  const field = (name: 'address' | 'exceptions' | 'userName' | 'authorityFile') => ({
    value: draft[name],
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      set({ [name]: event.currentTarget.value }),
    error: fieldMessage(failureText, name),
    className: classes.choice ?? '',
    spellCheck: false,
    autoComplete: 'off',
  });
  const save = (): void => {
    void saving.run({ ...draft, ...(password === '' ? {} : { password }) }).then((outcome) => {
      if (outcome?.ok !== true) return;
      setPassword('');
      setDraft(outcome.value.settings);
      onSaved(outcome.value);
    });
  };

  return (
    <Form className={classes.choices} onSubmit={save}>
      <SegmentedControl
        aria-label={t('settings.proxy')}
        data={PROXIES.map((value) => ({ value, label: t(`settings.proxy_${value}`) }))}
        value={draft.proxy}
        onChange={(proxy) => set({ proxy })}
      />
      {draft.proxy === 'system' && <p className={classes.quiet}>{t('settings.proxyOfSystem')}</p>}
      {draft.proxy === 'own' && (
        <>
          <TextInput
            label={t('settings.proxyAddress')}
            placeholder="proxy.example.com:3128"
            {...field('address')}
          />
          <TextInput
            label={t('settings.proxyExceptions')}
            description={t('settings.proxyExceptionsHelp')}
            {...field('exceptions')}
          />
          <TextInput
            label={t('settings.proxyUser')}
            description={t('settings.proxyUserHelp')}
            {...field('userName')}
          />
          <PasswordInput
            label={t('settings.proxyPassword')}
            description={t(`settings.password_${state.password}`)}
            className={classes.choice ?? ''}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="off"
          />
        </>
      )}
      <TextInput
        label={t('settings.authorityFile')}
        description={t('settings.authorityFileHelp')}
        placeholder="/etc/ssl/company.pem"
        {...field('authorityFile')}
      />
      <FormError message={formMessage(failureText, FIELDS)} />
      <div className={classes.rowButtons}>
        <Button type="submit" loading={saving.pending}>
          {t('settings.saveNetwork')}
        </Button>
        <Button
          variant="default"
          loading={choosing.pending}
          onClick={() => {
            void choosing.run().then((outcome) => {
              if (outcome?.ok === true && outcome.value !== null) set({ authorityFile: outcome.value });
            });
          }}
        >
          {t('settings.chooseFile')}
        </Button>
      </div>
    </Form>
  );
}
